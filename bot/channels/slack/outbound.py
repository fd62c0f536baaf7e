"""What goes out: effects as calls of Slack's Web API.

Every message carries the number of its row in its metadata, so that one whose answer was lost is found again. A case
is one thread at the place of staff: its card stands first and is kept up to date.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, get_args

import msgspec
from slack_sdk.errors import SlackApiError

from bot.channels.apart import unavailable
from bot.channels.slack import buttons
from bot.channels.slack.altering import alter
from bot.channels.slack.commands import spelt
from bot.channels.slack.content import content, edited, plain_content
from bot.channels.slack.failures import FAILURES, NOT_FOUND, SHUT_REASONS, meaning, reason
from bot.channels.slack.parts import CARRIER, parts
from bot.channels.slack.posting import copies, find, messages, name, permalink, post, rewrite, unless
from bot.channels.slack.rendering import chunks
from bot.channels.slack.uploads import Ready, album
from bot.chat.addresses import parse, private
from bot.chat.effects import (
    Ask,
    Button,
    Card,
    Edit,
    Entrust,
    Mark,
    Notice,
    OpenCase,
    Overview,
    React,
    Relay,
    Rewrite,
    Say,
    of_person,
)
from bot.chat.emoji import name_of
from bot.chat.places import NOWHERE
from bot.desk.work import token
from bot.service.overview import FILE
from bot.service.port import Later, Lost, Rate, Refused, Shut
from bot.text.nodes import paragraph

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from slack_sdk.web.async_client import AsyncWebClient

    from bot.channels.slack.content import Content
    from bot.chat.addresses import Address
    from bot.chat.effects import Effect
    from bot.chat.events import File
    from bot.chat.places import Places
    from bot.service.port import Files
    from bot.service.recall import Recall
    from bot.store.rows import Delivery
    from bot.text.nodes import Document

    Clients = Callable[[str], Awaitable[AsyncWebClient]]

Written = Say | Ask | OpenCase | Relay | Notice | Entrust | Overview
Changing = Edit | Rewrite | Card | Mark | React
Sendable = Written | Changing

REACTIONS: Final[Mapping[str, str]] = {
    "note": "memo",
    "queued": "hourglass_flowing_sand",
    "sent": "white_check_mark",
    "refused": "x",
    "uncertain": "grey_question",
    "undone": "leftwards_arrow_with_hook",
}
"""What became of a message that staff wrote, as our reaction to it."""
RECEIVED: Final = "incoming_envelope"
"""Our reaction to what a merchant wrote, when the staff have it."""

MOVING: Final = 5
"""As many times a channel that is not found is looked for again, for some ten seconds."""

_DECODER: Final = msgspec.json.Decoder(Sendable)
_HELD: Final = token("bot")
"""The button of a case that somebody has: only then is there a reply to be written."""
_CHANGES: Final = get_args(Changing)
"""They leave things as they are to be, however often they are made."""


class SlackChannel:
    """The app in every workspace that installed it, as one channel of the service."""

    carrier = CARRIER

    def __init__(
        self,
        client_for: Clients,
        recall: Recall,
        files: Mapping[str, Files],
        staff: Places = NOWHERE,
        sent: Callable[[str], None] = lambda _: None,
        *,
        alone: bool = False,
    ) -> None:
        """`client_for` a workspace's id raises Refused where the app is not installed; its clients retry nothing.

        `files` are where the files of people are, by the name of the channel they came by; `staff` as in `Routes`.
        `sent` is told the address of each conversation in which something was sent. `alone`: all are in one account, a
        workspace or an organisation, whose rate is shared by all that leaves.
        """
        self._client_for = client_for
        self._recall = recall
        self._files = files
        self._staff = staff
        self._sent = sent
        self._alone = alone

    def parts(self, effect: Effect) -> Sequence[Effect]:
        """See `parts`."""
        return parts(effect)

    def rates(self, destination: Address) -> Sequence[Rate]:
        """See `Channel.rates`: https://docs.slack.dev/apis/web-api/rate-limits, of chat.postMessage."""
        workspace = Rate(f"{CARRIER}:{destination.account}", 20, 5, shared=self._alone)
        return (workspace, Rate(_bucket(destination), 4, 1))

    async def send(self, delivery: Delivery) -> tuple[str, ...]:
        """See `Channel.send`."""
        effect = _DECODER.decode(delivery.payload)
        to = _place(delivery, effect)
        client = await self._client_for(to.account)
        natives: tuple[str, ...] = ()  # what is changed stays what it was
        try:
            if isinstance(effect, Card) and effect.to == "merchant":
                natives = await self._banner(client, delivery, effect.case, to)
            elif isinstance(effect, Rewrite) and effect.document and of_person(effect.ref):
                natives = await alter(client, self._recall, delivery, effect, to)
            elif isinstance(effect, _CHANGES):
                await self._change(client, delivery, effect, to)
            else:
                natives = await self._write(client, delivery, effect, to)
        except FAILURES as error:
            if delivery.destination in self._staff.addresses and reason(error) in SHUT_REASONS:
                raise Shut(reason(error)) from None
            if reason(error) == NOT_FOUND and not private(to) and delivery.attempts <= MOVING:
                raise Later(NOT_FOUND) from None  # it may have moved, and Slack's word of that be on its way
            raise meaning(error, _bucket(to)) from None
        self._sent(delivery.address)
        return natives

    async def find(self, delivery: Delivery) -> tuple[str, ...] | None:
        """See `Channel.find`: reads the conversation for the mark of the message; a change is simply made again."""
        effect = _DECODER.decode(delivery.payload)
        if isinstance(effect, _CHANGES):
            return None
        if isinstance(effect, Entrust) or _is_file(effect):
            raise Lost("it carries no metadata")
        to = _place(delivery, effect)
        client = await self._client_for(to.account)
        try:
            return await find(client, to, name(delivery))
        except FAILURES as error:
            failure = meaning(error, _bucket(to))
            raise (Later(str(failure)) if isinstance(failure, Lost) else failure) from None

    def repeats(self, delivery: Delivery) -> bool:
        """See `Channel.repeats`: questions and files are sent again, and changes; other texts are not."""
        effect = _DECODER.decode(delivery.payload)
        return isinstance(effect, (Ask, Entrust, *_CHANGES)) or _is_file(effect)

    async def _write(self, client: AsyncWebClient, delivery: Delivery, effect: Written, to: Address) -> tuple[str, ...]:
        """Post something new; its ids."""
        mark = name(delivery)
        match effect:
            case Say(document) | Ask(_, document):
                spoken = msgspec.structs.replace(effect, document=self._spelt(document, to))
                former = await self._former(delivery, effect)
                if not former:
                    return await post(client, to, mark, [content(spoken)])
                await rewrite(client, to, mark, former, [content(spoken)])
                return former
            case Notice():
                return await post(client, to, mark, [content(effect)])
            case Entrust(_, drop, person):
                return await self._entrust(client, delivery, drop, person, to)
            case OpenCase(case):
                return await post(client, to, mark, await self._card(delivery, case))
            case Overview("file"):
                data = await self._recall.overviews.file(delivery.address)
                await client.files_upload_v2(content=data, filename=FILE, channel=to.chat, thread_ts=to.thread or None)
                return ()
            case Overview():
                found = await self._recall.overviews.document(delivery.address, effect, partial(permalink, client))
                return await post(client, to, mark, [plain_content(each) for each in chunks(self._spelt(found, to))])
            case Relay(files=()):
                return await post(client, to, mark, [plain_content(effect.words)])
            case Relay(files=files):
                source = (self._staff.of(effect.origin) if effect.origin else "") or delivery.address
                return await self._pass_on(client, to, mark, source, files)

    async def _change(self, client: AsyncWebClient, delivery: Delivery, effect: Changing, to: Address) -> None:
        """Change what is there."""
        mark = name(delivery)
        match effect:
            case Edit(ref):
                question = await self._recall.question(delivery.address, ref)
                if not question:
                    raise Refused("the words of the question are kept no more")
                await rewrite(client, to, mark, _target(delivery)[-1:], [edited(self._spelt(question, to), effect)])
            case Card(case):
                await rewrite(client, to, mark, _target(delivery), await self._card(delivery, case))
            case Rewrite(_, document, choices):
                pieces = [content(Say(each)) for each in chunks(document)]
                pieces[-1:] = [content(Say(each, choices)) for each in chunks(document)[-1:]]
                await rewrite(client, to, mark, _target(delivery), pieces)
            case Mark():
                await _mark(client, to, effect, effect.origin or _target(delivery)[0])
            case React(_, origin, emoji, former):
                where = {"channel": to.chat, "timestamp": origin}
                if emoji:
                    await unless("already_reacted", client.reactions_add(name=name_of(emoji), **where))
                else:
                    await unless("no_reaction", client.reactions_remove(name=name_of(former), **where))

    async def _banner(self, client: AsyncWebClient, delivery: Delivery, case: str, to: Address) -> tuple[str, ...]:
        """Show the merchant how their case stands: in the message that does, or a new one; its id then."""
        shown = plain_content(await self._recall.overviews.banner(delivery.address, case))
        if delivery.target:
            try:
                await rewrite(client, to, name(delivery), delivery.target[-1:], [shown])
            except SlackApiError as error:
                if reason(error) != "message_not_found":
                    raise
            else:
                return ()
        return await post(client, to, name(delivery), [shown])

    async def _entrust(
        self, client: AsyncWebClient, delivery: Delivery, drop: str, person: str, to: Address
    ) -> tuple[str, ...]:
        """Show one person, whoever else reads the thread, the way to what a drop holds."""
        users = self._recall.accounts(person, f"{to.channel}:{to.account}")
        if not users:
            raise Refused("nobody here is that person")
        shown = plain_content(self._recall.entrance(delivery.address, drop, person))
        await client.chat_postEphemeral(
            channel=to.chat, user=users[0], thread_ts=to.thread or None, text=shown.text, blocks=shown.blocks
        )
        return ()

    async def _card(self, delivery: Delivery, case: str) -> list[Content]:
        """The case as it stands, in messages."""
        card = await self._recall.card(delivery.address)
        *before, last = chunks(card.document) or [(paragraph(case, bold=True),)]
        writing = (
            [Button(buttons.REPLY, self._recall.staff_word("desk_reply"))]
            if any(each.token == _HELD for each in card.buttons)
            else []
        )
        return [*map(plain_content, before), content(Say(last, (*writing, *card.buttons)))]

    async def _former(self, delivery: Delivery, effect: Say | Ask) -> tuple[str, ...]:
        """Where a form stands that comes back with errors: there they are shown, too. () for anything else."""
        if not isinstance(effect, Ask) or effect.form is None or not effect.form.errors:
            return ()
        return (await self._recall.copies(delivery.address, delivery.destination, effect.ref))[-1:]

    def _spelt(self, document: Document, to: Address) -> Document:
        """What the bot says, with its commands as they can be given there."""
        return spelt(document, self._recall.commands, threaded=bool(to.thread))

    async def _pass_on(
        self, client: AsyncWebClient, to: Address, mark: str, source: str, files: Sequence[File]
    ) -> tuple[str, ...]:
        """Upload files again that were sent at the address `source`, as one; what cannot be had is named, and why."""
        found: list[Ready | None] = []
        missing: list[str] = []
        there = self._files.get(source.partition(":")[0])
        for file in files:
            try:
                if there is None:
                    raise Refused("its channel is not connected")  # noqa: TRY301  (as `fetch` would)
                found.append(Ready(file.name, await there.fetch(source, file)))
            except Refused as refusal:
                found.append(None)
                missing.append(unavailable(file.name, refusal))
        sent = await album(client, to, mark, [each for each in found if each is not None], "\n".join(missing))
        # what stands for a file that is not there is what says so
        rest = iter(sent)
        return copies([next(rest, sent[0]) if each is not None else sent[0] for each in found])


