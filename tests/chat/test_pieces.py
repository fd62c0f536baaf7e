"""Words that are several messages, when they are changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.chat.effects import Rewrite, echoed, relayed, replied, waiting
from bot.chat.pieces import pieces
from bot.text.nodes import paragraph

if TYPE_CHECKING:
    from bot.text.nodes import Document

WORDS = (paragraph("one"), paragraph("two"), paragraph("three"))


def by_paragraph(document: Document) -> list[Document]:
    """Each block as a message."""
    return [(each,) for each in document]


@pytest.mark.parametrize("ref", [relayed("1"), replied("1"), echoed("1")])
def test_each_message_is_changed_by_itself(ref: str) -> None:
    """They are numbered, and behind the last one nothing is left of an earlier text."""
    found = pieces(Rewrite(ref, WORDS, case="T-1"), by_paragraph)
    assert [(each.piece, each.last, each.document) for each in found] == [
        (0, False, WORDS[:1]),
        (1, False, WORDS[1:2]),
        (2, True, WORDS[2:]),
    ]
    assert {(each.ref, each.case) for each in found} == {(ref, "T-1")}


@pytest.mark.parametrize("rewrite", [Rewrite(waiting("1"), WORDS), Rewrite(replied("1"))])
def test_anything_else_is_one(rewrite: Rewrite) -> None:
    """A text of the bot's own, and words that are taken away."""
    assert pieces(rewrite, by_paragraph) == (rewrite,)
