"""Buttons as an inline keyboard: two columns where the labels are short."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.chat.people import TELEGRAM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.chat.effects import Button

MOST: Final = 100
"""Buttons under a message."""
SHORT: Final = 20
"""Code points of a label that two of which fit a row on a telephone."""


def rows(buttons: Sequence[Button]) -> list[list[tuple[str, str]]]:
    """Rows of (label, callback data) for at most `MOST` buttons; what has no button can still be written."""
    keys = [(_label(each.label), each.token) for each in buttons if each.token][:MOST]
    columns = 2 if keys and all(len(label) <= SHORT for label, _ in keys) else 1
    return [keys[start : start + columns] for start in range(0, len(keys), columns)]


def _label(label: str) -> str:
    """A label that Telegram takes: not empty, and not longer than it shows."""
    label = " ".join(label.split()) or "…"
    limit = TELEGRAM.label_limit
    return label if len(label) <= limit else label[: limit - 1].rstrip() + "…"
