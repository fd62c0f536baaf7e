"""The engine's own wordings: every name it uses is listed, every listed name has a text in every language."""

from __future__ import annotations

import re
from pathlib import Path

from bot.engine.wordings import WORDINGS
from tests.engine.talk import ROOT, shipped

USED = re.compile(r"""(?:word|named)\(\s*"([a-z_]+)"|"(did_you_mean|which_one|card_[a-z]+)\"""")


def test_every_name_in_the_source_is_listed() -> None:
    """No wording is asked for that the check of a deployment would not miss."""
    rooms = [*Path(ROOT, "bot", "engine").rglob("*.py"), Path(ROOT, "bot", "flow", "menu.py")]
    used = {first or second for room in rooms for first, second in USED.findall(room.read_text("utf-8"))}
    assert used
    assert used <= set(WORDINGS)


def test_every_listed_name_has_a_text_in_every_language() -> None:
    """Each wording exists and is translated."""
    library = shipped()
    for name in WORDINGS:
        for language in library.languages[1:]:
            text = library.named(name)
            assert library.catalogs.find(language, text.context, text.source), (name, language)
