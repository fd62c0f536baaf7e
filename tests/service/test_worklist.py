"""What staff look at, as buttons carry it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.lists import LISTS
from bot.service.worklist import Query, query
from bot.store.rows import Place

NUMBERS = st.integers(0, 2**63 - 1)
PLACES = st.builds(Place, st.integers(0, 3), NUMBERS, NUMBERS, st.text(max_size=20))


@given(st.builds(Query, st.sampled_from(list(LISTS)), st.text(max_size=60), st.text(max_size=5), st.none() | PLACES))
def test_a_button_brings_back_what_it_was_given(asked: Query) -> None:
    """List, queue, language and page."""
    assert query(asked.encoded()) == asked


@pytest.mark.parametrize("encoded", ["", "nonsense", "[1]", '["no such list"]', "{}", '"mine"', "\ud800"])
def test_anything_else_is_the_first_list(encoded: str) -> None:
    """A button of another version, or of nobody's making, shows something all the same."""
    assert query(encoded) == Query()
