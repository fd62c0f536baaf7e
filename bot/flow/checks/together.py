"""What flows owe to each other and to the engine: commands of their own, all repair patterns, all wordings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.flow.checks.view import Finding
from bot.flow.library import PATTERN, WORDS
from bot.flow.problems import quoted, suggest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.flow.checks.view import View, World


def commands(view: View, world: World) -> Iterator[Finding]:
    """No command starts two flows."""
    for number, trigger in enumerate(view.flow.triggers):
        flow, place = world.commands.get(trigger.command or "", (view.program.id, number))
        if (flow, place) != (view.program.id, number):
            message = f"`/{trigger.command}` already starts {quoted(flow)}"
            path = ("triggers", number, "command")
            yield Finding("duplicate-command", path, message, "give one of them another command")


def patterns(view: View, world: World) -> Iterator[Finding]:
    """Where there are repair patterns, there are all that the engine calls, and all wordings that it uses."""
    if view is not world.home:
        return
    known = [flow for flow in world.views if flow.startswith(PATTERN)]
    required = [f"{PATTERN}{name}" for name in world.patterns]
    for flow in (*required, *([WORDS] if world.words else ())):
        if flow not in world.views:
            message = f"the repair pattern {quoted(flow)} is missing"
            yield Finding("missing-pattern", ("flow",), message, suggest(flow, set(known) - set(required)))
    if view.program.id == WORDS:
        for name in world.words:
            if name not in view.flow.texts:
                message = f"the wording {quoted(name)} is missing, which the conversation needs"
                hint = suggest(name, view.flow.texts.keys() - set(world.words))
                yield Finding("missing-wording", ("texts",), message, hint, key=True)
