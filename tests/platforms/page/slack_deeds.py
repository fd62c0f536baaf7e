"""What somebody does on the page in Slack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.platforms.slack import interactions
from tests.platforms.slack.modal import Modal
from tests.platforms.slack.shown import Shown, find_element

if TYPE_CHECKING:
    from tests.platforms.slack.channel import Channel
    from tests.platforms.slack.interaction import Interaction
    from tests.platforms.slack.person import Person
    from tests.platforms.wire import Json


class SlackDeeds:
    """One deed in one room; None is the direct messages with the app."""

    def __init__(self, person: Person, room: Channel | None, deed: Json) -> None:
        self._person, self._room, self._deed = person, room, deed

    async def perform(self) -> str:
        """Do it, and say what went wrong."""
        deeds = {
            "send": self._send,
            "upload": self._upload,
            "act": self._act,
            "submit": self._submit,
            "close": self._close,
            "home": self._person.open_home,
            "react": self._react,
        }
        return await deeds[self._deed["do"]]() or ""

    async def _send(self) -> str:
        text: str = self._deed["text"]
        if text.startswith("/"):
            command, _, rest = text.partition(" ")
            return await _taken(await self._person.slash(command, rest, channel=self._room))
        bot = self._person.workspace.installation.bot
        named = text.replace(f"@{bot.name}", f"<@{bot.id}>")
        await self._person.send(named, channel=self._room, thread=self._deed.get("thread"))
        return ""

    async def _upload(self) -> None:
        name, thread = self._deed["name"], self._deed.get("thread")
        await self._person.upload(name, self._deed["bytes"], channel=self._room, thread=thread)

    async def _act(self) -> str:
        place = self._view() if self._deed.get("view") else self._message()
        block, element = find_element(place.raw["blocks"], self._deed["block"], self._deed["action"])
        chosen: Json = {} if element["type"] == "button" else interactions.chosen(element, self._deed["value"])
        return await _taken(self._person.act(place, block, element, chosen))

    async def _submit(self) -> str:
        try:
            return await _taken(await self._person.submit(self._top(), self._deed["values"]))
        except AssertionError as missing:
            return str(missing)

    async def _close(self) -> None:
        await self._person.close(self._top())

    async def _react(self) -> None:
        await self._person.react(self._message(), self._deed["emoji"])

    def _top(self) -> Modal:
        views = self._person.server.views
        return Modal(views, views.stacks[self._person.user.id][-1])

    def _view(self) -> Modal:
        views, me = self._person.server.views, self._person.user.id
        known = [*views.stacks.get(me, []), *([views.homes[me]] if me in views.homes else [])]
        return Modal(views, next(each for each in known if each["id"] == self._deed["view"]))

    def _message(self) -> Shown:
        shown = self._person.messages(channel=self._room)
        return next(each for each in shown if each.id == self._deed["message"])


async def _taken(interaction: Interaction) -> str:
    answer = await interaction.answer()
    return "" if answer.taken else f"⚠ The app did not answer: {answer.reason}"
