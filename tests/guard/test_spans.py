"""Settling overlapping spans."""

from __future__ import annotations

import itertools
from random import Random  # noqa: TC003 - Hypothesis reads annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.guard.spans import (
    API_KEY,
    AUTH_HEADER,
    CARD,
    FINDING_KINDS,
    JWT,
    PASSWORD,
    TEST_CARD,
    URL_CREDENTIALS,
    Span,
    settle,
)

SPANS = st.lists(
    st.builds(
        lambda start, length, kind: Span(start, start + length, kind),
        st.integers(0, 30),
        st.integers(1, 12),
        st.sampled_from(FINDING_KINDS),
    )
)


def test_equally_long_spans_take_the_most_specific_kind() -> None:
    """A token behind "password:" that has the form of a vendor's key is a key; one in a header is a header's value."""
    assert settle([Span(3, 9, PASSWORD), Span(3, 9, API_KEY)]) == [Span(3, 9, API_KEY)]
    assert settle([Span(3, 9, JWT), Span(3, 9, AUTH_HEADER)]) == [Span(3, 9, AUTH_HEADER)]


def test_the_longest_span_names_the_kind_and_nothing_is_left_over() -> None:
    """Spans that overlap in part become one from the first character to the last, named by the longer one."""
    assert settle([Span(0, 10, PASSWORD), Span(8, 30, URL_CREDENTIALS)]) == [Span(0, 30, URL_CREDENTIALS)]
    assert settle([Span(0, 30, API_KEY), Span(5, 9, CARD)]) == [Span(0, 30, API_KEY)]


def test_neighbours_stay_apart() -> None:
    """Spans that only touch are two findings."""
    assert settle([Span(4, 8, CARD), Span(0, 4, CARD)]) == [Span(0, 4, CARD), Span(4, 8, CARD)]


def test_a_test_card_inside_a_secret_is_part_of_it() -> None:
    """Whoever uses a test card as password has a password; elsewhere the test card is told."""
    assert settle([Span(0, 16, TEST_CARD), Span(0, 16, PASSWORD)]) == [Span(0, 16, PASSWORD)]
    assert settle([Span(20, 36, TEST_CARD), Span(0, 9, PASSWORD)]) == [Span(0, 9, PASSWORD), Span(20, 36, TEST_CARD)]


@given(SPANS, st.randoms(use_true_random=False))
def test_settled_spans_are_ordered_apart_and_complete(spans: list[Span], shuffle: Random) -> None:
    """Whatever comes in, in any order: the same spans come out, without overlaps, and cover every secret character."""
    settled = settle(spans)
    assert all(before.end <= after.start for before, after in itertools.pairwise(settled))
    secret = {place for span in spans if span.kind != TEST_CARD for place in range(span.start, span.end)}
    assert secret == {place for span in settled if span.kind != TEST_CARD for place in range(span.start, span.end)}
    shuffle.shuffle(spans)
    assert settle(spans) == settled
