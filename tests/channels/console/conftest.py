"""What the tests of the console share: a flow with every kind of question, a clock to set, a screen of text."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest

from bot.channels.console.conversation import Conversation
from bot.channels.console.loop import Console
from bot.channels.console.rendering import PlainScreen
from bot.chat.people import CONSOLE, User
from bot.engine.session import start
from bot.flow.loader import load

if TYPE_CHECKING:
    from bot.flow.library import Library

HERE = Path(__file__).parent
PATTERNS = HERE.parents[2] / "flows" / "patterns.yaml"


class Clock:
    """Stands still unless it is told to go on."""

    def __init__(self) -> None:
        """Monday morning."""
        self.now = datetime(2026, 1, 5, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.now

    def forward(self, **time: float) -> None:
        """Let time pass."""
        self.now += timedelta(**time)


class Talk:
    """A console whose screen is a text: `talk("/start", "1")` is what the last of these lines brought about."""

    def __init__(self, library: Library, *, flow: str = "shop", locale: str = "en", staff_locale: str = "en") -> None:
        """Begin a conversation in which nothing has been said yet."""
        seeds = count()
        self.clock = Clock()
        self.stream = io.StringIO()
        session = start(
            id="console", flow=flow, user=User("console", "Sam"), channel=CONSOLE, locale=locale, now=self.clock()
        )
        self.conversation = Conversation(library, session, self.clock, lambda: str(next(seeds)))
        self.console = Console(self.conversation, PlainScreen(self.stream), staff_locale)

    def __call__(self, *lines: str) -> str:
        """Take lines; what the last one brought about."""
        shown = 0
        for line in lines:
            shown = len(self.stream.getvalue())
            self.console.take(line)
        return self.stream.getvalue()[shown:]


Talks: TypeAlias = Callable[..., Talk]


@pytest.fixture(scope="session")
def library() -> Library:
    """The sample flow and the shipped repair patterns."""
    return load([PATTERNS, HERE / "flows"], HERE / "locales").library()


@pytest.fixture
def talks(library: Library) -> Talks:
    """Begin conversations."""

    def begin(**options: str) -> Talk:
        return Talk(library, **options)

    return begin


@pytest.fixture
def talk(talks: Talks) -> Talk:
    """A conversation in English."""
    return talks()
