"""Rations: never faster than a rate, never slower than it must be."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from bot.service.port import Rate
from bot.service.ration import GATHER_MS, Rations, filled, wait
from bot.store.rows import SHUT, Level
from tests.service.world import START, StandIn
from tests.store.made import A, B

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.chat.addresses import Address

rates = st.builds(Rate, st.just("all"), st.integers(1, 30), st.floats(0.05, 50, allow_nan=False), st.just(value=False))


class Chats(StandIn):
    """A platform with a rate for the account and one for each chat."""

    def rates(self, destination: Address) -> Sequence[Rate]:
        """See `Channel.rates`."""
        return (Rate("account", 2, 1), Rate(f"chat:{destination.chat}", 1, 1))


@given(st.lists(rates, min_size=1, max_size=3), st.lists(st.integers(0, 5_000), min_size=1, max_size=40), st.booleans())
def test_in_no_window_more_than_a_rate_allows(limits: list[Rate], pauses: list[int], shared: bool) -> None:
    """Whenever somebody asks, and however many buckets there are: what left in any window fits burst and rate."""
    named = [rate._replace(bucket=f"b{number}") for number, rate in enumerate(limits)]
    named[0] = named[0]._replace(shared=shared)
    rations = Rations({"console": StandIn(*named)})
    levels: dict[str, Level | None] = dict.fromkeys(rations.buckets(A))
    now, left = START, []
    for pause in pauses:
        now += pause
        admitted, later, levels_now = rations.admit([(number, A, 1) for number in range(5)], levels, now)
        levels |= levels_now
        left += [now] * len(admitted)
        untouched = sorted({*range(5)} - {*admitted, *later})
        assert len(admitted) + len(later) + len(untouched) == 5
        assert not untouched or rations.shut(["console"], now) is not None
        assert all(until > now for until in later.values())
    for rate in named:
        for first in range(len(left)):
            for last in range(first, len(left)):
                most = rate.burst + (left[last] - left[first]) / 1000 * rate.per_second
                assert last - first + 1 <= most + 1e-6


@given(rates, st.integers(0, 100))
def test_one_that_waits_as_told_may_leave(rate: Rate, before: int) -> None:
    """The time that a message is put off to is when there is a token: not before, and no second try is needed."""
    rations = Rations({"console": StandIn(rate)})
    levels: dict[str, Level | None] = {}
    _, later, levels_now = rations.admit([(number, A, 1) for number in range(before + 40)], {"all": None}, START)
    levels |= levels_now
    until = min(later.values())
    assert rations.admit([(1, A, 1)], levels, until)[0] == [1]
    if until - START > 2:
        assert rations.admit([(1, A, 1)], levels, until - 2)[0] == []


@given(rates, st.floats(0, 30, allow_nan=False), st.lists(st.integers(0, 10_000), min_size=2, max_size=8))
def test_a_bucket_fills_up_to_its_brim(rate: Rate, tokens: float, times: list[int]) -> None:
    """It gains with time, never above its burst, and how often one looks makes no difference."""
    start = Level(min(tokens, rate.burst), START)
    often = start
    for earlier, later in pairwise(sorted(times)):
        assert filled(start, rate, START + earlier).tokens <= filled(start, rate, START + later).tokens <= rate.burst
    for each in sorted(times):
        often = filled(often, rate, START + each)
    assert abs(often.tokens - filled(start, rate, START + max(times)).tokens) < 1e-6


@given(rates, st.integers(2, 40))
def test_those_that_wait_come_back_one_by_one(rate: Rate, waiting: int) -> None:
    """Each is put off until there is a token for it: when all that were put off come back, nobody is put off again.

    A bucket of one token loses what it gains in the last part of a millisecond, so that one has to wait again at times.
    """
    rations = Rations({"console": StandIn(rate._replace(burst=rate.burst + 1))})
    levels: dict[str, Level | None] = {"all": Level(0, START)}
    _, later, levels_now = rations.admit([(number, A, 1) for number in range(waiting)], levels, START)
    for number, until in later.items():
        levels |= levels_now
        admitted, _, levels_now = rations.admit([(number, A, 1)], levels, until)
        assert admitted == [number]


@given(rates, st.integers(1, 5))
def test_nobody_is_put_off_for_a_shared_bucket(rate: Rate, more: int) -> None:
    """Those that it has no token for stay as they are, and until it has one nobody need ask for its carrier."""
    rations = Rations({"console": StandIn(rate._replace(shared=True))})
    assert rations.shut(["console"], START) is None
    admitted, later, levels = rations.admit([(n, A, 1) for n in range(int(rate.burst) + more)], {"all": None}, START)
    assert (len(admitted), later) == (rate.burst, {})
    until = rations.shut(["console"], START)
    assert until is not None
    assert until >= START + GATHER_MS
    assert rations.most(["console"], START) == 0
    most = rations.most(["console"], until)
    assert most == len(rations.admit([(n, A, 1) for n in range(int(rate.burst) + 1)], levels, until)[0]) >= 1
    assert rations.shut(["console", "hooks"], START) is None
    assert rations.most(["console", "hooks"], START) is None
    assert rations.shut(["console"], START - 3_600_000) is None  # the clock went back


def test_a_shut_bucket_gives_nothing_until_its_time() -> None:
    """Nothing before its time, and then as the rate allows, one at a time."""
    rate = Rate("all", 30, 1)
    rations = Rations({"console": StandIn(rate)})
    shut = Level(SHUT, START + 10_000)
    assert wait(filled(shut, rate, START), rate, START) == 11_001
    assert rations.admit([(1, A, 1)], {"all": shut}, START + 10_999)[0] == []
    assert rations.admit([(1, A, 1), (2, A, 1)], {"all": shut}, START + 11_000)[0] == [1]


def test_a_clock_that_goes_back_shuts_no_bucket() -> None:
    """What is left in a bucket from a time to come can be taken, and it fills again from now on."""
    rate = Rate("all", 30, 1)
    rations = Rations({"console": StandIn(rate)})
    _, _, levels = rations.admit([(1, A, 1)], {"all": Level(2, START + 3_600_000)}, START)
    assert levels == {"all": Level(1, START)}
    assert rations.admit([(2, A, 1)], levels, START)[0] == [2]
    assert rations.admit([(3, A, 1)], {"all": Level(0, START + 3_600_000)}, START)[1] == {3: START + 1_001}


def test_whoever_lacks_one_token_takes_none_of_the_others() -> None:
    """A message that has to wait for its chat leaves its account's tokens to those who need not wait."""
    rations = Rations({"console": Chats()})
    levels: dict[str, Level | None] = dict.fromkeys([*rations.buckets(A), *rations.buckets(B)])
    admitted, later, _ = rations.admit([(1, A, 1), (2, A, 1), (3, B, 1)], levels, START)
    assert (admitted, list(later)) == ([1, 3], [2])


