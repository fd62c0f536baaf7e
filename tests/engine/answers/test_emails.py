"""E-mail addresses as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.answers.emails import read
from bot.engine.answers.reading import Unreadable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ana@shop.example", "ana@shop.example"),
        (" Ana.B+x@Shop.EXAMPLE. ", "Ana.B+x@shop.example"),
        ("Ana Gómez <ana@shop.example>", "ana@shop.example"),
        ("<ana@shop.example>", "ana@shop.example"),
        ("mailto:ana@shop.example", "ana@shop.example"),
        ("o'neil@shop.example", "o'neil@shop.example"),
        ("ñandú@ñandú.example", "ñandú@ñandú.example"),
    ],
)
def test_reads(text: str, expected: str) -> None:
    """The domain is the same in any case; what stands before the @ is left alone."""
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        *[(text, "not_an_email") for text in ("", "no", "ana", "@b.example", "a@b", "a@@b.example", "a b@c.example")],
        *[
            (text, "not_an_email")
            for text in ("a..b@c.example", ".a@b.example", "a@-b.example", "a@b_c.example", "a@1.2.3.4")
        ],
        *[
            (text, "not_an_email")
            for text in ("my mail is a@b.example", "x" * 65 + "@a.example", "a@" + "b" * 64 + ".example")
        ],
        *[(text, "several") for text in ("a@b.example, c@d.example", "a@b.example c@d.example")],
        ("a@" + "b." * 130 + "example", "too_long"),
    ],
)
def test_refuses(text: str, reason: str) -> None:
    """Exactly one address, in full, and nothing else."""
    with pytest.raises(Unreadable) as trouble:
        read(text)
    assert trouble.value.reason == reason


@given(st.text(st.characters(exclude_categories=())) | st.text("ab.@<> ,+-A"))
def test_any_text(text: str) -> None:
    """Every text is unreadable, or an address that is read as itself."""
    try:
        address = read(text)
    except Unreadable:
        return
    assert read(address) == address
    assert address.count("@") == 1
