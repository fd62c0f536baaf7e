"""Buttons as an inline keyboard: two columns where the labels are short."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.chat.effects import Button
from bot.chat.people import TELEGRAM

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST: Final = 100
"""Buttons under a message."""
SHORT: Final = 20
"""Code points of a label that two of which fit a row on a telephone."""


MENU: Final = "menu:"
"""What the callback data of a button begins with that opens its menu, before the button's token."""
BACK: Final = "menus"
"""The callback data of the button that closes it."""


def choices(buttons: Sequence[Button], data: str) -> tuple[Button, ...]:
    """What is shown after the button with that data was pressed: its menu and the way back; all, if it has none now."""
    for each in buttons:
        if each.menu and data == f"{MENU}{each.token}":
            return (*each.menu[: MOST - 1], Button(BACK, f"‹ {each.label}"))
    return tuple(buttons)


def tokens(buttons: Sequence[Button]) -> set[str]:
    """All that can be chosen, in menus, too."""
    return {token for each in buttons for token in (each.token, *tokens(each.menu)) if token}


def rows(buttons: Sequence[Button]) -> list[list[tuple[str, str]]]:
    """Rows of (label, callback data) for at most `MOST` buttons; what has no button can still be written."""
    keys = [
        (_label(f"{each.label} ▾"), f"{MENU}{each.token}") if each.menu else (_label(each.label), each.token)
        for each in buttons
        if each.token or each.menu
    ][:MOST]
    columns = 2 if keys and all(len(label) <= SHORT for label, _ in keys) else 1
    return [keys[start : start + columns] for start in range(0, len(keys), columns)]


def _label(label: str) -> str:
    """A label that Telegram takes: not empty, and not longer than it shows."""
    label = " ".join(label.split()) or "…"
    limit = TELEGRAM.label_limit
    return label if len(label) <= limit else label[: limit - 1].rstrip() + "…"
