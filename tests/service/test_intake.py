"""Intake: in order, once, each with an answer, whatever happens to the others."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.service.intake import FEW, Busy, Intake
from bot.store.opening import open_store
from bot.store.port import Unavailable
from bot.store.steps import take
from tests.databases import new_file
from tests.searching import examples
from tests.service.outage import Outage
from tests.service.world import PATIENCE_S, Clock, until
from tests.store.made import A, B, C, appending, arrival, change, message, rows, step

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from bot.store.port import Store
    from bot.store.rows import Arrival, Change, Step, Task, Verdict


@contextlib.asynccontextmanager
async def taking_in(intake: Intake, committers: int = 1) -> AsyncIterator[None]:
    """Run it, and let it finish."""
    run = asyncio.create_task(intake.run(committers))
    try:
        yield
    finally:
        intake.close()
        async with asyncio.timeout(PATIENCE_S):
            await run


def made(store: Store, *, batch: int = 64, waiting: int = 4096) -> Intake:
    """An intake whose conversations are lists of keys."""
    return Intake(store, appending, Clock(), lambda each: f"written: {each.key}", batch=batch, waiting=waiting)


async def document(store: Store, address: str) -> str:
    """A conversation as it stands."""
    stored = await store.conversation(address)
    return stored.document.decode() if stored is not None else ""


async def test_each_is_kept_when_it_is_answered(store: Store) -> None:
    """An answer comes after the commit: what was answered is in the store at once."""
    intake = made(store)
    async with taking_in(intake):
        assert await intake.submit(arrival(A, "1")) == "applied"
        assert await document(store, A) == "1 "


async def test_few_wait_for_the_commit_before_them(sqlite: str) -> None:
    """While the store writes, a committer for steps elsewhere leaves few events to the next commit, all of them."""
    store = await open_store(sqlite)
    begun, free = list[int](), asyncio.Event()
    commit = store.commit

    async def slow(batch: Sequence[Arrival], step: Step, now: int) -> list[Verdict]:
        begun.append(len(batch))
        await free.wait()
        return await commit(batch, step, now)

    store.commit = slow  # type: ignore[method-assign]
    intake = made(store)
    run = asyncio.create_task(intake.run(1, 1))
    sent = [asyncio.create_task(intake.submit(arrival(A, "1")))]
    await until(lambda: begun)
    for address in (B, C):
        sent.append(asyncio.create_task(intake.submit(arrival(address, "1"))))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    free.set()
    assert await asyncio.gather(*sent) == ["applied"] * 3
    assert begun == [1, 2]
    intake.close()
    await run
    await store.close()


async def test_a_key_seen_before_changes_nothing(store: Store) -> None:
    """The same event again, at once or later, in one process or another, is a duplicate; its twin elsewhere is not."""
    intake, other = made(store), made(store)
    async with taking_in(intake), taking_in(other):
        twins = await asyncio.gather(*(intake.submit(arrival(A, "1")) for _ in range(2)))
        assert list(twins) == ["applied", "duplicate"]
        assert await other.submit(arrival(A, "1")) == "duplicate"
        assert await other.submit(arrival(B, "1")) == "applied"
    assert await document(store, A) == "1 "


@pytest.mark.parametrize("committers", [1, 2])
async def test_order_is_kept_within_a_conversation(store: Store, committers: int) -> None:
    """Many events of few conversations, submitted at once: each conversation has its own in the order they came."""
    intake = made(store, batch=2)
    async with taking_in(intake, min(committers, store.committers)):
        sent = [arrival(address, f"{number}") for number in range(20) for address in (A, B, C)]
        assert set(await asyncio.gather(*map(intake.submit, sent))) == {"applied"}
    for address in (A, B, C):
        assert (await document(store, address)).split() == [str(number) for number in range(20)]


async def test_batches_are_of_distinct_conversations(store: Store) -> None:
    """No batch holds two events of one conversation, and none is larger than it may be."""
    batches: list[list[str]] = []
    intake = made(store, batch=3)
    commit = intake._keep

    async def noted(batch: Sequence[object]) -> None:
        batches.append([each.arrival.address for each in batch])  # type: ignore[attr-defined]
        await commit(batch)  # type: ignore[arg-type]

    intake._keep = noted  # type: ignore[method-assign]
    sent = [arrival(f"console:1:{place}:", f"{n}") for n in range(3) for place in "abcde"]
    waiting = [asyncio.create_task(intake.submit(each)) for each in sent]
    await asyncio.sleep(0)
    async with taking_in(intake):
        await asyncio.gather(*waiting)
    assert all(len(set(batch)) == len(batch) <= 3 for batch in batches)
    assert sum(map(len, batches)) == 15
    assert max(map(len, batches)) == 3


async def test_what_waits_is_shared_out_to_those_that_take_steps_elsewhere(store: Store) -> None:
    """While one batch is written the steps of another are taken elsewhere; few events are not worth the way."""

    class Elsewhere:
        def __init__(self) -> None:
            self.sizes: list[int] = []

        def at_hand(self) -> bool:
            return True

        async def __call__(self, tasks: Sequence[Task]) -> Sequence[Change | None]:
            self.sizes.append(len(tasks))
            await asyncio.sleep(0)
            return take(tasks, appending)

    intake = made(store)
    intake.apart = elsewhere = Elsewhere()
    async with taking_in(intake, 2):
        for count in (FEW - 1, 2 * FEW + 2):
            await asyncio.gather(*(intake.submit(arrival(f"console:1:{n}:", f"{count}")) for n in range(count)))
        poisoned = await asyncio.gather(*(intake.submit(arrival(f"c:1:{n}:", f"poison {n}")) for n in range(FEW)))
    assert elsewhere.sizes[:2] == [FEW + 1, FEW + 1]
    assert set(poisoned) == {"parked"}
    assert await document(store, "console:1:0:") == f"{FEW - 1} {2 * FEW + 2} "


async def test_whoever_delivers_is_told_what_there_is(store: Store) -> None:
    """After each batch it is said by which carriers its messages go, wherever its steps were taken."""

    class Elsewhere:
        def at_hand(self) -> bool:
            return True

        async def __call__(self, tasks: Sequence[Task]) -> Sequence[Change | None]:
            return take(tasks, step)

    told: list[set[str]] = []
    intake = Intake(store, step, Clock(), lambda _: "", after=lambda carriers: told.append(set(carriers)))
    said = change(message("1", carrier="console"), message("2", carrier="desk"))
    async with taking_in(intake):
        await intake.submit(arrival(A, "1", said))
        for key, payload in (("1", said), ("2", None), ("3", change())):
            await intake.submit(arrival(A, key, payload))
        intake.apart = Elsewhere()
        await asyncio.gather(*(intake.submit(arrival(f"console:1:{n}:", "1", said)) for n in range(FEW)))
    assert told == [{"console", "desk"}, set(), set(), set(), {"console", "desk"}]


async def test_poison_is_put_aside_and_the_others_are_kept(store: Store) -> None:
    """Events that cannot be applied are parked with their reason; their batch and their own line go on without them."""
    intake = made(store)
    keys = [(A, "1"), (B, "poison 1"), (C, "1"), (B, "2"), (A, "poison 2"), (A, "3")]
    waiting = [asyncio.create_task(intake.submit(arrival(*each))) for each in keys]
    await asyncio.sleep(0)
    async with taking_in(intake):
        results = await asyncio.gather(*waiting)
        assert results == ["applied", "parked", "applied", "applied", "parked", "applied"]
        assert await intake.submit(arrival(B, "poison 1")) == "duplicate"
    assert [await document(store, each) for each in (A, B, C)] == ["1 3 ", "2 ", "1 "]
    parked = [(each.address, each.key, each.reason, each.payload) for each in await store.parked()]
    assert sorted(parked) == [
        (A, "poison 2", "ValueError: cannot apply poison 2", "written: poison 2"),
        (B, "poison 1", "ValueError: cannot apply poison 1", "written: poison 1"),
    ]


async def test_poison_is_named_in_the_log_without_its_content(store: Store) -> None:
    """The log says which event was parked and the kind of error; the error's text, which may quote it, it does not."""
    intake = made(store)
    with structlog.testing.capture_logs() as logs:
        async with taking_in(intake):
            await intake.submit(arrival(A, "poison"))
    assert [(each["event"], each["key"], each["error"]) for each in logs] == [("event_parked", "poison", "ValueError")]


