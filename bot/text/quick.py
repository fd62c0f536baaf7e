"""The commonest Markdown, read without a parser, which takes ten to twenty times as long.

That is paragraphs and bullet lists with bold, italic, code and links. `read` gives up on everything else, and wherever
what it says could differ from what the parser says.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from bot.text.nodes import Link, List, Paragraph, Text
from bot.text.places import STYLE_PLAIN, has_place, runs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.text.nodes import Block, Document, Inline
    from bot.text.places import Style

_SPECIAL: Final = re.compile(r"[\n\\`*_~\[<\r\0\U000f0000-\U000fffff]")
"""Without any of these a text is one line of words, but for how it begins and ends."""

_START: Final = re.compile(r"[\s#>+=|:-]|\d+[.)]")
"""What may begin something other than a paragraph."""

_WORDS: Final = re.compile(rf"(?!{_START.pattern})[^{{{_SPECIAL.pattern[1:]}++(?<!\s)")

is_words: Final = _WORDS.fullmatch
"""Whether an author's text is one line of words, without markup and places, so that it is shown as it is."""

_GAP: Final = re.compile(r"\n\n+")
_BULLET: Final = "- "

_URL: Final = r"https://[a-z0-9]+(?:[.-][a-z0-9]+)*(?:/[a-z0-9./-]*)?"
_PART: Final = re.compile(
    rf"""([^\\`*_~\[<\r\0]+)                                  # words
    |    (\*\*?)(?!\*)                                        # a mark of emphasis
    |    `(?![ ])([^`\n]+)(?<![ ])`(?!`)                      # code
    |    (?<!!)\[([^\\`*_~\[\]<\r\0\n]+)\]\(({_URL})\)      # a link
    """,
    re.VERBOSE,
)
"""What a paragraph is made of; anything else is for the parser."""

_AROUND_CODE, _AROUND_LINK = 2, 4
"""Marks around code, and around the label and the address of a link."""

_STYLES: Final[dict[str, Style]] = {
    "": STYLE_PLAIN,
    "*": (False, True, False, False),
    "**": (True, False, False, False),
}
"""By the mark that is open; emphasis inside emphasis is for the parser."""


def are_words(texts: Sequence[str]) -> bool:
    """Whether each of these is one line of words; the regular expression runs over all of them at once."""
    lines = "\n".join(texts)
    return _lines()(lines) is not None and lines.count("\n") == len(texts) - 1


@cache
def _lines() -> Callable[[str], re.Match[str] | None]:
    """Compiled for proofs alone: not while a program starts."""
    return re.compile(rf"{_WORDS.pattern}(?:\n{_WORDS.pattern})*").fullmatch


def read(text: str) -> Document | None:
    """The document of `text`, whose places are stand-ins and which has no outer line breaks and is not empty.

    None means that the parser is to be asked.
    """
    if not _SPECIAL.search(text):
        return None if _START.match(text) or text[-1:].isspace() else (Paragraph((Text(text),)),)
    blocks: list[Block] = []
    for part in _GAP.split(text):
        # a list goes on after an empty line
        after_list = bool(blocks) and isinstance(blocks[-1], List)
        block = _paragraph(part) if not part.startswith(_BULLET) else None if after_list else _list(part)
        if block is None:
            return None
        blocks.append(block)
    return tuple(blocks)


def _paragraph(text: str) -> Paragraph | None:
    children = _inlines(text)
    return None if children is None else Paragraph(children)


def _list(text: str) -> List | None:
    items: list[tuple[Inline, ...]] = []
    for line in text.split("\n"):
        children = _inlines(line[len(_BULLET) :]) if line.startswith(_BULLET) else None
        if not children:
            return None
        items.append(children)
    return List(tuple(items))


def _inlines(text: str) -> tuple[Inline, ...] | None:
    if "\n" in text:
        if any(_START.match(line) or line[-1:].isspace() for line in text.split("\n")):
            return None  # the parser may see a line of it otherwise
    elif _START.match(text) or text[-1:].isspace():
        return None
    children: list[Inline] = []
    opened = ""
    style = STYLE_PLAIN
    end = 0
    for words, mark, code, label, url in _PART.findall(text):
        start = end
        if words:
            end += len(words)
            children += runs(words, style)
        elif mark:
            end += len(mark)
            if opened == mark and _closes(text[start - 1], text[end : end + 1]):
                opened = ""
            elif not opened and _opens(text[start - 1 : start], text[end : end + 1]):
                opened = mark
            else:
                return None
            style = _STYLES[opened]
        elif code:
            end += len(code) + _AROUND_CODE
            children += runs(code, (*style[:3], True))
        else:
            end += len(label) + len(url) + _AROUND_LINK
            children.append(Link(url, tuple(runs(label, style))))
    return None if opened or end != len(text) else tuple(children)


def _opens(before: str, after: str) -> bool:
    """Whether a mark between these two characters opens, and cannot close."""
    return before in {"", " ", "\n"} and after != "" and not after.isspace()


def _closes(before: str, after: str) -> bool:
    """Whether a mark between these two characters closes, and cannot open."""
    if before.isspace():
        return False
    return after in {"", " ", "\n"} or (after in ".,;:!?)" and (before.isalnum() or has_place(before)))
