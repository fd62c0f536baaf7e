"""How long the parts of a question may be where a channel shortens them: told by the path of a text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.chat.people import CONSOLE, LIMITS, SLACK, TELEGRAM

if TYPE_CHECKING:
    from collections.abc import Mapping

CHANNELS: Final = (CONSOLE, SLACK, TELEGRAM)

_BUTTON: Final = {each.name: each.label_limit for each in CHANNELS if each.label_limit}
_HEADING: Final = {each.name: LIMITS[each.name].title for each in CHANNELS if LIMITS[each.name].title}
_NOTHING: Final[Mapping[str, int]] = {}


def limits_of(context: str) -> Mapping[str, int]:
    """By channel: the code points of a button or of a form's heading; nothing for a text of any other kind.

    `context` is the text's path, such as `help_us_help_you.platform.magento2.label`.
    """
    _, step, *inside = context.split(".")
    if not inside or step in {"slots", "triggers", "texts"}:
        return _NOTHING
    if inside[-1] in {"label", "accept"}:
        return _BUTTON
    return _HEADING if inside in (["title"], ["submit"]) else _NOTHING
