"""What proofs may not say of a flow that was mended: whatever might only follow from what its author has to mend.

A mended flow has doubts: places where something else was meant than what the proofs see there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bot.flow.checks.view import Finding, View, World
    from bot.flow.reader import Path

_HARMLESS: Final = frozenset(
    {
        "accept",
        "after",
        "budget",
        "description",
        "expire_after",
        "hint",
        "invalid",
        "label",
        "lint",
        "max",
        "max_attempts",
        "max_chars",
        "min",
        "pattern",
        "priority",
        "prompt",
        "queue",
        "reprompt",
        "say",
        "staff_label",
        "submit",
        "synonyms",
        "text",
        "texts",
        "title",
        "version",
        "why",
        "words",
    }
)
"""Keys whose values neither lead anywhere nor hold answers."""

_NAMES: Final = frozenset({"unknown-lint", "unknown-name", "unknown-slot", "unresolved-target"})
"""Codes of a single name that is looked up in the flow: right or wrong, whatever else is in doubt at its step."""

_ANSWERS: Final = frozenset({"choice-mismatch", "impossible-choice", "never-set", "unset-slot"})
"""Codes of what can be known about a slot at some place, which depends on every step and on who calls the flow."""


def decides(doubt: Path) -> bool:
    """Whether something in doubt may decide where a flow leads or which answers it has."""
    return next((part for part in reversed(doubt) if isinstance(part, str)), "") not in _HARMLESS


def follows(found: Finding, view: View, world: World) -> bool:
    """Whether a finding may follow from what is in doubt, here or in other flows."""
    code, path, doubts = found.code, found.path, view.source.doubts
    if any(path[:length] in doubts for length in range(1, len(path) + 1)):
        return True
    if code == "unresolved-target":
        return any(doubt == ("steps",) or (doubt[0] == "steps" and doubt[2:] == ("id",)) for doubt in doubts)
    if code in {"unknown-flow", "missing-pattern"}:
        return not world.whole
    if code == "unknown-slot":
        return any(("slots",) in each.source.doubts for each in world.views.values())
    deciding = [doubt for doubt in doubts if decides(doubt)]
    if code in _ANSWERS and (deciding or view.program.id in world.doubtful):
        return True
    return code not in _NAMES and any(doubt[:2] == path[:2] for doubt in deciding)
