"""From an update to what is kept, the same for webhook and polling; a pressed button is answered at once."""

from __future__ import annotations

import asyncio
from hashlib import blake2b
from typing import TYPE_CHECKING

import msgspec
import structlog
from telegram.error import TelegramError

from bot.channels.telegram.inbound import arrival, pressed, replying, shared
from bot.channels.telegram.reactions import put
from bot.channels.telegram.staff import done, moved, person, shown
from bot.chat.addresses import Address, parse, private
from bot.chat.effects import RELAYED
from bot.chat.events import Message, Reacted, Tap
from bot.chat.people import TELEGRAM, User
from bot.service.step import Received
from bot.store.rows import Arrival
from bot.text.locales import negotiate

if TYPE_CHECKING:
    from telegram import Bot

    from bot.channels.telegram.inbound import Me, Press
    from bot.channels.telegram.menus import Menus
    from bot.channels.telegram.moves import Moves
    from bot.channels.telegram.reactions import Put
    from bot.channels.telegram.staff import Done, Shown
    from bot.flow.library import Library
    from bot.service.desk import Desk
    from bot.service.intake import Intake
    from bot.service.recall import Recall

_LOG = structlog.get_logger(__name__)


class Ingest:
    """Brings updates to `intake`, and those of staff to `desk`."""

    def __init__(
        self, bot: Bot, me: Me, moves: Moves, menus: Menus, recall: Recall, intake: Intake, desk: Desk, library: Library
    ) -> None:
        """`me` is the bot that `bot` speaks for; `library` and `recall` have the words that a press is answered with.

        `recall` knows what was passed on.

        `moves` knows the chat of the staff, `menus` what there is under their cards.
        """
        self._moves = moves
        self._menus = menus
        self._recall = recall
        self._library = library
        self.me = me
        self._bot = bot
        self._intake = intake
        self._desk = desk
        self._answering: set[asyncio.Task[None]] = set()

    async def take(self, raw: object) -> None:
        """Keep an update, parsed from JSON. Raises Busy and StoreError: then it is to be brought again."""
        me = self.me._replace(staff_chat=await self._moves.chat())
        if chat := moved(raw, me):
            await self._moves.follow(chat)
            return
        did, at, press, found = done(raw, me), shown(raw, me), pressed(raw), await self._heard(raw, me)
        words = await self._outdated(press, at, did) if press is not None and press.stale else ""
        refusal = await self._refusal(found)
        turns = at is not None and at.turns and did is None
        if turns and not await self._menus.admits():
            words = self._recall.staff_word("desk_press_again")
        if press is not None:
            # the telephone shows a spinner until then; whether it comes changes nothing else
            task = asyncio.create_task(self._answer(press, refusal or words))
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)
        if did is not None:
            if not words:
                await self._desk.bring(did.natives, did.event, did.about)
            await self._tidy(did, at, me.staff_chat)
            return
        if at is not None and turns:
            if not words:
                await self._menus.turn(at, at.data)
            return
        if found is not None and not refusal:
            await self._intake.submit(await self._replying(found, raw))
        for each in put(raw):
            await self._reacted(each, me)

    async def _heard(self, raw: object, me: Me) -> Arrival | None:
        """The arrival of an update. In a group, an album in which the bot was addressed is heard from there on."""
        part = shared(raw, me)
        if part is None:
            return arrival(raw, me)
        chat, album = part
        name = f"album:{blake2b(chat.encode(), digest_size=8).hexdigest()}"
        heard = await self._recall.landmarks.landmark(name) or ""
        found = arrival(raw, me, heard)
        if found is not None and heard != album:
            await self._recall.landmarks.set_landmark(name, album)
        return found

    async def _refusal(self, found: Arrival | None) -> str:
        """What to say of a button in a group that is not for whoever pressed it; "" for anything else."""
        received = found.payload if found is not None else None
        if found is None or not isinstance(received, Received) or not isinstance(received.event, Tap):
            return ""
        if private(parse(found.address)):
            return ""
        return await self._recall.refusal(found.address, received.event.token, received.user.id)

    async def _replying(self, found: Arrival, raw: object) -> Arrival:
        """The arrival with what its message replies to, if that was passed on."""
        received = found.payload
        about = replying(raw) if isinstance(received, Received) else ""
        if not about or not isinstance(received, Received) or not isinstance(received.event, Message):
            return found
        quoted = await self._recall.quoted(found.address, about, RELAYED)
        event = msgspec.structs.replace(received.event, quoted=quoted)
        return found._replace(payload=msgspec.structs.replace(received, event=event))

    async def _reacted(self, each: Put, me: Me) -> None:
        if each.chat == me.staff_chat:
            event = Reacted(each.key, each.emoji, person=person(each.user, me), taken=each.taken)
            await self._desk.react(each.message, event)
            return
        address = str(Address(TELEGRAM.name, me.id, each.chat))
        quoted = await self._recall.quoted(address, each.message)
        if quoted is not None:
            event = Reacted(each.key, each.emoji, quoted, taken=each.taken)
            received = Received(event, User(str(each.user.id), each.user.first_name), each.user.language_code)
            await self._intake.submit(Arrival(address, each.key, received))

    async def _tidy(self, did: Done, at: Shown | None, chat: str) -> None:
        """Close the menu in which something was done, and have a topic be as its case is."""
        if at is not None and at.in_menu and await self._menus.admits():
            await self._menus.turn(at)
        if did.shut is not None:
            await self._menus.settle(did, chat)

    async def _outdated(self, press: Press, at: Shown | None, did: Done | None) -> str:
        """What to say of a button that shows no more; "" where it is as good as ever, beside an open menu."""
        if at is not None and (did is not None or at.turns):
            return "" if did is None else await self._menus.outdated(at)
        locale = negotiate([press.language], self._library.languages)
        return self._library.word("already_answered", locale)

    async def _answer(self, press: Press, words: str) -> None:
        try:
            await self._bot.answer_callback_query(press.query, text=words or None, show_alert=bool(words))
        except TelegramError as error:
            _LOG.info("press_not_answered", error=type(error).__name__)
