"""What people can do on both platforms, so that a scenario runs on either."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Shown(Protocol):
    """A message as somebody sees it now: later edits show."""

    @property
    def text(self) -> str:
        """What there is to read."""

    @property
    def buttons(self) -> list[str]:
        """What its buttons say."""

    @property
    def deleted(self) -> bool:
        """Whether it is gone."""


class Pressed(Protocol):
    """A button that was pressed."""

    async def answered(self) -> str:
        """The notice of the answer, mostly empty; waits for the answer."""


S = TypeVar("S", bound=Shown)


class Person(Protocol[S]):
    """Somebody in the private chat with the bot."""

    async def send(self, text: str) -> S:
        """Write a text."""

    async def upload(self, name: str, data: bytes) -> S:
        """Send a file."""

    async def edit(self, message: S, text: str) -> None:
        """Change a text of one's own."""

    async def press(self, message: S, label: str) -> Pressed:
        """Press a button."""

    async def next_message(self) -> S:
        """The bot's next message; waits for it."""

    async def until(self, look: Callable[[], T | None], hope: str) -> T:
        """What `look` returns once that is neither None nor False; waits for it."""

    def messages(self) -> list[S]:
        """Everything that the chat shows now."""
