"""The commonest Markdown, read without a parser, which takes ten times as long: paragraphs with bold, italic and code.

`read` gives up on everything else, and wherever what it would say could differ from the parser's document.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.text.nodes import Paragraph
from bot.text.places import STYLE_PLAIN, has_place, runs

if TYPE_CHECKING:
    from bot.text.nodes import Document, Text, Var
    from bot.text.places import Style

_BLOCK: Final = re.compile(r"^[\s#>+=|:-]|^\d+[.)]|\s$", re.MULTILINE)
"""Lines that may begin or end something other than a paragraph's line."""

_GAP: Final = re.compile(r"\n\n+")
_PART: Final = re.compile(r"([^\\`*_~\[<\r\0]+)|(\*\*?)(?!\*)|`(?! )([^`\n]+)(?<! )`(?!`)")
"""Words, a mark of emphasis, or code; anything else is for the parser."""

_STYLES: Final[dict[tuple[str, ...], Style]] = {
    (): STYLE_PLAIN,
    ("*",): (False, True, False, False),
    ("**",): (True, False, False, False),
    ("*", "**"): (True, True, False, False),
    ("**", "*"): (True, True, False, False),
}
"""By the marks that are open."""


def read(text: str) -> Document | None:
    """The document of `text`, whose places are stand-ins and which has no outer line breaks; None to ask the parser."""
    blocks: list[Paragraph] = []
    for paragraph in _GAP.split(text):
        if _BLOCK.search(paragraph):
            return None
        children = _inlines(paragraph)
        if children is None:
            return None
        blocks.append(Paragraph(children))
    return tuple(blocks)


def _inlines(text: str) -> tuple[Text | Var, ...] | None:
    children: list[Text | Var] = []
    marks: tuple[str, ...] = ()
    end = 0
    while end < len(text):
        part = _PART.match(text, end)
        if part is None:
            return None
        start, end = part.span()
        words, mark, code = part.groups()
        if mark:
            following = _toggled(marks, mark, text[:start], text[end : end + 1])
            if following is None:
                return None
            marks = following
            continue
        style = _STYLES[marks]
        children += runs(words, style) if words else runs(code, (*style[:3], True))
    return None if marks else tuple(children)


def _toggled(marks: tuple[str, ...], mark: str, before: str, after: str) -> tuple[str, ...] | None:
    """The marks that are open after `mark`; None where the parser may see it otherwise.

    A mark opens after a space and closes before one, or between a letter and a full stop or the like.
    """
    if mark in marks:
        last = before[-1]
        closes = not last.isspace() and (
            after in {"", " ", "\n"} or (after in ".,;:!?)" and (last.isalnum() or has_place(last)))
        )
        return marks[:-1] if closes and marks[-1] == mark else None
    opens = before[-1:] in {"", " ", "\n"} and after and not after.isspace()
    return (*marks, mark) if opens else None
