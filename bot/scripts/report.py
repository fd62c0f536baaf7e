"""What to tell the author of a script about a turn that did not go as expected."""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING, Any

from bot.scripts.expectations import BETWEEN
from bot.scripts.model import ACTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.scripts.merchant import Heard
    from bot.scripts.model import Sheet


def explain(
    sheet: Sheet, file: str, case: int, channel: str, number: int, heard: Heard, failures: Iterable[tuple[str, str]]
) -> str:
    """The turn with its place, each expectation that was not met, and what the bot said; several lines."""
    written = sheet.tree.data["cases"][case]["turns"][number]
    lines = [f"{file}:{sheet.line(case, number)}: {channel}: {deed(written)}", ""]
    for key, failure in failures:
        first, *more = failure.split("\n")
        lines += [f"  {key}: {first}", *[f"    {line}" for line in more]]
    lines += ["", f"  The bot{_standing(heard)} said:", "", indent(BETWEEN.join(heard.texts) or "(nothing)", "    ")]
    if heard.buttons:
        lines += ["", f"    {' '.join(f'[{label}]' for label in heard.buttons)}"]
    return "\n".join(lines)


def deed(turn: dict[str, Any]) -> str:
    """What happens in a turn, as the file says it."""
    return ", ".join(f"{key}: {_short(value)}" for key, value in turn.items() if key in ACTIONS)


def _short(value: object) -> str:
    return f"[{', '.join(map(str, value))}]" if isinstance(value, list) else str(value)


def _standing(heard: Heard) -> str:
    stack = heard.session.stack
    place = f", at {stack[-1].flow}.{stack[-1].step}," if stack else ""
    return place if heard.session.status == "active" else f"{place} ({heard.session.status})"
