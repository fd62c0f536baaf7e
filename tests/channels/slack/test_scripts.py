"""The conversation scripts end to end on Slack, in both modes: sockets, store, engine, delivery and back."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from bot.chat.addresses import Address
from tests.channels.scripted import chosen, is_banner, loaded
from tests.channels.slack.listening import listening, platform
from tests.channels.slack.outgoing import Desk
from tests.channels.slack.playing import Player, playable
from tests.platforms.oracle import SlackOracle

if TYPE_CHECKING:
    from pathlib import Path

    from bot.scripts.model import Case
    from tests.platforms.slack import SlackStandIn

pytestmark = pytest.mark.anyio

CHOSEN = chosen(playable, ("http", "socket"))


@pytest.mark.parametrize(("mode", "case"), CHOSEN, ids=[f"{mode}-{case.case}" for mode, case in CHOSEN])
async def test_a_script(mode: str, case: Case, slack: SlackStandIn, tmp_path: Path) -> None:
    """Somebody sees what the script says, and nothing else; every request is lawful, and nothing is left over."""
    person = slack.user(case.name or "Ana", locale=case.locale)
    team = slack.channel("team", [slack.user("Tess")])
    staff = str(Address("slack", slack.home.id, team.id))
    desk = Desk(slack, tmp_path, staff, loaded(), case.flow, platform(slack, mode, staff))
    desk.ahead_ms = int((case.clock.timestamp() - time.time()) * 1000)
    async with desk.serving(), listening(slack, desk, mode):
        player = Player(person, desk, loaded().library(), case)
        await player.play()
        await desk.emptied(player.overviews)
        seen = {each.id for each in person.messages() if each.raw.get("app_id") and not is_banner(each.text)}
    assert player.beside or seen <= person._seen
    assert desk.rows("SELECT * FROM outbox WHERE state <> 'sent'") == []
    assert SlackOracle().faults(slack.wire) == []
