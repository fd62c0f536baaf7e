"""What somebody does on the page in Telegram."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.platforms.telegram.group import Group
    from tests.platforms.telegram.person import Person
    from tests.platforms.telegram.shown import Shown
    from tests.platforms.wire import Json

PICTURES = (".png", ".jpg", ".jpeg", ".gif")


class TelegramDeeds:
    """One deed in one chat; None is the chat with the bot."""

    def __init__(self, person: Person, room: Group | None, deed: Json) -> None:
        self._person, self._room, self._deed = person, room, deed
        self._topic: int | None = deed.get("topic")

    async def perform(self) -> str:
        """Do it; a button press returns the notice that shows then."""
        deeds = {
            "send": self._send,
            "upload": self._upload,
            "press": self._press,
            "block": self._person.block,
            "unblock": self._person.unblock,
        }
        return await deeds[self._deed["do"]]() or ""

    async def _send(self) -> None:
        await self._person.send(self._deed["text"], group=self._room, topic=self._topic)

    async def _upload(self) -> None:
        name: str = self._deed["name"]
        kind = "photo" if name.lower().endswith(PICTURES) else "document"
        await self._person.upload(name, self._deed["bytes"], kind=kind, group=self._room, topic=self._topic)

    async def _press(self) -> str:
        return await (await self._person.press_data(self._message(), self._deed["data"])).answered()

    def _message(self) -> Shown:
        return next(each for each in self._person.messages(group=self._room) if each.id == self._deed["message"])
