"""Web addresses as people type them."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.answers.reading import Unreadable
from bot.engine.answers.urls import read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://shop.example/a?b=1#c", "https://shop.example/a?b=1#c"),
        ("HTTP://Shop.Example/Cart", "http://shop.example/Cart"),
        ("www.shop.example/x", "https://www.shop.example/x"),
        (" shop.example ", "https://shop.example"),
        ("<https://shop.example>", "https://shop.example"),
        ("https://shop.example.", "https://shop.example"),
        ("shop.example:8080", "https://shop.example:8080"),
        ("https://shop.example/a(b)", "https://shop.example/a(b)"),
        ("shop.example/?mail=a@b.example", "https://shop.example/?mail=a@b.example"),
        ("shop.example?next=http://x.example", "https://shop.example?next=http://x.example"),
        ("http://192.168.1.10/shop", "http://192.168.1.10/shop"),
        ("münchen.example/ü", "https://münchen.example/ü"),
        ("https://xn--mnchen-3ya.example", "https://xn--mnchen-3ya.example"),
    ],
)
def test_reads(text: str, expected: str) -> None:
    """The scheme is added where it was left out; path and query stay as typed."""
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        *[
            (text, "not_a_url")
            for text in ("", "no", "my shop is https://shop.example", "localhost", "http://localhost")
        ],
        *[
            (text, "not_a_url")
            for text in ("ftp://shop.example", "javascript:alert(1)", "mailto:a@b.example", "a@b.example")
        ],
        *[
            (text, "not_a_url")
            for text in ("https://", "https:///x", "//shop.example", "https://a..b", "-a.example", "e.g.")
        ],
        *[
            (text, "not_a_url")
            for text in ("4.1.0", "192.168.1.10", "https://[::1]/", "https://[x", "https://1.2.3.999")
        ],
        *[
            (text, "not_a_url")
            for text in ("https://shop.example:0", "https://shop.example:99999", "https://a.example\\@b")
        ],
        *[
            (text, "not_a_url")
            for text in ("https://\ud800.example", "https://shop℀.example", "https://a.example/\x00")
        ],
        *[(text, "credentials") for text in ("https://user:pw@shop.example", "https://user@shop.example")],
        ("https://a.example https://b.example", "several"),
        ("https://shop.example/" + "x" * 2000, "too_long"),
    ],
)
def test_refuses(text: str, reason: str) -> None:
    """Only one http or https address without a login is taken."""
    with pytest.raises(Unreadable) as trouble:
        read(text)
    assert trouble.value.reason == reason


@given(
    st.text(st.characters(exclude_categories=()))
    | st.text("htps:/.@[]abc1?#").map(lambda rest: "https://" + rest)
    | st.text("ab.1-:@/?#xn")
)
def test_any_text(text: str) -> None:
    """Every text is unreadable, or a URL that any parser takes apart alike and that is read as itself."""
    try:
        url = read(text)
    except Unreadable:
        return
    parts = urlsplit(url)
    assert parts.scheme in {"http", "https"}
    assert parts.username is None
    assert "." in (parts.hostname or "")
    assert read(url) == url
