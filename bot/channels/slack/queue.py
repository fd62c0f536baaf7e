"""The home tab of staff: the lists of cases, each case with the way to its thread."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import msgspec

from bot.channels.slack import buttons, rendering
from bot.channels.slack.content import options
from bot.channels.slack.failures import NOT_DONE
from bot.chat.addresses import parse
from bot.chat.people import SLACK
from bot.desk import lists
from bot.text.locales import LANGUAGES
from bot.text.nodes import Paragraph, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from slack_sdk.web.async_client import AsyncWebClient

    from bot.channels.slack.rendering import Json
    from bot.service.recall import Recall
    from bot.service.worklist import Page, Query
    from bot.store.rows import Listed

MEMBERS: Final = 200
"""Members of a channel that one call tells."""


async def is_member(client: AsyncWebClient, channel: str, user: str) -> bool:
    """Whether somebody is in a channel. Raises NOT_DONE."""
    cursor = None
    while True:
        answer = await client.conversations_members(channel=channel, limit=MEMBERS, cursor=cursor)
        if user in answer["members"]:
            return True
        cursor = (answer.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return False


async def links(client: AsyncWebClient, recall: Recall, staff: str, cases: Sequence[Listed]) -> list[str]:
    """Where the threads of cases are; "" for one that has none in Slack. Raises Unavailable."""

    async def link(each: Listed) -> str:
        ts = await recall.thread(each.address, each.case.id, staff)
        if not ts:
            return ""
        try:
            answer = await client.chat_getPermalink(channel=parse(staff).chat, message_ts=ts)
        except NOT_DONE:
            return ""
        return str(answer["permalink"])

    return await asyncio.gather(*map(link, cases))


def view(page: Page, links: Sequence[str], asked: Query, recall: Recall) -> Json:
    """The home tab, in the language of the staff; `links` lead to the threads of the cases."""
    word = recall.staff_word
    queues = [("", word(lists.QUEUES)), *recall.queues]
    locales = [("", word(lists.LOCALES)), *((tag, each.native) for tag, each in LANGUAGES.items())]
    choosing = [
        _select("list", [(name, word(wording)) for name, wording in lists.LISTS.items()], asked, asked.list),
        _select("locale", locales, asked, asked.locale),
    ]
    if recall.queues:
        choosing.insert(1, _select("queue", queues, asked, asked.queue))
    blocks: list[Json] = [
        {"type": "header", "text": rendering.label(word(lists.TITLE), 150)},
        {"type": "actions", "elements": choosing},
    ]
    for at, (each, link) in enumerate(zip(page.cases, links, strict=True)):
        row: Json = {"type": "section", "text": rendering.line(_words(each, word))}
        if link:
            show = {"type": "button", "action_id": f"{buttons.SHOW}:{at}", "url": link}
            row["accessory"] = show | {"text": rendering.label(word("home_show"), SLACK.label_limit)}
        blocks.append(row)
    if not page.cases:
        blocks.append({"type": "section", "text": rendering.plain_text(word(lists.NONE), rendering.LIMIT)})
    turning = []
    if asked.after is not None:
        turning.append(_turn("first", word(lists.FIRST), msgspec.structs.replace(asked, after=None)))
    if page.following is not None:
        turning.append(_turn("next", word(lists.NEXT), page.following))
    turning.append(
        {"type": "button", "action_id": buttons.START, "text": rendering.label(word("home_start"), SLACK.label_limit)}
    )
    return {"type": "home", "blocks": [*blocks, {"type": "actions", "elements": turning}]}


def _words(listed: Listed, word: Callable[[str], str]) -> tuple[Paragraph]:
    case = listed.case
    facts = [word(f"desk_is_{case.status}"), word(f"desk_is_{case.priority}"), case.queue, case.locale]
    if case.due is not None:
        facts.append(f"{word('desk_card_due')} {datetime.fromtimestamp(case.due / 1000, UTC):%Y-%m-%d %H:%M} UTC")
    return (Paragraph((Text(f"{case.id} · {case.title}", bold=True), Text("\n" + " · ".join(facts)))),)


def _select(field: str, choices: Sequence[tuple[str, str]], asked: Query, present: str) -> Json:
    """A select whose options are what is looked at next: the same, but for one field, from the first page on."""
    values: Mapping[str, str] = {
        value: msgspec.structs.replace(asked, **{field: value, "after": None}).encoded() for value, _ in choices
    }
    made = options([(values[value], label) for value, label in choices])
    found: Json = {"type": "static_select", "action_id": buttons.look(field), **made}
    every = [each for group in made.get("option_groups", [made]) for each in group["options"]]
    initial = [each for each in every if each["value"] == values.get(present)]
    return found | ({"initial_option": initial[0]} if initial else {})


def _turn(name: str, label: str, to: Query) -> Json:
    text = rendering.label(label, SLACK.label_limit)
    return {"type": "button", "action_id": buttons.look(name), "text": text, "value": to.encoded()}
