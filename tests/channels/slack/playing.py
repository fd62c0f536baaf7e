"""Conversation scripts on the stand-in: a person says and presses what a script says, and sees what the engine says.

What is expected is what the pure engine gives for the same script: message for message, in their order, with the same
choices below them, and every answered question edited in place. So one script proves the whole way, there and back.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from bot.channels.slack.commands import spelt
from bot.channels.slack.content import content, edited
from bot.channels.slack.parts import parts
from bot.chat.effects import Ask, Edit, Say
from bot.chat.people import SLACK
from bot.scripts.merchant import Merchant
from tests.channels.scripted import Playing, is_banner, unreferenced
from tests.platforms.slack.blocks import elements, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.channels.slack.content import Content
    from bot.chat.effects import Button, Effect
    from bot.flow.library import Library
    from bot.scripts.model import Case, Turn
    from bot.text.nodes import Document
    from tests.channels.slack.outgoing import Desk
    from tests.platforms.slack.person import Person
    from tests.platforms.slack.shown import Shown
    from tests.platforms.wire import Json


class Key(NamedTuple):
    """Something to press, as it was when it was shown: it may be gone by now, but not from somebody's screen."""

    shown: Shown
    block: Json
    element: Json
    chosen: Json


def playable(case: Case) -> bool:
    """Whether people can do on Slack what the script says: there are no stickers, contacts or places to be sent."""
    return SLACK.name in case.channels and all(turn.kind is None for turn in case.turns)


class Player(Playing):
    """A person who plays one case, in their direct messages with the app."""

    def __init__(self, person: Person, desk: Desk, library: Library, case: Case) -> None:
        """`case` is played by the name of `person`, whom Slack introduces."""
        self._person = person
        self._desk = desk
        case = msgspec.structs.replace(case, name=person.user.name)
        super().__init__(Merchant(library, case, SLACK.name), case)
        self._keys: dict[str, Key] = {}
        self._asked: dict[str, tuple[Shown, Ask]] = {}
        self._again: Any = None

    async def _do(self, turn: Turn) -> None:
        person = self._person
        match turn.action:
            case "tap":
                key = self._keys[self._pressed(turn)]
                interaction = person.act(key.shown, key.block, key.element, key.chosen)
                await interaction.answered()
                payload = interaction.payload
                self._again = lambda: person.server.interact("interactive", "block_actions", payload).answered()
            case "wait":
                self._desk.ahead_ms += int(timedelta(seconds=turn.wait or 0) / timedelta(milliseconds=1))
            case "submit":
                await self._fill_in(turn.submit or {})
            case "duplicate":
                await self._again()
            case "user" if not (turn.file or turn.files):
                await person.send((turn.user or ("",))[0])
                self._again = self._repeat
            case _:
                first, *more = [*(turn.file or ()), *(turn.files or ())]
                caption = (turn.user or ("",))[0]
                await person.upload(first, b"bytes", caption=caption, more=dict.fromkeys(more, b"bytes"))
                self._again = self._repeat

    async def _fill_in(self, values: dict[str, str | list[str]]) -> None:
        """Open the form of the last question, and send it with these values, by slot."""
        shown, ask = list(self._asked.values())[-1]
        assert ask.form is not None
        await self._person.press(shown, ask.form.title)
        modal = await self._person.next_modal()
        await self._person.until(lambda: modal.labels or None, "the modal has its inputs")
        fields = {plain(block["label"]): block for block in modal.raw["blocks"] if block["type"] == "input"}
        labels = {field.slot: dict(field.choices) for field in ask.form.fields}

        def named(slot: str, value: str | list[str]) -> Any:
            several = [labels[slot].get(each, each) for each in ([value] if isinstance(value, str) else value)]
            return several if isinstance(value, list) else several[0]

        filled = {name: named(block["block_id"], values[block["block_id"]]) for name, block in fields.items()}
        await (await self._person.submit(modal, filled)).answered()

    async def _repeat(self) -> None:
        """Have Slack deliver the last message once more, as it does when it believes that nobody heard."""
        server = self._person.server
        server.spawn_delivery("message", server.wire.deliveries("message")[-1].arguments)

    def _pressed(self, turn: Turn) -> str:
        """The token that the engine was just given."""
        event: Any = self._engine._last
        assert turn.tap is not None
        return str(event.token)

    async def _see(self, effect: Effect) -> None:
        """Wait for what the effect shows, and compare."""
        for part in parts(effect):
            if isinstance(part, (Say, Ask)):
                found = content(msgspec.structs.replace(part, document=self._spelt(part.document)))
                if isinstance(part, Ask) and part.form is not None and part.form.errors:
                    shown, wanted = self._asked[part.ref][0], plain(found.blocks)
                    await self._person.until(lambda s=shown, w=wanted: s.text == w, "the form says what is wrong")  # type: ignore[misc]
                else:
                    shown = await self._person.next_message()
                    while is_banner(shown.text) or (self.beside and not _same(shown, found)):
                        shown = await self._person.next_message()
                assert _same(shown, found), f"it is {shown.text!r}, not {plain(found.blocks)!r}"
                self._offer(shown, part.buttons)
                if isinstance(part, Ask):
                    self._asked[part.ref] = (shown, part)
            elif isinstance(part, Edit):
                shown, asked = self._asked[part.ref]
                wanted = plain(edited(self._spelt(asked.document), part).blocks)
                await self._person.until(lambda s=shown, w=wanted: s.text == w, f"the question reads {wanted!r}")  # type: ignore[misc]
                self._offer(shown, part.buttons)

    def _spelt(self, document: Document) -> Document:
        return spelt(document, self._desk.recall.commands, threaded=False)

    def _offer(self, shown: Shown, buttons: tuple[Button, ...]) -> None:
        """Remember what can be pressed below a message; it is what the engine offers, in its order."""
        keys = list(_keys(shown))
        assert [label for label, _ in keys] == [" ".join(each.label.split()) for each in buttons]
        self._keys |= {each.token: key for each, (_, key) in zip(buttons, keys, strict=True)}


def _same(shown: Shown, wanted: Content) -> bool:
    """Whether a message says that, in its blocks and beside them."""
    said = (unreferenced(shown.text), unreferenced(shown.raw["text"]))
    return said == (unreferenced(plain(wanted.blocks)), unreferenced(wanted.text))


def _keys(shown: Shown) -> Iterator[tuple[str, Key]]:
    """Everything that can be pressed or picked below a message, by its label."""
    for block in shown.raw.get("blocks", []):
        for element in elements(block):
            if element["type"] == "button":
                yield element["text"]["text"], Key(shown, block, element, {})
            groups = element.get("option_groups", [{"options": element.get("options", [])}])
            for option in (each for group in groups for each in group["options"]):
                yield option["text"]["text"], Key(shown, block, element, {"selected_option": option})
