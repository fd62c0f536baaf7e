"""What to tell the author of a script about a turn that did not go as expected."""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING

from bot.scripts.expectations import BETWEEN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.scripts.merchant import Heard
    from bot.scripts.model import Sheet, Turn


def explain(
    sheet: Sheet, file: str, case: int, channel: str, number: int, heard: Heard, failures: Iterable[tuple[str, str]]
) -> str:
    """The turn with its place, each expectation that was not met, and what the bot said; several lines."""
    turn = sheet.script.cases[case].turns[number]
    lines = [f"{file}:{sheet.line(case, number)}: {channel}: {deed(turn)}", ""]
    for key, failure in failures:
        first, *more = failure.split("\n")
        lines += [f"  {key}: {first}", *[f"    {line}" for line in more]]
    lines += ["", f"  The bot{_standing(heard)} said:", "", indent(BETWEEN.join(heard.texts) or "(nothing)", "    ")]
    if heard.buttons:
        lines += ["", f"    {' '.join(f'[{label}]' for label in heard.buttons)}"]
    return "\n".join(lines)


def deed(turn: Turn) -> str:
    """What happens in a turn, as the script says it."""
    written = turn.model_dump(mode="json", include=turn.model_fields_set - set(turn.expected), exclude_none=True)
    return ", ".join(f"{key}: {_short(value)}" for key, value in written.items())


def _short(value: object) -> str:
    if isinstance(value, list):
        return str(value[0]) if len(value) == 1 else f"[{', '.join(map(str, value))}]"
    return str(value)


def _standing(heard: Heard) -> str:
    stack = heard.session.stack
    place = f", at {stack[-1].flow}.{stack[-1].step}," if stack else ""
    return place if heard.session.status == "active" else f"{place} ({heard.session.status})"
