"""The home tab: what is open with a merchant and who has it, and the button that begins a conversation.

It is published when somebody looks at it, and again when that changes, as long as this process remembers that they
did. Slack tells the hash of what it shows; whoever comes with an older one has been overtaken.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import TYPE_CHECKING, Final, NamedTuple
from weakref import WeakValueDictionary

import structlog

from bot.channels.slack import buttons, queue, rendering
from bot.channels.slack.failures import NOT_DONE, reason
from bot.channels.slack.posting import permalink
from bot.chat.addresses import parse
from bot.chat.people import SLACK
from bot.service import worklist
from bot.service.step import merchant
from bot.store.port import Unavailable
from bot.text.nodes import Paragraph, Text
from bot.text.plain import plain

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from slack_sdk.web.async_client import AsyncWebClient

    from bot.channels.slack.rendering import Json
    from bot.service.recall import Open, Recall

    Clients = Callable[[str], Awaitable[AsyncWebClient]]

MOST: Final = 20
"""Conversations that are listed."""
REMEMBERED: Final = 1_000
"""People whose home tab is kept up to date; for everybody else it is published when they look at it again."""

_LOG: Final = structlog.get_logger(__name__)


class _Seen(NamedTuple):
    """What somebody's home tab shows: in which workspace and language, what is open, and the hash of it."""

    team: str
    locale: str
    found: list[Open] | None
    """None before that is known."""
    hash: str


class Homes:
    """The home tabs that were looked at lately."""

    def __init__(self, client_for: Clients, recall: Recall, staff: str = "") -> None:
        """See `SlackChannel`."""
        self._staff = staff
        self._client_for = client_for
        self._recall = recall
        self._seen: OrderedDict[str, _Seen] = OrderedDict()
        self._following: set[asyncio.Task[None]] = set()
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        """By user: one is published after another, or the second of two quick ones would come with an old hash."""

    async def opened(self, team: str, user: str, locale: str, known: str = "") -> None:
        """Somebody looks at it; `known` is the hash of what Slack shows them meanwhile. Best effort."""
        async with self._turn(user):
            await self._renew(user, _Seen(team, locale, None, known))

    async def worked(self, team: str, user: str, asked: str) -> bool:
        """Show one of the staff the cases of a query, "" for the first list; False for anybody else. Best effort."""
        person = self._recall.person(f"{SLACK.name}:{team}:{user}")
        try:
            client = await self._client_for(team)
            place = parse(self._staff) if self._staff.startswith(f"{SLACK.name}:{team}:") else None
            if person is None and (place is None or not await queue.is_member(client, place.chat, user)):
                return False
            wanted = worklist.query(asked)
            page = await self._recall.cases(wanted, person or f"{SLACK.name}:{team}:{user}")
            links = await queue.links(client, self._recall, self._staff if place else "", page.cases)
            await client.views_publish(user_id=user, view=queue.view(page, links, wanted, self._recall))
        except (*NOT_DONE, Unavailable) as error:
            _LOG.info("queue_not_published", error=reason(error) or type(error).__name__)
            return False
        return True

    def changed(self, address: str) -> None:
        """Something happened in a conversation: whoever it is with will see it, if they looked lately. Best effort."""
        if self._seen:
            task = asyncio.create_task(self._follow(address))
            self._following.add(task)
            task.add_done_callback(self._following.discard)

    async def _follow(self, address: str) -> None:
        try:
            user = (await self._recall.merchant(address)).partition(":")[2]
        except Unavailable:
            return
        if user in self._seen:
            async with self._turn(user):
                if (seen := self._seen.get(user)) is not None:
                    await self._renew(user, seen)

    def _turn(self, user: str) -> asyncio.Lock:
        return self._turns.setdefault(user, asyncio.Lock())

    async def _renew(self, user: str, seen: _Seen) -> None:
        """Show what is open now, unless that is what is `seen`."""
        try:
            found = await self._recall.open_with(merchant(SLACK.name, user), seen.locale)
        except Unavailable:
            return
        if found == seen.found:
            return
        try:
            client = await self._client_for(seen.team)
            links = [await permalink(client, each.address) for each in found[:MOST]]
            shown = view(found, links, self._recall, seen.locale)
            answer = await client.views_publish(user_id=user, view=shown, hash=seen.hash or None)
        except NOT_DONE as error:
            # whoever comes with another hash than the last one says nothing of what that shows
            if (last := self._seen.get(user)) is not None and last.hash == seen.hash:
                del self._seen[user]
            _LOG.info("home_not_published", error=reason(error) or type(error).__name__)
            return
        self._seen[user] = seen._replace(found=found, hash=answer["view"]["hash"])
        self._seen.move_to_end(user)
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)


def view(found: Sequence[Open], links: Sequence[str], recall: Recall, locale: str) -> Json:
    """The home tab; `links` lead to the conversations."""

    def words(name: str) -> str:
        return plain(recall.wording(name, locale))

    blocks: list[Json] = [{"type": "header", "text": rendering.label(words("home_title"), 150)}]
    for at, (each, link) in enumerate(zip(found, links, strict=False)):
        state = words("home_person" if each.with_person else "home_answer")
        title = " · ".join(filter(None, [each.title, each.case]))
        text = rendering.line((Paragraph((Text(title, bold=True), Text(f"\n{state}"))),))
        show = {
            "type": "button",
            "action_id": f"{buttons.SHOW}:{at}",
            "text": rendering.label(words("home_show"), 75),
            "url": link,
        }
        blocks.append({"type": "section", "text": text, "accessory": show})
    if not found:
        blocks += rendering.blocks(recall.wording("home_none", locale))
    start: Json = {"type": "button", "action_id": buttons.START, "text": rendering.label(words("home_start"), 75)}
    data = {"type": "button", "action_id": buttons.DATA, "text": rendering.label(words("home_data"), 75)}
    blocks.append({"type": "actions", "elements": [start if found else {**start, "style": "primary"}, data]})
    return {"type": "home", "blocks": blocks}
