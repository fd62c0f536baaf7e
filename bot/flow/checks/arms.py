"""Arms of a `next:` list that are never taken: what they ask for has gone another way before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.flow.checks.reads import comparisons
from bot.flow.checks.view import Finding
from bot.flow.model import Branch, Collect
from bot.flow.problems import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.flow.checks.view import View, World
    from bot.flow.expressions import Expression


def taken(view: View, _: World) -> Iterator[Finding]:
    """Every arm asks for an answer that is still there: no choice and no arm above leads all of them elsewhere."""
    for number, step in enumerate(view.flow.steps):
        gone: dict[str, set[Any]] = {}
        if isinstance(step, Collect):
            gone[step.collect] = {choice.id for choice in step.choices if choice.next}
        for place, arm in enumerate(step.next if isinstance(step.next, list) else ()):
            if not isinstance(arm, Branch):
                continue
            slot, values = _asked_for(arm.if_)
            if values and values <= gone.get(slot, set()):
                message = f"`{arm.if_.source}` is never true here: a choice or an arm above already leads elsewhere"
                hint = f"take it out, or take {', '.join(map(quoted, sorted(map(str, values))))} out above"
                yield Finding("never-taken", ("steps", number, "next", place, "if"), message, hint)
            gone.setdefault(slot, set()).update(values)


def _asked_for(condition: Expression) -> tuple[str, set[Any]]:
    """The slot and the answers of a condition that is nothing but one comparison; none for any other."""
    tree = condition.tree
    found = list(comparisons(tree))
    if len(found) == 1 and found[0].whole and found[0].equal and type(tree).__name__ in {"Compare", "Test"}:
        return found[0].slot, set(found[0].values)
    return "", set()
