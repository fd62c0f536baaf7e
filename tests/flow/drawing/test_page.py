"""A scene as a page."""

from __future__ import annotations

import re

from bot.flow.drawing.page import page
from bot.flow.drawing.svg import svg
from tests.flow.drawing.pictures import shop


def test_the_page_holds_the_picture_and_loads_nothing() -> None:
    """It can be sent as it is; its title is no markup."""
    made = page(shop())
    assert svg(shop()) in made
    assert "<title>A &quot;shop&quot; &amp; more</title>" in made
    assert not re.search(r"src=|href|<link|fetch\(|import ", made)