def _place(delivery: Delivery, effect: Sendable) -> Address:
    """Where it goes: what belongs to a case, into the thread below its card."""
    to = parse(delivery.destination)
    of_case = isinstance(effect, (Notice, Entrust)) or (isinstance(effect, Relay) and effect.to == "staff")
    return msgspec.structs.replace(to, thread=to.thread or delivery.target[0]) if of_case and delivery.target else to


def _is_file(effect: Sendable) -> bool:
    return effect == Overview("file") or (isinstance(effect, Relay) and bool(effect.files))


def _target(delivery: Delivery) -> tuple[str, ...]:
    if not delivery.target:
        raise Refused("what it is about was not sent")
    return messages(delivery.target)


async def _mark(client: AsyncWebClient, to: Address, mark: Mark, message: str) -> None:
    """Show a state on a message that staff wrote, or on its copy, in place of the first one; or on the merchant's."""
    where = {"channel": to.chat, "timestamp": message}
    if mark.to == "merchant":
        await unless("already_reacted", client.reactions_add(name=RECEIVED, **where))
        return
    await unless("already_reacted", client.reactions_add(name=REACTIONS[mark.state], **where))
    for state in ("refused", "uncertain") if mark.again else ():
        await unless("no_reaction", client.reactions_remove(name=REACTIONS[state], **where))
    if mark.waited or mark.state not in {"note", "queued"}:
        await unless("no_reaction", client.reactions_remove(name=REACTIONS["queued"], **where))


def _bucket(to: Address) -> str:
    return f"{to.channel}:{to.account}:{to.chat}"