def test_whoever_is_not_named_is_not_limited() -> None:
    """Actions, and places of channels this process does not know, take no tokens."""
    rations = Rations({})
    assert list(rations.buckets("hooks:look_up")) == []
    assert rations.admit([(1, "hooks:look_up", 1), (2, A, 1)], {}, START) == ([1, 2], {}, {})


@given(st.lists(st.tuples(st.integers(0, 20_000), st.integers(1, 10)), min_size=1, max_size=30), st.integers(1, 20))
def test_an_album_counts_as_its_messages(what: list[tuple[int, int]], burst: int) -> None:
    """It leaves for one token and owes the others: in the long run there are no more messages than the rate allows."""
    rate = Rate("all", burst, 1, files=True)
    rations = Rations({"console": StandIn(rate)})
    levels: dict[str, Level | None] = {"all": None}
    now, left = START, 0
    for number, (pause, messages) in enumerate(what):
        now += pause
        before = left
        admitted, later, levels_now = rations.admit([(number, A, messages)], levels, now)
        levels |= levels_now
        left += messages * len(admitted)
        assert admitted or later[number] > now
        assert before <= burst + (now - START) / 1000 or not admitted


def test_elsewhere_an_album_is_one_message() -> None:
    """Where files stand in one message, they take one token."""
    rations = Rations({"console": StandIn(Rate("all", 3, 1))})
    admitted, _, levels = rations.admit([(1, A, 10)], {"all": None}, START)
    assert (admitted, levels) == ([1], {"all": Level(2, START)})