async def test_when_no_more_can_wait_the_answer_is_busy(store: Store) -> None:
    """Beyond what may wait nothing is taken in; when there is room again, it is."""
    intake = made(store, waiting=3)
    waiting = [asyncio.create_task(intake.submit(arrival(A, str(number)))) for number in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(Busy):
        await intake.submit(arrival(B, "1"))
    async with taking_in(intake):
        await asyncio.gather(*waiting)
        assert await intake.submit(arrival(B, "1")) == "applied"
        assert await intake.submit(arrival(B, "2")) == "applied"
        assert (intake._room, intake._lines) == (3, {})


async def test_what_cannot_be_kept_fails_with_all_behind_it(sqlite: str) -> None:
    """When the store is away, an event is not kept, nor is any that came behind it: nothing overtakes it."""
    store = await open_store(sqlite)
    intake = made(store, batch=1)
    async with taking_in(intake):
        with Outage(store, sqlite):
            sent = [arrival(A, "1"), arrival(B, "1"), arrival(A, "2"), arrival(A, "3")]
            results = await asyncio.gather(*map(intake.submit, sent), return_exceptions=True)
            assert [type(each) for each in results] == [Unavailable] * 4
        assert intake._room == 4096
        # brought again, they are applied as if nothing had been
        assert set(await asyncio.gather(*map(intake.submit, sent))) == {"applied"}
        assert await document(store, A) == "1 2 3 "
    await store.close()


async def test_poison_that_cannot_be_put_aside_is_not_kept(sqlite: str) -> None:
    """If the store goes away between the failure and the parking, the bringer hears that the event was not kept."""
    store = await open_store(sqlite)
    intake = made(store)
    outage = Outage(store, sqlite)
    write_down = intake._write_down

    def goes_away(each: Arrival) -> str:
        outage.__enter__()
        return write_down(each)

    intake._write_down = goes_away
    async with taking_in(intake):
        with pytest.raises(Unavailable):
            await intake.submit(arrival(A, "poison"))
        outage.__exit__()
    assert await store.parked() == []
    await store.close()


async def test_who_goes_away_takes_nothing_with_them(store: Store) -> None:
    """A caller that is cancelled while its event waits loses the answer; the event and those behind it are applied."""
    intake = made(store)
    gone = asyncio.create_task(intake.submit(arrival(A, "1")))
    stays = asyncio.create_task(intake.submit(arrival(A, "2")))
    await asyncio.sleep(0)
    gone.cancel()
    async with taking_in(intake):
        assert await stays == "applied"
    assert await document(store, A) == "1 2 "
    assert intake._room == 4096


async def test_to_close_is_to_keep_what_waits(store: Store) -> None:
    """What was taken in before the end is kept; after it the answer is busy."""
    intake = made(store, batch=1)
    waiting = [asyncio.create_task(intake.submit(arrival(A, str(number)))) for number in range(5)]
    await asyncio.sleep(0)
    async with taking_in(intake):
        await asyncio.sleep(0)
    assert await asyncio.gather(*waiting) == ["applied"] * 5
    with pytest.raises(Busy):
        await intake.submit(arrival(A, "late"))


async def test_when_it_is_cut_off_everybody_is_told(store: Store) -> None:
    """If it is cancelled, whoever waits hears that their event is to be brought again: nobody waits for ever."""
    intake = made(store)
    run = asyncio.create_task(intake.run())
    waiting = [asyncio.create_task(intake.submit(arrival(A, str(number)))) for number in range(3)]
    while intake._ready or not intake._lines:  # noqa: ASYNC110  (as soon as the first of them is taken up)
        await asyncio.sleep(0)
    run.cancel()
    async with asyncio.timeout(PATIENCE_S):
        results = await asyncio.gather(*waiting, return_exceptions=True)
    assert all(isinstance(each, Busy) or each == "applied" for each in results)
    assert isinstance(results[-1], Busy)
    with contextlib.suppress(asyncio.CancelledError):
        await run


@settings(max_examples=examples(15), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.sampled_from([A, B, C]), st.integers(0, 6), st.booleans()), max_size=30),
    st.integers(1, 4),
)
def test_whatever_comes_each_conversation_has_it_once_in_order(
    tmp_path_factory: pytest.TempPathFactory, what: list[tuple[str, int, bool]], batch: int
) -> None:  # fmt: skip
    """Any mix of events, duplicates and poison over conversations: as a plain loop would have applied them."""
    url = new_file(tmp_path_factory.mktemp("any"))
    sent = [arrival(address, f"{'poison ' if bad else ''}{key}") for address, key, bad in what]
    wanted: dict[str, list[str]] = {A: [], B: [], C: []}
    parked: list[tuple[str, str]] = []
    for each in sent:
        if "poison" in each.key:
            if (each.address, each.key) not in parked:
                parked.append((each.address, each.key))
        elif each.key not in wanted[each.address]:
            wanted[each.address].append(each.key)

    async def all_of_it() -> None:
        store = await open_store(url)
        intake = made(store, batch=batch)
        async with taking_in(intake):
            await asyncio.gather(*map(intake.submit, sent))
        assert {each: (await document(store, each)).split() for each in wanted} == wanted
        assert sorted((each.address, each.key) for each in await store.parked()) == sorted(parked)
        await store.close()

    asyncio.run(all_of_it())


async def test_the_rows_of_an_event_are_counted_once(store: Store, database: str) -> None:
    """Each applied event is one row of keys, whatever was brought twice."""
    intake = made(store)
    async with taking_in(intake):
        await asyncio.gather(*(intake.submit(arrival(A, str(number % 5))) for number in range(15)))
    assert await rows(database, "SELECT count(*) FROM events") == [(5,)]
