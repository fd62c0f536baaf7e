"""What comes in: applied once, whole batches or nothing, put aside where it cannot be applied."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.store.admin import administered, find
from bot.store.erasing import DAY_MS, Retention, erase, prune
from bot.store.rows import Arrival, Change, Poisoned, Stored
from bot.store.steps import here
from tests.store.made import A, B, C, alarm, arrival, change, commit, exchange, message, rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.store.port import Store
    from bot.store.rows import Step, Verdict


@pytest.fixture(params=["within", "apart"])
def store(request: pytest.FixtureRequest, store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """An empty store that takes steps itself, and one for which they are taken elsewhere."""

    async def commit(batch: Sequence[Arrival], step: Step, now: int) -> list[Verdict]:
        return await store.commit_apart(batch, here(step), now)

    if request.param == "apart":
        monkeypatch.setattr(store, "commit", commit)
    return store


async def test_a_change_is_kept(store: Store) -> None:
    """The document of a conversation is what its last event made of it, and `rev` counts the events."""
    assert await store.conversation(A) is None
    assert await commit(store, arrival(A, "1", change(document='{"n": 1}'))) == ["applied"]
    first = await store.conversation(A)
    assert first == Stored(first.id if first else 0, 1, b'{"n": 1}')
    await commit(store, arrival(A, "2", change(document='{"n": 2}')))
    assert await store.conversation(A) == Stored(first.id if first else 0, 2, b'{"n": 2}')


async def test_the_step_sees_what_is_stored(store: Store) -> None:
    """A step is given its arrival and the conversation, None for a new one."""
    seen: list[tuple[Arrival, Stored | None]] = []

    def watch(arrival: Arrival, stored: Stored | None) -> Change:
        seen.append((arrival, stored))
        return change(document='{"by": "' + arrival.key + '"}')

    one, two, other = arrival(A, "1"), arrival(A, "2"), arrival(B, "1")
    await store.commit([one], watch, 0)
    await store.commit([two, other], watch, 0)
    id_ = seen[1][1].id if seen[1][1] else 0
    assert seen == [(one, None), (two, Stored(id_, 1, b'{"by": "1"}')), (other, None)]


async def test_a_key_counts_once(store: Store) -> None:
    """An event whose key was seen changes nothing and meets no step; the same key elsewhere is another event."""
    await commit(store, arrival(A, "1", change()))
    failing = ValueError()
    assert await commit(store, arrival(A, "1", failing), arrival(B, "1", change())) == ["duplicate", "applied"]
    assert await commit(store, arrival(A, "1", failing)) == ["duplicate"]


async def test_a_key_counts_once_for_good(store: Store) -> None:
    """However much has happened since, and whatever a step would make of it, what was seen once is a duplicate."""
    for n in range(8):
        await commit(store, arrival(A, str(n), change(document=str(n))))
    for again in (change(message("again")), None, ValueError()):
        for n in (1, 7):
            assert await commit(store, arrival(B, f"{again} {n}", change()), arrival(A, str(n), again)) == [
                "applied",
                "duplicate",
            ]
    assert (await store.conversation(A) or Stored(0, 0, b""))[1:] == (8, b"7")
    assert await exchange(store) == []


async def test_what_changes_nothing_is_seen_too(store: Store) -> None:
    """A step may change nothing: in a conversation the key counts as seen; none begins by it."""
    await commit(store, arrival(A, "1", change()))
    assert await commit(store, arrival(A, "2"), arrival(B, "1")) == ["applied", "applied"]
    assert await commit(store, arrival(A, "2", ValueError())) == ["duplicate"]
    stored = await store.conversation(A)
    assert stored is not None
    assert stored.rev == 1
    assert await store.conversation(B) is None


async def test_an_event_of_a_removed_conversation_stays_known(store: Store, database: str) -> None:
    """Its platform may bring it again: that begins nothing. Another event there, or the same one elsewhere, does."""
    await commit(store, arrival(A, "1", change()), arrival(B, "1", change()), now=DAY_MS)
    await commit(store, arrival(A, "2", change()), now=8 * DAY_MS)
    await store.park(arrival(A, "3"), "{}", "why", 8 * DAY_MS)
    async with administered(database) as connection:
        (row,) = await find(connection, A)
        await erase(connection, row, 9 * DAY_MS)
    assert await store.conversation(A) is None
    again = [arrival(A, "2", ValueError()), arrival(B, "1", ValueError()), arrival(C, "2", change())]
    assert await commit(store, *again) == ["duplicate", "duplicate", "applied"]
    assert await commit(store, arrival(A, "3", ValueError())) == ["duplicate"]
    assert A not in repr(await rows(database, "SELECT * FROM forgotten"))
    assert await commit(store, arrival(A, "1", change())) == ["applied"]  # too old for any platform to bring it again
    async with administered(database) as connection:
        assert (await prune(connection, Retention(), 20 * DAY_MS))["fingerprints of removed events"] == 2


async def test_a_poisoned_batch_leaves_nothing(store: Store) -> None:
    """If the step fails on one event nothing of its batch is kept, and the error names the culprit and its cause."""
    failing = ValueError("no")
    with pytest.raises(Poisoned) as caught:
        await commit(
            store,
            arrival(A, "1", change(message("hello"), tick=5)),
            arrival(B, "1", failing),
            arrival(C, "1", change()),
        )
    assert (caught.value.index, caught.value.__cause__) == (1, failing)
    assert [await store.conversation(each) for each in (A, B, C)] == [None, None, None]
    assert await exchange(store) == []
    assert await store.due(10, 10) == []
    assert await commit(store, arrival(A, "1", change())) == ["applied"]


async def test_an_empty_batch_is_nothing(store: Store) -> None:
    """No arrivals, no verdicts."""
    assert await commit(store) == []


async def test_events_hold_the_log(store: Store, database: str) -> None:
    """Each event that changed something has its records, its platform's id and the state it led to."""
    await commit(store, arrival(A, "1", change()._replace(log=b'["a"]'), origin="m1"), now=7)
    await commit(store, arrival(A, "2", change()._replace(log=b'["b"]')), arrival(B, "1", change()), now=8)
    await commit(store, arrival(A, "3"), now=9)
    query = (
        "SELECT c.address, e.key, e.rev, e.at, e.origin, e.records FROM events e"
        " JOIN conversations c ON c.id = e.conversation ORDER BY c.address, e.key"
    )
    assert await rows(database, query) == [
        (A, "1", 1, 7, "m1", '["a"]'),
        (A, "2", 2, 8, None, '["b"]'),
        (A, "3", 2, 9, None, None),
        (B, "1", 1, 8, None, "[]"),
    ]


