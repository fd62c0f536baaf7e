"""The methods of the Web API that the stand-in imitates, one module for each concern."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.platforms.slack.methods import assistant, chat, conversations, files, marks, people, views

if TYPE_CHECKING:
    from tests.platforms.slack.call import Method


def methods() -> dict[str, Method]:
    """Each imitated method by its name."""
    rooms = (assistant, chat, conversations, files, marks, people, views)
    return {name: method for room in rooms for name, method in room.METHODS.items()}
