"""Delivery: in order, once, as often as it takes, and nothing is left without an end."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot.service.delivery import FIRST_PAUSE_MS, GIVE_UP_AFTER, LONGEST_PAUSE_MS, Deliverer
from bot.service.leases import Lease
from bot.service.port import Later, Lost, Rate, Refused
from bot.service.ration import Rations
from bot.store.opening import open_store
from bot.store.rows import Delivery
from tests.service.outage import Outage
from tests.service.world import ANY, START, Clock, Delivering, Hanging, StandIn, Taken, until
from tests.store.made import A, B, C, arrival, change, commit, message, rows

if TYPE_CHECKING:
    from bot.store.port import Store

STATES = "SELECT payload, state, coalesce(reason, '') FROM outbox ORDER BY id"


async def say(
    store: Store, key: str, *texts: str, to: str = A, epoch: int = 0, fenced: bool = False, priority: int = 1
) -> None:
    """Commit messages for the conversation `to`, which is at `epoch`."""
    made = [message(each, to=to, epoch=epoch if fenced else None, priority=priority) for each in texts]
    await commit(store, arrival(to, key, change(*made, epoch=epoch)))


async def test_a_lane_leaves_in_order(store: Store) -> None:
    """Messages of one conversation to one place arrive in the order in which they were computed, one by one."""
    channel = StandIn()
    await say(store, "1", "1", "2", "3")
    await say(store, "2", "4", "5")
    async with Delivering(store, channel, Clock()) as at_work:
        await at_work.empty()
    assert channel.taken == ["1", "2", "3", "4", "5"]


async def test_a_blocked_lane_blocks_no_other(store: Store) -> None:
    """While one place gives no answer, its own lane waits, and every other lane is empty soon."""
    channel = StandIn()
    channel.outcomes["a1"] = [Hanging()]
    await say(store, "1", "a1", "a2")
    await say(store, "1", "b1", "b2", to=B)
    async with Delivering(store, channel, Clock()):
        await until(lambda: channel.taken == ["b1", "b2"])
        assert "a2" not in channel.attempts
        channel.go_on()
        await until(lambda: channel.taken == ["b1", "b2", "a1", "a2"])


async def test_as_many_are_under_way_as_may_be(store: Store) -> None:
    """Part by part all the room is taken that there is, and no more; what is answered makes room for others."""
    channel = StandIn()
    channel.outcomes[ANY] = [Hanging() for _ in range(5)]
    await commit(store, *(arrival(f"console:1:{n}:", "1", change(message(str(n)))) for n in range(12)))
    async with Delivering(store, channel, Clock(), at_once=5) as at_work:
        await until(lambda: len(channel.attempts) == 5)
        at_work.deliverer.wake()
        assert await store.next_delivery(["console"]) == 0
        assert len(channel.attempts) == 5
        channel.go_on()
        await at_work.empty()
    assert sorted(map(int, channel.taken)) == list(range(12))


async def test_what_is_looked_for_takes_no_room(store: Store) -> None:
    """With room for one message at a time, one whose fate the platform does not tell yet lets the next one pass."""
    channel = StandIn()
    channel.outcomes["a1"] = [Taken()]
    channel.findings["a1"] = [Later("not now"), Later("not now", after=100)]
    await say(store, "1", "a1", "a2")
    await say(store, "1", "b1", to=B)
    async with Delivering(store, channel, Clock(), at_once=1):
        await until(lambda: "b1" in channel.taken)
        assert "a2" not in channel.taken
        await until(lambda: channel.taken[-1] == "a2")
    assert channel.taken == ["a1", "b1", "a2"]


async def test_it_is_tried_again_after_a_pause(store: Store) -> None:
    """What the platform does not take now is not tried before its pause is over, and then it is; the lane waits."""
    channel, clock = StandIn(), Clock()
    channel.outcomes["1"] = [Later("busy"), RuntimeError("a defect")]
    await say(store, "1", "1", "2")
    async with Delivering(store, channel, clock) as at_work:
        await at_work.empty()
        assert channel.attempts == ["1"]
        await at_work.pass_(FIRST_PAUSE_MS * 3 // 4 - 1)
        assert channel.attempts == ["1"]
        await at_work.pass_(1)
        assert channel.attempts == ["1", "1"]
        await at_work.pass_(FIRST_PAUSE_MS * 3 // 2 - 1)
        assert channel.attempts == ["1", "1"]
        await at_work.pass_(1)
    assert channel.taken == ["1", "2"]


@given(st.integers(1, 3000), st.floats(0, 1), st.integers(0, 10**7))
def test_pauses_grow_and_obey(attempts: int, random: float, after: int) -> None:
    """A pause is never shorter than the platform asks, doubles up to its longest, and is jittered by half of itself."""
    clock = Clock()
    made = Deliverer.__new__(Deliverer)
    made._clock, made._random = clock, lambda: random
    delivery = Delivery(1, 1, A, "console", A, "say", "x", attempts)
    settled = made._put_off(delivery, Later("busy", after, "b"))
    if attempts >= GIVE_UP_AFTER:
        assert settled.state == "refused"
        assert "busy" in settled.reason
        return
    pause = settled.not_before - START
    whole = min(FIRST_PAUSE_MS * 2 ** (attempts - 1), LONGEST_PAUSE_MS)
    assert pause >= after
    assert whole // 2 <= pause <= max(whole, after)
    assert (settled.state, settled.bucket) == ("queued", "b")


async def test_what_a_platform_asks_for_holds_for_all_processes(store: Store) -> None:
    """`retry_after` of one message shuts its bucket in the store: another process sends nothing of it meanwhile."""
    rate = Rate("account", 100, 100)
    first, second, clock = StandIn(rate), StandIn(rate), Clock()
    first.outcomes["a"] = [Later("429", after=30_000, bucket="account")]
    await say(store, "1", "a")
    async with Delivering(store, first, clock) as at_work:
        await at_work.empty()
    await say(store, "1", "b", to=B)
    async with Delivering(store, second, clock, "another") as at_work:
        await at_work.pass_(29_999)
        assert second.attempts == []
        await at_work.pass_(20)
        await at_work.pass_(20)
    assert sorted(second.taken) == ["a", "b"]


async def test_people_go_before_the_bot(store: Store) -> None:
    """Where the rate allows one at a time, the lowest number of priority leaves first."""
    channel, clock = StandIn(Rate("all", 1, 1)), Clock()
    for number, (to, priority) in enumerate([(A, 2), (B, 1), (C, 0)]):
        made = message(f"p{priority}", to=to, priority=priority)
        await commit(store, arrival(to, str(number), change(made)))
    async with Delivering(store, channel, clock) as at_work:
        for _ in range(4):
            await at_work.pass_(1_001)
    assert channel.taken == ["p0", "p1", "p2"]


async def test_what_waits_for_a_shared_rate_is_left_alone(store: Store, database: str) -> None:
    """Behind a bucket of the whole carrier only those are touched that leave; the urgent go first, and all in time."""
    channel, clock = StandIn(Rate("all", 1, 1, shared=True)), Clock()
    for number, (to, priority) in enumerate([(A, 2), (B, 1), (C, 1)]):
        made = message(f"{number}", to=to, priority=priority)
        await commit(store, arrival(to, str(number), change(made, message(f"{number}+", to=to, priority=priority))))
    async with Delivering(store, channel, clock) as at_work:
        await at_work.empty()
        await at_work.pass_(500)
        assert channel.taken == ["1"]
        waiting = "SELECT count(*), max(not_before), max(attempts) FROM outbox WHERE state = 'queued'"
        assert await rows(database, waiting) == [(5, 0, 0)]
        await say(store, "4", "urgent", to=f"{A}x", priority=0)
        for _ in range(7):
            await at_work.pass_(1_001)
    assert channel.taken[1] == "urgent"
    assert sorted(channel.taken) == sorted(["0", "0+", "1", "1+", "2", "2+", "urgent"])


async def test_news_of_others_is_none(store: Store) -> None:
    """The store is not asked where only others have something to deliver."""
    async with Delivering(store, StandIn(), Clock()) as at_work:
        await at_work.empty()
        at_work.deliverer._look = False
        at_work.deliverer.wake({"another"})
        assert not at_work.deliverer._look
        at_work.deliverer.wake({"another", "console"})
        assert at_work.deliverer._look


async def test_refused_is_an_end(store: Store, database: str) -> None:
    """What the platform will never take ends as refused, with its reason, and the lane goes on."""
    channel = StandIn()
    channel.outcomes["1"] = [Refused("bot was blocked")]
    await say(store, "1", "1", "2")
    async with Delivering(store, channel, Clock()) as at_work:
        await at_work.empty()
    assert await rows(database, STATES) == [("1", "refused", "bot was blocked"), ("2", "sent", "")]


async def test_an_answer_that_was_lost_is_looked_up(store: Store, database: str) -> None:
    """Taken and found is sent, once; not taken and not found is sent again; the lane stays in order."""
    channel = StandIn()
    channel.outcomes["1"] = [Taken()]
    channel.outcomes["2"] = [Lost()]
    await say(store, "1", "1", "2", "3")
    async with Delivering(store, channel, Clock()) as at_work:
        await at_work.empty()
        assert channel.taken == ["1"]
        await at_work.pass_(FIRST_PAUSE_MS)
    assert (channel.taken, channel.asked) == (["1", "2", "3"], ["1", "2"])
    assert [state for _, state, _ in await rows(database, STATES)] == ["sent"] * 3


async def test_nobody_can_tell_and_twice_is_harmless(store: Store) -> None:
    """What may be repeated is sent again, after a pause."""
    channel = StandIn(finds=False, repeatable=True)
    channel.outcomes["1"] = [Taken()]
    await say(store, "1", "1", "2")
    async with Delivering(store, channel, Clock()) as at_work:
        await at_work.empty()
        assert channel.taken == ["1"]
        await at_work.pass_(FIRST_PAUSE_MS)
    assert channel.taken == ["1", "1", "2"]


async def test_nobody_can_tell_and_twice_would_be_wrong(store: Store, database: str) -> None:
    """What may not be repeated ends as uncertain, and the lane goes on."""
    channel = StandIn(finds=False)
    channel.outcomes["1"] = [Taken()]
    await say(store, "1", "1", "2")
    async with Delivering(store, channel, Clock()) as at_work:
        await at_work.empty()
    assert channel.taken == ["1", "2"]
    assert await rows(database, STATES) == [("1", "uncertain", "the answer was lost"), ("2", "sent", "")]


async def test_a_defect_of_looking_is_no_end(store: Store) -> None:
    """A channel that fails to look for a message is asked again: the message is not forgotten."""
    channel = StandIn()
    channel.outcomes["1"] = [Taken()]
    channel.findings["1"] = [RuntimeError("a defect")]
    await say(store, "1", "1", "2")
    async with Delivering(store, channel, Clock()):
        await until(lambda: channel.taken == ["1", "2"])


async def test_the_bot_falls_silent_when_the_epoch_moves(store: Store, database: str) -> None:
    """What was computed under an earlier epoch is suppressed; what is not fenced, and what came later, is sent."""
    channel = StandIn()
    await say(store, "1", "bot", fenced=True)
    await say(store, "2", "merchant")
    await say(store, "3", "later", epoch=1, fenced=True)
    async with Delivering(store, channel, Clock()) as at_work:
        await at_work.empty()
    assert channel.taken == ["merchant", "later"]
    assert (await rows(database, STATES))[0] == ("bot", "suppressed", "epoch")


async def test_the_dead_are_succeeded(store: Store) -> None:
    """What a process was sending when it died is looked for by another, once its lease has run out; never before."""
    dead, alive, clock = StandIn(), StandIn(), Clock()
    dead.outcomes["taken"] = [Hanging()]
    dead.outcomes["lost"] = [Hanging()]
    await say(store, "1", "taken", "after")
    await say(store, "1", "lost", to=B)
    at_work = Delivering(store, dead, clock, "dead")
    at_work.lease = at_work.deliverer._lease = Lease(store, "dead", "dead", clock, ttl=15_000)
    async with at_work:
        await until(lambda: sorted(dead.attempts) == ["lost", "taken"])
        at_work.kill()
        alive.taken.append("taken")
        async with Delivering(store, alive, clock, "alive") as succeeding:
            await succeeding.pass_(14_999)
            assert alive.asked == []
            await succeeding.pass_(5_001)
            await until(lambda: len(alive.asked) == 2)
            await succeeding.pass_(1_000)
        assert sorted(alive.taken) == ["after", "lost", "taken"]
        at_work._run = asyncio.create_task(asyncio.sleep(0))


async def test_without_its_lease_it_sends_nothing(store: Store) -> None:
    """A process whose lease ran out takes nothing up, and does not send what it had taken up: others may have."""
    channel, clock = StandIn(), Clock()
    lease = Lease(store, "me", "me", clock, ttl=10_000)
    made = Deliverer(store, {"console": channel}, Rations({}), lease, clock, lambda: 0.5)
    await say(store, "1", "1")
    run = asyncio.create_task(made.run())
    await asyncio.sleep(0.05)
    assert channel.attempts == []
    await lease.keep()
    (delivery,) = await store.exchange("me", ["console"], [], 1, clock(), Rations({}))
    clock.move(8_000)
    settled = await made._carry(delivery)
    assert (channel.attempts, settled and settled.state) == ([], "queued")
    made.close()
    await run


async def test_what_was_sent_is_not_forgotten_while_the_store_is_away(sqlite: str) -> None:
    """What became of a message is kept in memory until it can be written down; nothing is sent twice."""
    store, channel = await open_store(sqlite), StandIn()
    channel.outcomes["1"] = [Hanging()]
    await say(store, "1", "1", "2")
    async with Delivering(store, channel, Clock()):
        await until(lambda: channel.attempts == ["1"])
        with Outage(store, sqlite):
            channel.go_on()
            await until(lambda: channel.taken == ["1"])
            await asyncio.sleep(0.1)
            assert channel.attempts == ["1"]
        await until(lambda: channel.taken == ["1", "2"])
    assert await rows(sqlite, STATES) == [("1", "sent", ""), ("2", "sent", "")]
    await store.close()


async def test_to_close_is_to_finish(store: Store, database: str) -> None:
    """What is being sent when it closes is written down; what waits stays for the next process."""
    channel = StandIn()
    channel.outcomes["1"] = [Hanging()]
    await say(store, "1", "1", "2")
    async with Delivering(store, channel, Clock()) as at_work:
        await until(lambda: channel.attempts == ["1"])
        at_work.deliverer.close()
        await asyncio.sleep(0.02)
        channel.go_on()
    assert [state for _, state, _ in await rows(database, STATES)] == ["sent", "queued"]


async def test_what_people_write_is_in_no_log(store: Store) -> None:
    """A refusal, a lost answer and a defect whose text holds the message say its number and the kind of failure."""
    channel = StandIn(finds=False)
    channel.outcomes["opensesame"] = [RuntimeError("opensesame"), Taken()]
    channel.findings["opensesame"] = [RuntimeError("opensesame")]
    await say(store, "1", "opensesame")
    with structlog.testing.capture_logs() as logs:
        async with Delivering(store, channel, Clock()) as at_work:
            await at_work.empty()
            await at_work.pass_(FIRST_PAUSE_MS)
            await until(lambda: len(channel.asked) == 2)
            await at_work.empty()
    assert [each["event"] for each in logs] == ["sending_failed", "finding_failed", "message_uncertain"]
    assert "opensesame" not in repr(logs)
