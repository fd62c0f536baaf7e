"""The limits of a conversation, all of them, in one place. Passing one is logged and answered, never an exception."""

from __future__ import annotations

from typing import Final

STEPS_PER_TURN: Final = 100
FRAMES: Final = 25
"""Flows on the stack; repair patterns find room above them, so that a person can always be called."""

TURNS_PER_SESSION: Final = 500
UNDO_ENTRIES: Final = 100
MESSAGE_CHARS: Final = 8_000
"""Code points of a message that are looked at; the rest is cut before anything is stored."""

SEEN_KEYS: Final = 8
"""Event keys a session remembers by itself; the store remembers all of them."""

NAME_CHARS: Final = 255
"""Code points of the name of a file, or of a field of a form, as a channel sends it."""

FILES_PER_ANSWER: Final = 20
FILES_PER_SESSION: Final = 200
MESSAGES_REMEMBERED: Final = 30
"""Answers that were written and can be corrected by editing them."""

ANSWERS_LOST_WITHOUT_ASKING: Final = 3
"""Cancel and restart ask first when more answers than this would be lost."""
