"""Addresses in forms that ask for access: what they are, and why they cannot be used."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.guard.access import Access, read, refusal

LIVE = ("shop.nl",)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("https://staging.shop.nl:8443/admin", None),
        ("HTTPS://TEST.SHOP.NL", None),
        ("sftp://staging.shop.nl", None),
        ("deploy@staging.shop.nl:22", None),
        ("ftp://staging.shop.nl", "ftp"),
        ("ftps://staging.shop.nl", "ftps"),
        ("ftpes://staging.shop.nl:21", "ftps"),
        ("sftp://staging.shop.nl:2222", "port"),
        ("staging.shop.nl:21", "port"),
        ("rdp://staging.shop.nl", "scheme"),
        ("https://bob:secret@staging.shop.nl", "credentials"),
        ("localhost:22", "local"),
        ("sftp://10.0.0.8", "local"),
        ("https://www.shop.nl/admin", "live"),
        ("https://m2.shop.nl/admin", "live"),
        ("two words", "not_an_address"),
        ("sftp://", "not_an_address"),
        ("https://staging.shop.nl:99999", "not_an_address"),
        ("", "not_an_address"),
        ("a" * 3000 + ".test.nl", "not_an_address"),
    ],
)
def test_an_address_is_used_or_refused_with_a_reason(text: str, reason: str | None) -> None:
    """By scheme, port and host; the password belongs into a field of its own."""
    assert refusal(text, LIVE) == reason


def test_an_approval_opens_live_hosts_and_nothing_else() -> None:
    """Only what stood against it because it is live may be used then."""
    assert refusal("https://shop.nl", LIVE, approved=True) is None
    assert refusal("ftp://shop.nl", LIVE, approved=True) == "ftp"
    assert refusal("sftp://shop.nl:2222", LIVE, approved=True) == "port"


def test_an_address_is_read_part_by_part() -> None:
    """Scheme and host in lower case, the port as a number, and whether there is a password."""
    assert read(" SFTP://Bob:x@Test.Shop.nl:2222/web ") == Access("sftp", "test.shop.nl", 2222, has_password=True)
    assert read("[2001:db8::1]:22") == Access("", "2001:db8::1", 22, has_password=False)


@given(st.text(max_size=60) | st.from_regex(r"\A[a-z]{0,6}:?/{0,2}[a-z@:.\[\]0-9]{0,30}\Z"))
def test_whatever_is_typed_is_answered(text: str) -> None:
    """Nothing raises, and FTP is never accepted."""
    reason = refusal(text, approved=True)
    if text.strip().lower().startswith(("ftp://", "ftps://")):
        assert reason is not None