async def test_columns_follow_the_document(store: Store, database: str) -> None:
    """Status, control and epoch lie beside the document, with when the conversation began and changed."""
    await commit(store, arrival(A, "1", Change(b"{}", "open", "bot", 0, b"[]")), now=5)
    await commit(store, arrival(A, "2", Change(b"{}", "ended", "staff", 3, b"[]")), now=6)
    query = "SELECT status, control, epoch, created, updated FROM conversations"
    assert await rows(database, query) == [("ended", "staff", 3, 5, 6)]


async def test_parked_counts_as_seen(store: Store) -> None:
    """What was put aside is shown with its reason, and is a duplicate until it is taken out again."""
    for key in ("1", "2"):
        await store.park(arrival(A, key), f"payload {key}", "why", 5)
    await store.park(arrival(A, "1"), "again", "again", 6)
    shown = await store.parked()
    assert [each[1:] for each in shown] == [
        (5, A, "1", "why", "payload 1"),
        (5, A, "2", "why", "payload 2"),
    ]
    assert await store.parked(1) == shown[:1]
    assert await commit(store, arrival(A, "1", ValueError()), arrival(B, "1", change())) == ["duplicate", "applied"]
    await store.unpark(shown[0].id)
    assert await commit(store, arrival(A, "1", change())) == ["applied"]
    assert await commit(store, arrival(A, "2", ValueError())) == ["duplicate"]
    assert await store.parked() == shown[1:]


async def test_parking_the_event_of_a_timer_calls_it_off(store: Store) -> None:
    """A timer whose event cannot be applied does not come up again and again; one set anew stays."""
    await commit(store, arrival(A, "1", change(tick=5, tock=6)))
    await store.park(alarm(A, "tick", 5), "", "why", 5)
    await store.park(alarm(A, "tock", 7), "", "why", 5)
    assert [each.name for each in await store.due(10, 10)] == ["tock"]


async def test_any_text_is_kept(store: Store) -> None:
    """Texts of people and errors may hold any character."""
    text = "\U0001f600 ' \" \\ % {} é \u2028 \x07"
    await commit(store, arrival(A, text, change(document=text), origin=text))
    stored = await store.conversation(A)
    assert stored is not None
    assert stored.document == text.encode()
    await store.park(arrival(B, "1"), text, text, 0)
    assert [(each.payload, each.reason) for each in await store.parked()] == [(text, text)]


async def test_conversations_of_a_merchant(store: Store) -> None:
    """They are found by whom they are with, the latest first, and stay so; one that is with nobody is not found."""
    await commit(store, arrival(A, "1", change(document="1")._replace(merchant="m")), now=1)
    await commit(store, arrival(B, "1", change(document="2")._replace(merchant="m")), now=2)
    await commit(store, arrival(C, "1", change(document="3")), now=3)
    assert await store.held("m", 10) == [(B, "2"), (A, "1")]
    await commit(store, arrival(A, "2", change(document="4")._replace(merchant="other")), now=4)
    assert await store.held("m", 10) == [(A, "4"), (B, "2")]
    assert await store.held("m", 1) == [(A, "4")]
    assert await store.held("other", 10) == await store.held("", 10) == []
