"""The proofs: what is wrong in flows that are well-formed, found before anybody talks to them.

A proof is a function of one flow and the world it lives in. It yields findings; here they get their place in the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.flow.checks import (
    answers,
    arms,
    assigned,
    collisions,
    distance,
    facts,
    limits,
    lint,
    loops,
    names,
    reach,
    steps,
    together,
    translations,
)
from bot.flow.checks.doubts import follows
from bot.flow.checks.view import World
from bot.flow.loader import without_collections
from bot.flow.problems import in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from bot.flow.checks.view import Finding, View
    from bot.flow.loader import Loaded
    from bot.flow.problems import Problem

__all__ = ["check", "proofs"]

_PROOFS: Final[tuple[Callable[[View, World], Iterator[Finding]], ...]] = (
    steps.ids,
    steps.tokens,
    steps.branches,
    steps.choices,
    steps.labels,
    names.targets,
    names.flows,
    names.slots,
    names.expressions,
    reach.steps,
    reach.human,
    loops.steps,
    loops.calls,
    arms.taken,
    distance.handoffs,
    assigned.slots,
    answers.comparable,
    answers.private,
    together.commands,
    together.patterns,
    collisions.choices,
    translations.texts,
    facts.rules,
    limits.texts,
    limits.labels,
    limits.headings,
    limits.commands,
    lint.codes,
)


def check(loaded: Loaded, patterns: Collection[str] = (), words: Collection[str] = ()) -> tuple[Problem, ...]:
    """Every problem of the files, in their order: those that reading them found, and what the proofs say.

    `patterns` are the repair patterns that the engine needs (without their prefix) and `words` the wordings that it
    uses; both are only asked for where there is a repair pattern at all. Proofs about a flow's graph are left out for
    a flow whose steps or targets are wrong. Nothing raises, whatever the flows say.
    """
    with without_collections():
        world = World(loaded, patterns, words)
        return in_order([*loaded.problems, *proofs(world, world.views)])


def proofs(world: World, flows: Iterable[str]) -> Iterator[Problem]:
    """What the proofs say of these flows; it does not depend on what they say of others."""
    for flow in flows:
        yield from _of(world.views[flow], world)


def _of(view: View, world: World) -> Iterator[Problem]:
    silenced = lint.allowed(view)
    for proof in _PROOFS:
        for found in proof(view, world):
            if world.in_doubt and follows(found, view, world):
                continue
            number = found.path[1] if found.path[0] == "steps" and len(found.path) > 1 else -1
            if not isinstance(number, int) or found.code not in silenced.get(number, ()):
                code, path, message, hint, severity, key = found
                yield view.source.tree.problem(code, path, message, hint, severity, key=key)
