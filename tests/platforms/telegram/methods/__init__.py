"""The methods of the Bot API that the stand-in imitates, one module for each concern."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.platforms.telegram.methods import chats, copying, editing, files, profile, receiving, sending, topics

if TYPE_CHECKING:
    from tests.platforms.telegram.call import Method


def methods() -> dict[str, Method]:
    """Each imitated method by its name."""
    rooms = (chats, copying, editing, files, profile, receiving, sending, topics)
    return {name: method for room in rooms for name, method in room.METHODS.items()}
