"""From a payload to what is kept, the same over HTTP and in Socket Mode; nothing is acknowledged before."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

import msgspec
import structlog

from bot.channels.slack import inbound, modals, replies
from bot.channels.slack.failures import FAILURES, NOT_DONE, reason
from bot.channels.slack.inbound import (
    Begin,
    Did,
    Gone,
    Looking,
    Moved,
    Nearing,
    Opening,
    Placed,
    Reaction,
    Replying,
)
from bot.channels.slack.lines import Lines
from bot.channels.slack.people import People, Who
from bot.chat.addresses import Address, private
from bot.chat.effects import RELAYED
from bot.chat.emoji import of_name
from bot.chat.events import Command, Message, Reacted, Submit, Tap, Written
from bot.chat.people import SLACK, Person, User
from bot.desk import typed
from bot.service.step import Received, Unreadable, merchant
from bot.store.port import StoreError
from bot.store.rows import Arrival

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from slack_sdk.web.async_client import AsyncWebClient

    from bot.channels.slack.home import Homes
    from bot.channels.slack.inbound import Doing
    from bot.channels.slack.moves import Moves
    from bot.channels.slack.status import Working
    from bot.chat.events import Event
    from bot.desk.drafts import Draft
    from bot.service.desk import Desk
    from bot.service.intake import Intake
    from bot.service.recall import Recall

    Clients = Callable[[str], Awaitable[AsyncWebClient]]

Answer = str | dict[str, Any]
"""What Slack is acknowledged with: nothing, a text for the one who did it, or what becomes of a modal."""

_LOG: Final = structlog.get_logger(__name__)


class Ingest:
    """Brings payloads to `intake`, and those of staff to `desk`."""

    def __init__(
        self,
        client_for: Clients,
        gone: Callable[[tuple[str, ...], int], Awaitable[None]],
        intake: Intake,
        desk: Desk,
        recall: Recall,
        moves: Moves,
        homes: Homes,
        working: Working,
    ) -> None:
        """`client_for` as `SlackChannel` has it; `gone` is told where the app is gone from, and when, as `Gone`."""
        self._client_for = client_for
        self._gone = gone
        self._people = People(client_for)
        self._moves = moves
        self._homes = homes
        self._working = working
        self._intake = intake
        self._desk = desk
        self._recall = recall
        self._beside: set[asyncio.Task[None]] = set()
        self._lines = Lines()

    async def take(self, payload: Mapping[str, Any]) -> Answer:
        """Keep what a payload tells. Raises Busy and StoreError: then it is to be brought again."""
        found = await self._read(payload)
        match found:
            case Did():
                return await self._did(found)
            case Reaction():
                await self._lines.wait((str(found.where), f"reactions:{found.ts}"), lambda: self._reacted(found))
            case Begin():
                return await self._begin(found)
            case Opening() | Looking() | Nearing():
                self._start(self._meet(found))
            case Replying():
                return await self._reply(found)
            case Moved(where, to):
                await self._moves.follow(where, to)
            case Gone(teams, at):
                await self._gone(teams, at)
            case None:
                pass
        return ""

    async def _read(self, payload: Mapping[str, Any]) -> Doing | None:
        """What a payload tells, with each channel under the id that it has here; what cannot be read is parked."""
        try:
            found = inbound.read(payload)
        except (LookupError, TypeError, ValueError, AttributeError):
            address, key, raw = inbound.unreadable(payload)
            await self._intake.submit(Arrival(address, key, Unreadable(raw)))
            return None
        return found._replace(where=await self._moves.home(found.where)) if isinstance(found, Placed) else found

    async def _did(self, did: Did) -> Answer:
        """Take what was done in one conversation in its order: some needs a look-up first, and would be overtaken."""
        if self._desk.is_at(did.where):
            case = did.threads[-1] if did.threads else ""
            return await self._lines.wait((str(did.where), case), lambda: self._done_by_staff(did))
        return await self._lines.wait((str(did.where), ""), lambda: self._done_by_merchant(did))

    async def _done_by_staff(self, did: Did) -> Answer:
        event = await self._at_the_desk(did)
        if event is not None:
            await self._desk.bring(did.threads, event)
        return ""

    async def _done_by_merchant(self, did: Did) -> Answer:
        if isinstance(did.event, Message) and did.event.deleted:
            if await self._recall.case(str(did.where)) is not None:  # nobody else has read it
                await self._submit(did.where, did.user, did.event, did.origin)
            return ""
        if not (did.heard or await self._recall.known(str(did.where))) or await self._another_has(did):
            return ""
        if isinstance(did.event, Tap) and not private(did.where):
            words = await self._recall.refusal(str(did.where), did.event.token, did.user)
            if words:
                self._start(self._whisper(did, words))
                return ""
        self._working.begin(str(did.where))
        await self._submit(did.where, did.user, await self._replying(did), did.origin)
        if isinstance(did.event, Submit):
            ask = await self._recall.waiting(str(did.where), did.event.token)
            wrong = modals.errors(ask.form) if ask is not None and ask.form is not None else {}
            return {"response_action": "errors", "errors": wrong} if wrong else ""
        return ""

    async def _whisper(self, did: Did, words: str) -> None:
        """Say something to whoever did it that nobody else sees. Best effort."""
        try:
            client = await self._client_for(did.where.account)
            thread = did.where.thread or None
            await client.chat_postEphemeral(channel=did.where.chat, user=did.user, thread_ts=thread, text=words)
        except FAILURES as error:
            _LOG.info("not_whispered", error=reason(error) or type(error).__name__)

    async def _another_has(self, did: Did) -> bool:
        """Whether a thread is another organisation's, whose app was spoken to before or in the same message as this."""
        if not (did.shared and did.heard and did.where.thread):
            return False
        name = f"thread:{did.where.chat}:{did.where.thread}"
        owner = await self._recall.landmarks.claim_landmark(name, did.where.account)
        return owner != did.where.account and await self._recall.vault.installed(f"{SLACK.name}:{owner}") is not None

    async def _replying(self, did: Did) -> Event:
        """What was done, with what it replies to: in direct messages a thread is below a message that is passed on."""
        about = next((each for each in did.threads if not did.where.thread and each != did.origin), "")
        if not about or not isinstance(did.event, Message):
            return did.event
        quoted = await self._recall.quoted(str(did.where), about, RELAYED)
        return msgspec.structs.replace(did.event, quoted=quoted)

    async def _at_the_desk(self, did: Did) -> Written | Command | None:
        """What staff did, as the desk has it."""
        person = await self._person(did.where.account, did.user, did.name)
        match did.event:
            case Tap(key, token):
                found = typed.pressed(token)
                return Command(key, person, *found) if found is not None else None
            case Message(key, text, files, kind, deleted=deleted, styles=styles):
                if did.heard and not did.event.edited:
                    return Command(key, person, *typed.command(text), origin=did.origin)
                return Written(
                    key,
                    person,
                    did.origin,
                    text,
                    files,
                    aside=did.aside,
                    edited=did.event.edited and not deleted,
                    deleted=deleted,
                    styles=styles,
                    kind=kind,
                    typed=did.named and not deleted,
                )
        return None

    async def _reacted(self, found: Reaction) -> None:
        """Bring a reaction to something that was passed on; to anything else it is nobody's business."""
        emoji = of_name(found.name)
        if self._desk.is_at(found.where):
            person = await self._person(found.where.account, found.user)
            await self._desk.react(found.ts, Reacted(found.key, emoji, person=person, taken=found.taken))
            return
        where = await self._thread(found) if found.ours else None
        quoted = await self._recall.quoted(str(where), found.ts) if where is not None else None
        if where is not None and quoted is not None:
            await self._submit_in_line(where, found.user, Reacted(found.key, emoji, quoted, taken=found.taken))

    async def _thread(self, found: Reaction) -> Address | None:
        """The conversation that a message of ours is in: Slack does not tell in which thread it is, unless asked."""
        if found.where.chat.startswith("D"):
            return found.where
        client = await self._client_for(found.where.account)
        try:
            answer = await client.conversations_replies(channel=found.where.chat, ts=found.ts, limit=1)
            root = answer["messages"][0].get("thread_ts") or found.ts
        except FAILURES as error:
            _LOG.info("reaction_not_placed", error=reason(error) or type(error).__name__)
            return None
        return msgspec.structs.replace(found.where, thread=root)

    async def _person(self, team: str, user: str, name: str = "") -> Person:
        """One of the staff; `name` is for whom Slack does not introduce."""
        return Person(f"{SLACK.name}:{team}:{user}", (await self._people.who(team, user)).name or name)

    async def _reply(self, replying: Replying) -> Answer:
        """Open or follow the modal of a reply beside; or send what it holds, or say in it why not."""
        if not self._desk.is_at(replying.where):
            return ""
        if replying.trigger or replying.view:
            self._start(self._show_reply(replying))
            return ""
        try:
            draft, person = await self._draft(replying)
        except StoreError:  # Slack brings no window again: what was written in it stays, for them to send again
            return {"response_action": "errors", "errors": {replies.TEXT: self._recall.staff_word("desk_store_away")}}
        if draft is None or draft.refusal:
            shown = replies.view(draft, str(replying.where), "", self._recall)
            return {"response_action": "update", "view": shown}
        macro = Command(f"{replying.key}:m", person, "macro", {"name": replying.macro})
        reply = Command(f"{replying.key}:r", person, "reply", {"text": replying.text.strip()})
        wrong = replies.errors(draft, replying.macro, reply, self._recall)
        if wrong:
            return {"response_action": "errors", "errors": wrong}
        if replying.macro:
            await self._desk.bring((replying.where.thread,), macro)
        if reply.arguments["text"]:
            await self._desk.bring((replying.where.thread,), reply)
        return ""

    async def _show_reply(self, replying: Replying) -> None:
        """Show the modal of a reply; a trigger lives for three seconds, so it opens empty. Best effort."""
        where = replying.where
        try:
            client = await self._client_for(where.account)
            view, known = replying.view, replying.hash
            if replying.trigger:
                empty = modals.skeleton(self._recall.staff_word("desk_reply"))
                opened = (await client.views_open(trigger_id=replying.trigger, view=empty))["view"]
                view, known = opened["id"], opened["hash"]
            await client.views_update(view_id=view, hash=known, view=await self._filled(replying))
        except FAILURES as error:
            _LOG.info("reply_not_shown", error=reason(error) or type(error).__name__)

    async def _filled(self, replying: Replying) -> dict[str, Any]:
        """The modal as it is to be; where the store is away it says so, and is not left empty."""
        try:
            draft, _ = await self._draft(replying)
        except StoreError:
            return replies.away(self._recall)
        return replies.view(draft, str(replying.where), replying.macro, self._recall)

    async def _draft(self, replying: Replying) -> tuple[Draft | None, Person]:
        """What they may write now, and who they are."""
        person = await self._person(replying.where.account, replying.user)
        address = await self._desk.whose((replying.where.thread,))
        return (None if address is None else await self._recall.draft(address, person)), person

    async def _begin(self, begin: Begin) -> Answer:
        """Go on in direct messages, and say so to whoever asked from elsewhere."""
        try:
            channel = await self._people.direct(begin.team, begin.user)
        except NOT_DONE as error:
            _LOG.warning("direct_messages_not_opened", error=reason(error) or type(error).__name__)
            return ""
        where = Address(SLACK.name, begin.team, channel)
        await self._submit_in_line(where, begin.user, Message(begin.key, self._words(begin)))
        return await self._recall.word(str(where), "wrote_directly")

    def _words(self, begin: Begin) -> str:
        """What somebody begins with; a command of the bot behind Slack's own one is what it is elsewhere."""
        if begin.commanded and begin.words.split(None, 1)[0].lower() in self._recall.commands:
            return f"/{begin.words}"
        return begin.words

    async def _submit_in_line(self, where: Address, user: str, event: Message | Reacted) -> None:
        """Submit what becomes known to be of that conversation only now, after what is being done there."""
        await self._lines.wait((str(where), ""), lambda: self._submit(where, user, event))

    async def _submit(self, where: Address, user: str, event: Message | Tap | Submit | Any, origin: str = "") -> None:
        who = await self._author(where, user)
        received = Received(event, User(user, who.name), who.locale)
        await self._intake.submit(Arrival(str(where), event.key, received, origin))

    async def _author(self, where: Address, user: str) -> Who:
        """Who writes; nobody is waited for of whom the conversation knows already, because it is with them."""
        known = self._people.knows(where.account, user)
        if not known and await self._recall.merchant(str(where)) == merchant(SLACK.name, user):
            self._start(self._people.who(where.account, user))
            return Who()
        return await self._people.who(where.account, user)

    async def _meet(self, found: Opening | Looking | Nearing) -> None:
        """Show somebody what they want to see, or get to know them before they write."""
        match found:
            case Opening(where, trigger, ref, title):
                client = await self._client_for(where.account)
                await modals.open_form(client, trigger, str(where), ref, title, self._recall)
            case Looking(team, user, known, query) if not await self._homes.worked(team, user, query):
                await self._homes.opened(team, user, (await self._people.who(team, user)).locale, known)
            case Nearing(team, user):
                await self._people.who(team, user)

    def _start(self, work: Any) -> None:
        """Do it beside: the acknowledgement does not wait for it."""
        task = asyncio.create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)
