"""Which host names can be names of shops and mail domains."""

from __future__ import annotations

import pytest

from bot.engine.answers.hosts import is_name


@pytest.mark.parametrize(
    "host", ["shop.example", "a.b.c.example", "Shop.Example", "xn--mnchen-3ya.example", "münchen.example"]
)
def test_names(host: str) -> None:
    """Labels of letters, digits and inner hyphens, in any script."""
    assert is_name(host)


@pytest.mark.parametrize(
    "host",
    [
        *(
            "",
            "shop",
            "shop.",
            ".example",
            "a..example",
            "-a.example",
            "a-.example",
            "a_b.example",
            "1.2.3.4",
            "a.1",
            "a.b",
        ),
        *("a" * 64 + ".example", "a." * 130 + "example", "a b.example", "a.example\n"),
    ],
)
def test_others(host: str) -> None:
    """Single labels, addresses, and what no name server would take."""
    assert not is_name(host)
