"""Conversation scripts on the stand-in: a person says and presses what a script says, and sees what the engine says.

What is expected is what the pure engine gives for the same script: message for message, in their order, with the same
choices below them, and every answered question edited in place.
"""

from __future__ import annotations

from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import msgspec

from bot.channels.telegram.keyboards import rows
from bot.channels.telegram.parts import parts
from bot.channels.telegram.rendering import rendered
from bot.chat.effects import Ask, Edit, Say
from bot.chat.people import TELEGRAM
from bot.scripts.merchant import Merchant
from tests.channels.scripted import Playing, is_banner, unreferenced

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.chat.effects import Button, Effect
    from bot.flow.library import Library
    from bot.scripts.model import Case, Turn
    from tests.platforms.telegram.person import Person
    from tests.platforms.telegram.shown import Shown

KINDS: Final[Mapping[str, Mapping[str, Any]]] = MappingProxyType(
    {
        "sticker": {
            "sticker": {
                "file_id": "CAACAgQ",
                "file_unique_id": "AgQ",
                "type": "regular",
                "width": 512,
                "height": 512,
                "is_animated": False,
                "is_video": False,
            }
        },
        "voice": {"voice": {"file_id": "AwACAgQ", "file_unique_id": "AgR", "duration": 3}},
        "contact": {"contact": {"phone_number": "+31201234567", "first_name": "Ana"}},
        "location": {"location": {"latitude": 52.37, "longitude": 4.89}},
    }
)
"""What has no words, as a message has it."""


def playable(case: Case) -> bool:
    """Whether people can do on Telegram what the script says: a message has words or a file, and comes once."""
    return TELEGRAM.name in case.channels and all(
        turn.action != "duplicate"
        and all(each.strip() for each in turn.user or ())
        and len([*(turn.file or ()), *(turn.files or ())]) <= 1
        and (turn.kind is None or turn.kind in KINDS)
        for turn in case.turns
    )


class Player(Playing):
    """A person who plays one case in their chat with the bot; `ahead` moves the service's clock by milliseconds."""

    def __init__(self, person: Person, library: Library, case: Case, ahead: Callable[[int], None]) -> None:
        """`case` is played by the name of `person`, whom Telegram introduces."""
        self._person = person
        self._ahead = ahead
        case = msgspec.structs.replace(case, name=person.user.first_name)
        super().__init__(Merchant(library, case, TELEGRAM.name), case)
        self._keys: dict[str, tuple[Shown, str]] = {}
        """By the engine's token: the message that showed the button, and its data there."""
        self._asked: dict[str, tuple[Shown, Ask]] = {}

    async def _do(self, turn: Turn) -> None:
        person = self._person
        words = (turn.user or ("",))[0]
        match turn.action:
            case "tap":
                event: Any = self._engine._last
                await (await person.press_data(*self._keys[event.token])).answered()
            case "wait":
                self._ahead(int(timedelta(seconds=turn.wait or 0) / timedelta(milliseconds=1)))
            case "kind":
                await person.say(**KINDS[turn.kind or ""])
            case _ if names := [*(turn.file or ()), *(turn.files or ())]:
                await person.upload(names[0], b"bytes", caption=words)
            case _:
                await person.send(words)

    async def _see(self, effect: Effect) -> None:
        """Wait for what the effect shows, and compare."""
        for part in parts(effect):
            if isinstance(part, (Say, Ask)):
                wanted = unreferenced(rendered(part.document).text)
                shown = await self._person.next_message()
                # a question may have been answered, and edited, before anybody looks; its own words stay
                while is_banner(shown.text) or (self.beside and not unreferenced(shown.text).startswith(wanted)):
                    shown = await self._person.next_message()
                assert unreferenced(shown.text).startswith(wanted)
                self._offer(shown, part.buttons)
                if isinstance(part, Ask):
                    self._asked[part.ref] = (shown, part)
            elif isinstance(part, Edit):
                shown, asked = self._asked[part.ref]
                wanted = rendered((*asked.document, *part.document)).text
                await self._person.until(lambda s=shown, w=wanted: s.text == w, f"the question reads {wanted!r}")  # type: ignore[misc]
                self._offer(shown, part.buttons)

    def _offer(self, shown: Shown, buttons: tuple[Button, ...]) -> None:
        """Remember what can be pressed below a message; it is what the engine offers, in its order."""
        keys = [(each["text"], each["callback_data"]) for row in shown.rows for each in row]
        assert [label for label, _ in keys] == [label for row in rows(buttons) for label, _ in row]
        self._keys |= {each.token: (shown, data) for each, (_, data) in zip(buttons, keys, strict=True)}
