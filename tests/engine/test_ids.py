"""Ids: unpredictable by their seed, determined by it, and readable for people."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.engine.ids import Ids


@given(st.text())
def test_the_same_seed_gives_the_same_ids(seed: str) -> None:
    """A replay with the logged seed makes the same ids in the same order, and says which seed it was."""
    one, two = Ids(seed), Ids(seed)
    assert [one.session(), one.case(), one.session()] == [two.session(), two.case(), two.session()]
    assert one.seed == seed


@given(st.text())
def test_ids_have_their_shape(seed: str) -> None:
    """A session's id is ten letters and digits; a case can be read out, without characters that look alike."""
    ids = Ids(seed)
    assert re.fullmatch(r"[a-z2-7]{10}", ids.session())
    assert re.fullmatch(r"T-[A-Z2-7]{6}", ids.case())


def test_ids_differ() -> None:
    """Within a turn and between turns no two ids are alike."""
    found = [name for number in range(500) for ids in [Ids(f"seed{number}")] for name in (ids.session(), ids.session())]
    assert len(set(found)) == len(found)


def test_an_id_does_not_show_its_seed() -> None:
    """Near seeds give far ids: whoever sees one cannot tell the next."""
    first, second = Ids("seed1").session(), Ids("seed2").session()
    assert sum(a == b for a, b in zip(first, second, strict=True)) < 5
