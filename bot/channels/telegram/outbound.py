"""What goes out: effects as calls of the Bot API.

Telegram has no key by which a message that may have been sent could be found again. A question and an edit are sent
again then, because without them the conversation stands still; any other text becomes uncertain.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeGuard

import msgspec
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.channels.apart import unavailable
from bot.channels.telegram import topics
from bot.channels.telegram.albums import album
from bot.channels.telegram.altering import alter
from bot.channels.telegram.failures import meaning, not_there, shut, topic_closed, topic_gone, unchanged
from bot.channels.telegram.files import Ready, brought, known, send
from bot.channels.telegram.parts import CARRIER, parts
from bot.channels.telegram.posting import NO_PREVIEW, entities, keyboard, replace, topic_link, write
from bot.channels.telegram.rendering import LIMIT, chunks, rendered
from bot.channels.telegram.staff import TOPIC
from bot.channels.telegram.topics import Topics
from bot.chat.addresses import parse
from bot.chat.effects import (
    Ask,
    Card,
    Edit,
    Entrust,
    Mark,
    Notice,
    OpenCase,
    Overview,
    React,
    Relay,
    Remove,
    Rewrite,
    Say,
    echoed,
    of_person,
)
from bot.chat.events import File
from bot.chat.people import TELEGRAM
from bot.chat.places import NOWHERE, native
from bot.service.outgoing import FIRST_CARD
from bot.service.overview import FILE
from bot.service.port import Later, Lost, Rate, Refused, Shut
from bot.text.nodes import paragraph
from bot.text.split import utf16_units

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from telegram import Bot

    from bot.channels.telegram.moves import Moves
    from bot.chat.addresses import Address
    from bot.chat.effects import Effect
    from bot.chat.places import Places
    from bot.service.port import Files
    from bot.service.recall import Recall
    from bot.store.rows import Delivery

Sendable = Say | Ask | Edit | OpenCase | Relay | Notice | Rewrite | Card | Mark | React | Remove | Entrust | Overview

_DECODER: Final = msgspec.json.Decoder(Sendable)
MARKS: Final = {"note": "✍", "queued": "👀", "sent": "👍", "refused": "👎", "uncertain": "🤔", "undone": "✍"}
"""Reactions that Telegram lets a bot choose from, for what became of a message of staff."""
RECEIVED: Final = "👀"
"""The one for what a merchant wrote, when the staff have it."""
_REPEATED: Final = frozenset(
    {"ask", "edit", "card", FIRST_CARD, "rewrite", "mark", "react", "remove", "entrust", "overview"}
)
_NO_FILES: Final[Mapping[str, Files]] = MappingProxyType({})


class TelegramChannel:
    """The bot `account` as a channel of the service."""

    def __init__(
        self,
        bot: Bot,
        account: str,
        recall: Recall,
        moves: Moves,
        files: Mapping[str, Files] = _NO_FILES,
        staff: Places = NOWHERE,
    ) -> None:
        """`recall` finds the words of questions and cases, `moves` the staff's group.

        `files` are where the files of people are, by the name of the channel they came by; `staff` as in `Routes`.
        """
        self._files_of = files
        self._staff = staff
        self.carrier = CARRIER.format(account=account)
        self._bot = bot
        self._recall = recall
        self.topics = Topics(bot, recall)
        self._moves = moves

    def parts(self, effect: Effect) -> Sequence[Effect]:
        """See `parts`."""
        return parts(effect)

    def rates(self, destination: Address) -> Sequence[Rate]:
        """See `Channel.rates`: https://core.telegram.org/bots/faq, "My bot is hitting limits"."""
        bot = Rate(self.carrier, 30, 30, shared=True, files=True)
        if destination.chat.startswith("-"):
            # of what Telegram takes for a group, the list of cases may need two a minute in that of the staff
            most = 18 if self._moves.concerns(destination) else 20
            return (bot, Rate(_bucket(destination), most, most / 60, files=True))
        return (bot, Rate(_bucket(destination), 5, 1, files=True))

    async def send(self, delivery: Delivery) -> tuple[str, ...]:
        """See `Channel.send`."""
        destination = parse(delivery.destination)
        effect = _DECODER.decode(delivery.payload)
        bucket = _bucket(destination)
        try:
            if self._moves.concerns(destination):
                there = msgspec.structs.replace(destination, chat=await self._moves.chat())
                return await self._send_or_replace(delivery, effect, there)
            return await self._send_or_replace(delivery, effect, destination)
        except ChatMigrated as moved:
            # a group became a supergroup; it goes on there
            chat = str(moved.new_chat_id)
            if self._moves.concerns(destination):
                await self._moves.follow(chat)
            try:
                there = msgspec.structs.replace(destination, chat=chat)
                return await self._send_or_replace(delivery, effect, there)
            except TelegramError as error:
                raise self._meant(error, delivery, bucket) from None
        except TelegramError as error:
            raise self._meant(error, delivery, bucket) from None

    def _meant(self, error: TelegramError, delivery: Delivery, bucket: str) -> Refused | Later | Lost:
        """What becomes of a message; one for staff waits as long as their group is shut to the bot."""
        if delivery.destination in self._staff.addresses and shut(error):
            return Shut(str(error)[:200])
        return meaning(error, bucket)

    async def find(self, delivery: Delivery) -> tuple[str, ...] | None:
        """See `Channel.find`: a bot cannot read what it has sent."""
        raise Lost(delivery.id)

    def repeats(self, delivery: Delivery) -> bool:
        """See `Channel.repeats`: questions, edits and what was asked for are sent again, other texts are not."""
        return delivery.kind in _REPEATED

    async def _send_or_replace(self, delivery: Delivery, effect: Sendable, to: Address) -> tuple[str, ...]:
        """Send; a case whose topic is not there, or not any more, gets one. Raises TelegramError and as `send`."""
        if not for_case(effect):
            return await self._send(delivery, effect, to)
        if topics.has_place(delivery, to):
            try:
                return await self._send(delivery, effect, to)
            except BadRequest as error:
                if not (topic_gone(error) or topic_closed(error)):
                    raise
                if topic_closed(error) and await self.topics.reopen(delivery, to):
                    return await self._send(delivery, effect, to)
        await self.topics.replace(delivery, to, effect.case)
        # the bot may make none: the words are not lost, they come to where all others see them
        if not isinstance(effect, Card):
            await write(self._bot, to, (paragraph(effect.case, bold=True),))
        return await self._send(delivery._replace(target=(*delivery.target, TOPIC)), effect, to)

    async def _send(self, delivery: Delivery, effect: Sendable, to: Address) -> tuple[str, ...]:
        match effect:
            case Say() | Ask():
                return await write(self._bot, to, effect.document, effect.buttons)
            case Edit():
                return await self._edit(delivery, effect, to)
            case OpenCase():
                return await self.topics.open(delivery, to, f"{effect.case} · {effect.queue}")
            case Card(case, side):
                return await (self.topics.card if side == "staff" else self._banner)(delivery, to, case)
            case Notice():
                there = topics.place(delivery, to)
                about = "" if there.thread else topics.card_of(delivery)
                return await write(self._bot, there, effect.document, effect.buttons, about)
            case Rewrite() | Mark() | React() | Remove():
                return await self._change(delivery, effect, to)
            case Entrust():
                return await self._entrust(delivery, effect, to)
            case Overview():
                return await self._overview(delivery, effect, to)
            case Relay():
                return await self._relay(delivery, effect, to)

    async def _relay(self, delivery: Delivery, effect: Relay, to: Address) -> tuple[str, ...]:
        """Pass on what one side wrote or sent to the other."""
        onward = effect.to == "merchant"
        there = to if onward else topics.place(delivery, to)
        if not effect.files:
            about = await self._replied(delivery, effect)
            words = effect.words if about else effect.quoting
            card = "" if onward or there.thread else topics.card_of(delivery)
            return await write(self._bot, there, chunks(words)[0], about=about or card)
        source = (self._staff.of(effect.origin) if effect.origin else "") or delivery.address
        return await self._files(there, source, effect.files)

    async def _overview(self, delivery: Delivery, effect: Overview, to: Address) -> tuple[str, ...]:
        """Write what the merchant asked to see of what is kept."""
        overviews = self._recall.overviews
        if effect.of == "file":
            return (await send(self._bot, to, brought(File("", FILE), await overviews.file(delivery.address))),)
        found = await overviews.document(delivery.address, effect, topic_link)
        return tuple([id_ for each in chunks(found) for id_ in await write(self._bot, to, each)])

    async def _banner(self, delivery: Delivery, to: Address, case: str) -> tuple[str, ...]:
        """Show the merchant how their case stands: in the message that does, or a new one; its id then."""
        document = await self._recall.overviews.banner(delivery.address, case)
        if delivery.target:
            try:
                await replace(self._bot, to, delivery.target[-1], document, ())
            except BadRequest as error:
                if not not_there(error):
                    raise
            else:
                return ()
        return await write(self._bot, to, document)

    async def _entrust(self, delivery: Delivery, entrust: Entrust, to: Address) -> tuple[str, ...]:
        """Write the way to what a drop holds to one person alone, or in the topic why that cannot be."""
        for user in self._recall.accounts(entrust.person, f"{to.channel}:{to.account}"):
            directly = msgspec.structs.replace(to, chat=user, thread="")
            try:
                await write(self._bot, directly, self._recall.entrance(delivery.address, entrust.drop, entrust.person))
            except (Forbidden, BadRequest):
                continue  # a bot writes to nobody who has not written to it
            return ()
        words = paragraph(self._recall.staff_word("desk_drop_write_first"))
        return await write(self._bot, topics.place(delivery, to), (words,))

    async def _replied(self, delivery: Delivery, effect: Relay) -> str:
        """The message there that it replies to, "" if there is none."""
        if effect.quoted is None:
            return ""
        ref = effect.quoted.ref
        kind, _, origin = ref.partition(":")
        if kind == ("relay" if effect.to == "merchant" else "reply"):
            if effect.to == "merchant" or self._staff.of(origin) == delivery.destination:
                return found if (found := native(origin)).isdecimal() else ""
            ref = echoed(origin)
        copies = await self._recall.copies(delivery.address, delivery.destination, ref)
        return next((each for each in copies if each.isdecimal()), "")

    async def _change(
        self, delivery: Delivery, effect: Rewrite | Mark | React | Remove, to: Address
    ) -> tuple[str, ...]:
        if isinstance(effect, Remove):
            await self._bot.delete_message(int(to.chat), int(effect.origin))
            return ()
        if isinstance(effect, (Mark, React)):
            shown = effect.emoji or None if isinstance(effect, React) else _sign(effect)
            message = effect.origin or _target(delivery)[0]
            await self._bot.set_message_reaction(int(to.chat), int(message), shown)
            return ()
        if effect.document and of_person(effect.ref):
            return await alter(self._bot, self._recall, delivery, effect, to)
        if effect.document:
            # buttons are under the last piece of a text
            await replace(self._bot, to, _target(delivery)[-1], effect.document, effect.buttons)
        else:
            await self._bot.delete_messages(int(to.chat), [int(each) for each in _target(delivery)])
        return ()

    async def _edit(self, delivery: Delivery, effect: Edit, to: Address) -> tuple[str, ...]:
        """Write what was chosen below the question, in place of its buttons."""
        if not delivery.target:
            raise Refused("the question was not sent")
        message, chat = int(delivery.target[-1]), int(to.chat)
        question = await self._recall.question(delivery.address, effect.ref)
        text, found = rendered((*question, *effect.document))
        try:
            if question and utf16_units(text) <= LIMIT:
                await self._bot.edit_message_text(
                    text,
                    chat_id=chat,
                    message_id=message,
                    entities=entities(found),
                    reply_markup=keyboard(effect.buttons),
                    link_preview_options=NO_PREVIEW,
                )
            else:
                await self._bot.edit_message_reply_markup(chat, message, reply_markup=keyboard(effect.buttons))
        except TelegramError as error:
            if not unchanged(error):
                raise
        return delivery.target

    async def _files(self, to: Address, source: str, files: Sequence[File]) -> tuple[str, ...]:
        """Send on files that were sent at the address `source`, as one; what cannot be had is named, and why."""
        found: list[Ready | None] = []
        missing: list[str] = []
        for file in files:
            try:
                found.append(await self._ready(source, file))
            except Refused as refusal:
                found.append(None)
                missing.append(unavailable(file.name, refusal))
        sent = await album(self._bot, to, [each for each in found if each is not None], "\n".join(missing))
        # what stands for a file that is not there is what says so
        rest = iter(sent)
        return tuple(next(rest, sent[0]) if each is not None else sent[0] for each in found)

    async def _ready(self, source: str, file: File) -> Ready:
        """A file that was sent at the address `source`, as it can be sent on. Raises Refused and Later."""
        channel = source.partition(":")[0]
        if channel == TELEGRAM.name:
            return known(file)
        if channel not in self._files_of:
            raise Refused("its channel is not connected")
        return brought(file, await self._files_of[channel].fetch(source, file))


def _sign(mark: Mark) -> str:
    return RECEIVED if mark.to == "merchant" else MARKS[mark.state]


def for_case(effect: Sendable) -> TypeGuard[Relay | Notice | Card | Entrust]:
    """Whether it belongs into the topic of a case."""
    return isinstance(effect, (Notice, Entrust)) or (isinstance(effect, (Relay, Card)) and effect.to == "staff")


def _target(delivery: Delivery) -> tuple[str, ...]:
    if not delivery.target:
        raise Refused("the message was not sent")
    return delivery.target


def _bucket(to: Address) -> str:
    return f"{to.channel}:{to.account}:{to.chat}"
