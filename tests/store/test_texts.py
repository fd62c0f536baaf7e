"""Text as every database keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from bot.store.texts import storable
from tests.store.made import A, arrival

if TYPE_CHECKING:
    from bot.store.port import Store


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_ordinary_text_stays(text: str) -> None:
    """Whatever can be kept is not touched."""
    assert storable(text) == text


async def test_what_cannot_be_kept_is_marked(store: Store) -> None:
    """An event can be put aside whatever the reason holds."""
    await store.park(arrival(A, "1"), "a\0b", "a\ud800b", 0)
    (parked,) = await store.parked()
    assert (parked.payload, parked.reason) == ("a\ufffdb", "a?b")
