"""A message as somebody sees it now: later edits show, a deleted one is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.platforms.telegram.world import Chat
    from tests.platforms.wire import Json


class Shown:
    """A live view of one message in one chat."""

    def __init__(self, chat: Chat, number: int) -> None:
        self.chat = chat
        self.id = number
        self._last = chat.messages[number]

    @property
    def raw(self) -> Json:
        """The Bot API's Message as it is, or as it was when it was deleted."""
        self._last = self.chat.messages.get(self.id, self._last)
        return self._last

    @property
    def deleted(self) -> bool:
        """Whether it is gone."""
        return self.id not in self.chat.messages

    @property
    def text(self) -> str:
        """Its text or caption."""
        return str(self.raw.get("text", self.raw.get("caption", "")))

    @property
    def rows(self) -> list[list[Json]]:
        """Its inline buttons, row by row."""
        found: list[list[Json]] = self.raw.get("reply_markup", {}).get("inline_keyboard", [])
        return found

    @property
    def buttons(self) -> list[str]:
        """What its buttons say."""
        return [button["text"] for row in self.rows for button in row]

    @property
    def topic(self) -> int | None:
        """The topic it stands in."""
        number: int | None = self.raw.get("message_thread_id")
        return number

    def button(self, label: str) -> dict[str, Any]:
        """The button that says `label`. AssertionError when there is none."""
        found = next((each for row in self.rows for each in row if each["text"] == label), None)
        assert found is not None, f"no button {label!r}; there are {self.buttons} under {self.text!r}"
        return found

    def __repr__(self) -> str:
        return f"<Shown {self.id} {self.text!r} {self.buttons}>"
