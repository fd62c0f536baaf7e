"""Channels that get another id: whatever was begun in them goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.channels.slack.moves import Moves
from bot.chat.addresses import Address
from bot.settings import SettingsError
from tests.channels.slack.listening import platform
from tests.channels.slack.test_end_to_end import service
from tests.channels.telegram.conftest import anyio_backend
from tests.channels.telegram.test_states import ended, settled

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from bot.store.port import Store
    from tests.platforms.slack import SlackStandIn
    from tests.platforms.slack.channel import Channel
    from tests.platforms.slack.person import Person
    from tests.platforms.slack.shown import Shown

__all__ = ["anyio_backend", "service"]

pytestmark = pytest.mark.anyio


@pytest.mark.usefixtures("brief_holds")
async def test_what_was_begun_in_a_channel_goes_on(
    slack: SlackStandIn, service: Callable[..., AbstractAsyncContextManager[None]], tmp_path: Path
) -> None:
    """The merchant's channel and the staff's move: nobody notices, with the settings as they were."""
    ana, noor = slack.user("Ana"), slack.user("Noor")
    shop, desk = slack.channel("shop", [ana], private=True), slack.channel("desk", [noor], private=True)
    staff = f"slack:{slack.home.id}:{desk.id}:"
    async with service(staff=staff):
        said = await ana.mention(shop, "/human")
        card = await noor.next_message(channel=desk)
        await settled(tmp_path)
        shop.move()
        desk.move()
        await slack.news.until(lambda: len(slack.wire.deliveries("channel_id_changed")) == 2, "it is heard of")
        await noor.press(card, "Claim")
        await ana.until(lambda: "Noor" in ana.messages(channel=shop, thread=said.id)[-1].text, "Ana hears who is there")
        await ana.send("It still fails.", channel=shop, thread=said.id)
        await noor.until(lambda: "Ana: It still fails." in texts(noor, desk, card), "the words arrive")
        await settled(tmp_path)
        desk.move()
        await slack.news.until(lambda: len(slack.wire.deliveries("channel_id_changed")) == 3, "and again")
    async with service(staff=staff):
        await noor.send("I look.", channel=desk, thread=card.id)
        await ana.until(lambda: "Noor: I look." in texts(ana, shop, said), "the reply arrives")
        await settled(tmp_path)
    assert ended(tmp_path) == []


def texts(person: Person, channel: Channel, root: Shown) -> list[str]:
    """What stands in a thread."""
    return [each.text for each in person.messages(channel=channel, thread=root.id)]


async def test_every_way_leads_home(store: Store) -> None:
    """Told twice, or late, of one move of several: the channel is where it went last; direct messages never move."""
    moves = Moves(store)
    first, second, third = (Address("slack", "T1", each, "1.2") for each in ("C1", "C2", "C3"))
    for where, to in ((first, "C2"), (second, "C3"), (first, "C2")):
        await moves.follow(where, to)
    assert [await moves.home(each) for each in (first, second, third)] == [first] * 3
    assert await moves.now(first) == "C3"
    elsewhere = Address("slack", "T2", "C2", "1.2")
    assert (await moves.home(elsewhere), await moves.now(elsewhere)) == (elsewhere, "C2")


async def test_what_is_known_is_not_asked_for_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store is asked once of a channel, and now and then whether one has moved: another process may have heard."""
    asked: list[str] = []
    landmark = store.landmark

    async def counted(name: str) -> str | None:
        asked.append(name)
        return await landmark(name)

    monkeypatch.setattr(store, "landmark", counted)
    here, another = Moves(store), Moves(store)
    first, second = (Address("slack", "T1", each, "1.2") for each in ("C1", "C2"))
    for each in (here, another, here, another):
        assert (await each.now(first), await each.home(second)) == ("C1", second)
    assert len(asked) == 6
    await another.follow(first, "C2")
    assert (await another.now(first), await another.home(second)) == ("C2", first)
    here._look_at = 0.0
    assert (await here.now(first), await here.home(second)) == ("C2", first)


async def test_staff_are_named_by_the_home_of_their_channel(slack: SlackStandIn, store: Store) -> None:
    """Cases would not be found under the new id: who sets it is told which one it has to be."""
    moves, team = Moves(store), slack.home.id
    await moves.follow(Address("slack", team, "C1"), "C2")
    for chat in ("C1", "C2"):
        found = platform(slack, "http", f"slack:{team}:{chat}:")
        found._moves = moves
        if chat == "C1":
            await found.introduce(None)  # type: ignore[arg-type]
        else:
            with pytest.raises(SettingsError, match=f"slack:{team}:C1:$"):
                await found.introduce(None)  # type: ignore[arg-type]
        await found.close()
