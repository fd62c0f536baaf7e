"""`lint:` on a step: findings that its author has looked at and keeps, with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.flow.checks.view import Finding
from bot.flow.problems import quoted, suggest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.flow.checks.view import View, World

LOAD_BEARING: Final = frozenset(
    {
        "command-too-long",
        "duplicate-choice",
        "duplicate-command",
        "duplicate-step",
        "missing-pattern",
        "missing-wording",
        "token-collision",
        "unknown-flow",
        "unknown-lint",
        "unknown-name",
        "unknown-slot",
        "unreachable-human",
        "unresolved-target",
    }
)
"""Codes of what the engine could not run, and of what belongs to no step: nothing silences them."""

JUDGED: Final = frozenset(
    {
        "asked-once",
        "bad-translation",
        "choice-mismatch",
        "circular-call",
        "colliding-choices",
        "cycle-without-wait",
        "dead-end",
        "else-not-last",
        "far-handoff",
        "fuzzy-translation",
        "impossible-choice",
        "label-too-long",
        "label-with-value",
        "labels-alike",
        "markup-mismatch",
        "missing-else",
        "missing-translation",
        "never-set",
        "never-taken",
        "placeholder-mismatch",
        "rule-facts",
        "sensitive-in-summary",
        "shadows-command",
        "text-too-long",
        "unreachable-step",
        "unset-slot",
    }
)
"""Codes that a step may allow."""


def allowed(view: View) -> dict[int, frozenset[str]]:
    """By number of the step: the codes that it silences."""
    return {
        number: JUDGED.intersection(step.lint.allow)
        for number, step in enumerate(view.flow.steps)
        if step.lint is not None
    }


def codes(view: View, _: World) -> Iterator[Finding]:
    """What a step silences is a code that can be silenced."""
    for number, step in enumerate(view.flow.steps):
        for place, code in enumerate(step.lint.allow if step.lint is not None else ()):
            if code not in JUDGED:
                reason = "cannot be silenced" if code in LOAD_BEARING else "is no code of a proof"
                path = ("steps", number, "lint", "allow", place)
                yield Finding("unknown-lint", path, f"{quoted(code)} {reason}", suggest(code, JUDGED), "warning")
