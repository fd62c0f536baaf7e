"""Button tokens: made, read, and whatever else a client may send in their place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine import tokens
from bot.engine.tokens import Token
from bot.flow.linked import short_name

IDS = st.from_regex(r"[a-z][a-z0-9_]{0,63}", fullmatch=True)


@given(st.from_regex(r"[a-z0-9]{1,20}", fullmatch=True), st.integers(0, 2**40), IDS, IDS)
def test_a_token_reads_back(session: str, asked: int, step: str, choice: str) -> None:
    """The parts of a token are found again, steps and choices by their short names; it fits the narrowest channel."""
    token = tokens.make(tokens.reference(session, asked), step, choice)
    assert tokens.read(token) == Token(session, asked, short_name(step), short_name(choice))
    assert token.startswith(tokens.reference(session, asked) + ".")
    assert token.isascii()
    assert len(token) <= tokens.MAX_BYTES


def test_a_token_is_stable() -> None:
    """A token made today is read by the version of tomorrow: it stands under a message for years."""
    assert tokens.make(tokens.reference("sessionabc", 26), "platform", "magento2") == "sessionabc.1a.1f499e.d3ae25"


@pytest.mark.parametrize(
    "text", ["", ".", "...", "a.b.c", "a.1.b.c.d", "a.zz.b.c", "a..b.c", f"{'a' * 60}.1.b.c", "a.1.b.c" + "d" * 60]
)
def test_what_is_no_token_is_none(text: str) -> None:
    """Too few or too many parts, no number, or too long: no token."""
    found = tokens.read(text)
    assert found is None


@given(st.text(max_size=80))
def test_anything_can_be_read(text: str) -> None:
    """Whatever a client sends, reading it raises nothing."""
    assert tokens.read(text) is None or text.count(".") == 3


def test_different_questions_have_different_references() -> None:
    """A reference names one question of one session."""
    names = {tokens.reference(session, asked) for session in ("a", "b", "a1") for asked in range(300)}
    assert len(names) == 900
