"""Versions as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.answers.reading import Unreadable
from bot.engine.answers.versions import read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4.1.0", "4.1.0"),
        ("v4.1", "4.1"),
        ("V9", "9"),
        ("4", "4"),
        ("version 4.1.0-beta2", "4.1.0-beta2"),
        ("Versión: 9.1!", "9.1"),
        ("6.12", "6.12"),
        ("WooCommerce 9.1", "9.1"),
        ("WooCommerce 9", "9"),
        ("it is version 4.", "4"),
        ("Magento 2 version 2.4.7", "2.4.7"),
        ("Magento 2.4.7-p3", "2.4.7-p3"),
        ("2.4.7 p3", "2.4.7-p3"),
        ("4.1.0 RC1", "4.1.0-RC1"),
        ("8.1.0beta3", "8.1.0beta3"),
        ("1.0.0-alpha.1", "1.0.0-alpha.1"),
        ("4.1.0-2", "4.1.0-2"),
        ("1.7.8.11", "1.7.8.11"),
        ("1.7.x", "1.7.x"),
        ("magento2.4.7", "2.4.7"),
        ("PHP8.2", "8.2"),
        ("plugin@4.1.0", "4.1.0"),
        ("(9.1)", "9.1"),
        ("WC 9.1.4 (latest)", "9.1.4"),
        ("4.1, yes 4.1", "4.1"),
        ("since 12.3.2026 we have 4.1.0", "4.1.0"),
        ("4.1.0 https://shop.example/plugin/9.9.9", "4.1.0"),
        ("2024.1", "2024.1"),
        ("12.10.20.5", "12.10.20.5"),
    ],
)
def test_reads(text: str, expected: str) -> None:
    """The one version in a message, without the words around it."""
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        *[
            (text, "no_version")
            for text in ("", "latest", "I do not know", "v", "4,1", "9:30", "order 12345", "10 000")
        ],
        *[
            (text, "no_version")
            for text in ("12.03.2026", "2026-03-12", "12/03/2026", "12-03-26", "01.02.26", "2026.03.12")
        ],
        *[(text, "no_version") for text in ("we have 3 shops and it fails", "https://shop.example/2.4.7")],
        *[(text, "several") for text in ("4.1 and 4.2", "4.1-4.2", "2.4.6/2.4.7", "PrestaShop 1.7.8 with PHP 8.1")],
        ("x" * 301, "too_long"),
    ],
)
def test_refuses(text: str, reason: str) -> None:
    """A date is no version, and two versions are one too many."""
    with pytest.raises(Unreadable) as trouble:
        read(text)
    assert trouble.value.reason == reason


@given(st.text(st.characters(exclude_categories=())) | st.text("0123456789.-vpxrcbeta ٣"))
def test_any_text(text: str) -> None:
    """Every text has one version, which is its own version again, or is unreadable."""
    try:
        version = read(text)
    except Unreadable:
        return
    assert read(version) == version
    assert " " not in version


@given(st.lists(st.integers(0, 999), min_size=2, max_size=4), st.sampled_from(["", "v", "version ", "WooCommerce "]))
def test_dotted_numbers_come_back(parts: list[int], before: str) -> None:
    """Dotted numbers are read as they are, unless they are a date."""
    version = ".".join(map(str, parts))
    if not (len(parts) == 3 and parts[0] < 32 and parts[1] < 32 and len(version) == 8):
        assert read(before + version) == version
