"""What to tell the author of a script about a turn that did not go as expected."""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING, Any

from bot.scripts.expectations import BETWEEN
from bot.scripts.model import ACTIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.scripts.merchant import Heard
    from bot.scripts.model import Sheet


def explain(
    sheet: Sheet, file: str, case: int, channel: str, number: int, heard: Heard, failures: Sequence[tuple[str, str]]
) -> str:
    """The turn with its place, each expectation that was not met, and what the bot said; several lines."""
    written = sheet.tree.data["cases"][case]["turns"][number]
    lines = [f"{file}:{sheet.line(case, number)}: {channel}: {deed(written)}", ""]
    for key, failure in failures:
        first, *more = failure.split("\n")
        lines += [f"  {key}: {first}", *[f"    {line}" for line in more]]
    said = indent(BETWEEN.join(heard.texts) or "nothing", "    ")
    # where the exact words were expected they stand above already
    hint = "  `--update` takes the new text"
    words = [hint] if "bot" in dict(failures) else [f"  The bot said, {_standing(heard)}:", "", said]
    labels = ["", f"    {' '.join(f'[{label}]' for label in heard.buttons)}"] if heard.buttons else []
    return "\n".join([*lines, "", *words, *labels]).rstrip()


def deed(turn: dict[str, Any]) -> str:
    """What happens in a turn, as the file says it."""
    return ", ".join(f"{key}: {_short(value)}" for key, value in turn.items() if key in ACTIONS)


def _short(value: object) -> str:
    return f"[{', '.join(map(str, value))}]" if isinstance(value, list) else str(value)


def _standing(heard: Heard) -> str:
    status, stack = heard.session.status, heard.session.stack
    return f"{status} at {stack[-1].flow}.{stack[-1].step}" if stack and stack[-1].step else status
