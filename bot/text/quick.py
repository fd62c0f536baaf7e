"""The commonest Markdown, read without a parser, which takes ten times as long: paragraphs with bold, italic and code.

`read` gives up on everything else, and wherever what it would say could differ from the parser's document.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.text.nodes import Paragraph, Text
from bot.text.places import STYLE_PLAIN, has_place, runs

if TYPE_CHECKING:
    from bot.text.nodes import Document, Var
    from bot.text.places import Style

_SPECIAL: Final = re.compile(r"[\n\\`*_~\[<\r\0\U000f0000-\U000fffff]")
"""Without any of these a text is one line of words, but for how it begins and ends."""

_START: Final = re.compile(r"[\s#>+=|:-]|\d+[.)]")
"""What may begin something other than a paragraph."""

_BLOCK: Final = re.compile(rf"^(?:{_START.pattern})|\s$", re.MULTILINE)
"""A line of a paragraph that the parser may see otherwise."""

_GAP: Final = re.compile(r"\n\n+")
_PART: Final = re.compile(r"([^\\`*_~\[<\r\0]+)|(\*\*?)(?!\*)|`(?! )([^`\n]+)(?<! )`(?!`)")
"""Words, a mark of emphasis, or code; anything else is for the parser."""

_STYLES: Final[dict[str, Style]] = {
    "": STYLE_PLAIN,
    "*": (False, True, False, False),
    "**": (True, False, False, False),
}
"""By the mark that is open; emphasis inside emphasis is for the parser."""


def read(text: str) -> Document | None:
    """The document of `text`, whose places are stand-ins which has no outer line breaks and is not empty.

    None means that the parser is to be asked.
    """
    if not _SPECIAL.search(text):
        return None if _START.match(text) or text[-1:].isspace() else (Paragraph((Text(text),)),)
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
    opened = ""
    end = 0
    while end < len(text):
        part = _PART.match(text, end)
        if part is None:
            return None
        start, end = part.span()
        words, mark, code = part.groups()
        if words:
            children += runs(words, _STYLES[opened])
        elif code:
            children += runs(code, (*_STYLES[opened][:3], True))
        elif opened == mark and _closes(text[start - 1], text[end : end + 1]):
            opened = ""
        elif not opened and _opens(text[start - 1 : start], text[end : end + 1]):
            opened = mark
        else:
            return None
    return None if opened else tuple(children)


def _opens(before: str, after: str) -> bool:
    """Whether a mark between these two characters opens, and cannot close."""
    return before in {"", " ", "\n"} and after != "" and not after.isspace()


def _closes(before: str, after: str) -> bool:
    """Whether a mark between these two characters closes, and cannot open."""
    if before.isspace():
        return False
    return after in {"", " ", "\n"} or (after in ".,;:!?)" and (before.isalnum() or has_place(before)))
