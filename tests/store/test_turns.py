"""Who goes first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.store.turns import in_turn

queues = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 2)))


def row(number: int, carrier: str, priority: int) -> tuple[int, None, None, str, int, None]:
    """What matters of a row, where it stands."""
    return (number, None, None, carrier, priority, None)


@given(queues)
def test_the_urgent_go_first_and_carriers_take_turns(queue: list[tuple[str, int]]) -> None:
    """Nobody is lost; priorities ascend; in one, no carrier is ahead of another that waits by more than one turn."""
    rows = [row(number, *each) for number, each in enumerate(queue)]
    ordered = in_turn(rows)
    assert sorted(ordered) == rows
    assert [each[4] for each in ordered] == sorted(each[4] for each in rows)
    for priority in range(3):
        turns = [each for each in ordered if each[4] == priority]
        for carrier in "abc":
            mine = [each[0] for each in turns if each[3] == carrier]
            assert mine == sorted(mine)
        for end in range(len(turns)):
            served = {carrier: sum(each[3] == carrier for each in turns[:end]) for carrier in "abc"}
            waiting = {each[3] for each in turns[end:]}
            assert all(served[first] - served[other] <= 1 for first in served for other in waiting)
