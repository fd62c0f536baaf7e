"""A merchant's account, from the form to the one who opens it, over sockets, store and delivery."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.channels.telegram.conftest import called
from tests.desk.serving import claimed, service

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from tests.platforms.slack import SlackStandIn
    from tests.platforms.telegram import TelegramStandIn

pytestmark = pytest.mark.anyio

PASSWORD = "otter-lantern-gravel-noodle"
GIVEN = {"address": "https://staging.shop.example.com/admin", "user": "triage", "password": PASSWORD}


async def test_staff_in_slack_open_an_account_that_nobody_else_sees(
    slack: SlackStandIn, telegram: TelegramStandIn, lawful: Callable[[], None], tmp_path: Path
) -> None:
    """The form comes to Ana in her language; the way in comes to Noor alone, in the thread that Kim reads, too."""
    ana, noor, kim = telegram.user("Ana", language="es"), slack.user("Noor"), slack.user("Kim")
    desk = slack.channel("desk", [noor, kim], private=True)
    async with service(slack, telegram, tmp_path, f"slack:{slack.home.id}:{desk.conversation.id}:"):
        card = await claimed(ana, noor, desk)
        await noor.until(lambda: "Reply…" in card.buttons or None, "the case is Noor's")
        await noor.mention(desk, "access requested staging", thread=card.id)
        await noor.mention(desk, "drop", thread=card.id)
        form = await ana.until(lambda: first(link(each.text, "drop") for each in ana.messages()), "the form arrives")
        async with httpx.AsyncClient() as browser:
            assert "Contraseña" in (await browser.get(form)).text
            assert "ha llegado" in (await browser.post(form, data=GIVEN)).text
            button = await noor.until(
                lambda: next(
                    (each for each in noor.messages(channel=desk) if "Open the account" in each.buttons), None
                ),
                "staff hear of it",
            )
            await noor.press(button, "Open the account")
            way = await noor.until(
                lambda: next(
                    filter(None, (whole(each.raw) for each in noor.messages(channel=desk, thread=card.id))), None
                ),
                "the way in arrives",
            )
            assert not any(whole(each.raw) for each in kim.messages(channel=desk, thread=card.id))
            assert PASSWORD in (await browser.post(way)).text
            assert PASSWORD not in (await browser.post(way)).text
        await noor.until(
            lambda: "has opened the account" in noor.messages(channel=desk, thread=card.id)[-1].text or None,
            "it is told",
        )
    assert PASSWORD not in str(slack.world.__dict__) + str(telegram.world.__dict__)
    lawful()


async def test_staff_on_telegram_open_it_in_their_private_chat(
    slack: SlackStandIn, telegram: TelegramStandIn, lawful: Callable[[], None], tmp_path: Path
) -> None:
    """Who has never written to the bot is told to, in the topic; then the way in comes to them alone."""
    ana, noor = slack.user("Ana"), telegram.user("Noor")
    forum = telegram.forum("Desk", [noor])
    async with service(slack, telegram, tmp_path, f"telegram:{telegram.world.bot.id}:{forum.id}:"):
        await ana.send("hello")
        await ana.next_message()
        topic, card = await called(ana, noor, forum)
        await noor.press(card, "Claim")
        for command in ("/access requested staging", "/drop"):
            await noor.send(command, group=forum, topic=topic.id)
        form = await ana.until(lambda: first(whole(each.raw, "drop") for each in ana.messages()), "the form arrives")
        async with httpx.AsyncClient() as browser:
            await browser.post(form, data=GIVEN)
            await noor.send("/open", group=forum, topic=topic.id)
            await noor.until(
                lambda: "our private chat" in noor.messages(group=forum, topic=topic.id)[-1].text or None,
                "Noor is told to write first",
            )
            await noor.start("")
            await noor.send("/open", group=forum, topic=topic.id)
            way = await noor.until(
                lambda: next(filter(None, (whole(each.raw) for each in noor.messages()[::-1])), None),
                "the way in arrives",
            )
            assert PASSWORD in (await browser.post(way)).text
        assert not any(whole(each.raw) for each in noor.messages(group=forum, topic=topic.id))
    lawful()


def first(links: Iterable[str | None]) -> str | None:
    """The one that there is."""
    return next(filter(None, links), None)


def link(text: str, path: str) -> str | None:
    """The address of a page in a text."""
    found = re.search(rf"https?://\S+/{path}/[\w/=-]+", text)
    return found[0] if found else None


def whole(raw: object, path: str = "open") -> str | None:
    """The address of a page anywhere in a message as it was sent."""
    return link(str(raw).replace("'", " "), path)
