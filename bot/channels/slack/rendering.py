"""Rich text as Block Kit. People's words stand in `rich_text` and `plain_text`, where nothing is markup.

Where Slack takes only its own markup, the notification's `text` and the text of a section, they are escaped.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from bot.chat.people import LIMITS, SLACK
from bot.text.nodes import CodeBlock, Divider, Link, List, Moment, Paragraph, Quote, Text
from bot.text.plain import plain, plain_inlines
from bot.text.split import code_points, split

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.text.nodes import Block, Document, Inline

Json = dict[str, Any]

LIMIT: Final = LIMITS[SLACK.name].text
"""Code points of a text in a block, and of a message of ours."""
MOST_DIVIDERS: Final = 20
"""Dividers of a document that are drawn; with what stands between them they stay below Slack's fifty blocks."""
MOST_TEXT: Final = 4_000
"""Characters of the `text` beside blocks: `chat.update` refuses more."""

_STYLES: Final = ("bold", "italic", "strike", "code")
_MOMENT: Final = "{date_long_pretty} {time}"
"""How Slack writes a time, in the time zone of whoever reads it."""
_MARKUP: Final = re.compile(r"[*_~`:>]")
"""What Slack's markup has no escape for; an escaped `>` still begins a quotation."""


def chunks(document: Document) -> list[Document]:
    """The document in pieces that each are one message; none for a document without text."""
    return split(document, LIMIT, code_points)


def blocks(document: Document) -> list[Json]:
    """The blocks of a document of one message."""
    dividers = sum(isinstance(each, Divider) for each in document)
    found: list[Json] = []
    for is_divider, group in groupby(document, lambda each: isinstance(each, Divider) and dividers <= MOST_DIVIDERS):
        if is_divider:
            found += [{"type": "divider"} for _ in group]
        elif elements := _elements(group):
            found.append({"type": "rich_text", "elements": elements})
    return found


def notification(document: Document) -> str:
    """The `text` beside blocks, for notifications and screen readers: escaped, never empty, never too long."""
    return escaped(plain(document).strip(), MOST_TEXT) or "…"


def escaped(text: str, limit: int) -> str:
    """Text for where Slack reads markup, without any; shortened to `limit` characters, escapes counted."""
    found = [{"&": "&amp;", "<": "&lt;", ">": "&gt;"}.get(each, each) for each in whole(text[:limit])]
    if sum(map(len, found)) <= limit and len(text) <= limit:
        return "".join(found)
    while sum(map(len, found)) >= limit:
        found.pop()
    return "".join(found) + "…"


def line(document: Document) -> Json:
    """A short document as the text of a section: with its bold words, unless something in it would be markup, too."""
    text = plain(document).strip()
    if len(text) <= LIMIT // 5 and not _MARKUP.search(text):
        marked = "\n\n".join("".join(map(_marked, _inlines(block))) for block in document)
        return {"type": "mrkdwn", "text": marked or "…", "verbatim": True}
    return plain_text(text, LIMIT)


def plain_text(text: str, limit: int) -> Json:
    """A plain text object of at most `limit` code points: not empty, and without emoji made of colons."""
    text = whole(text)
    if len(text) > limit:
        text = text[: limit - 1].rstrip() + "…"
    return {"type": "plain_text", "text": text if text.strip() else "…", "emoji": False}


def label(text: str, limit: int) -> Json:
    """A plain text object of one line."""
    return plain_text(" ".join(text.split()), limit)


def whole(text: str) -> str:
    """Text without half characters, which can be neither sent nor counted as others count them."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _elements(group: Iterable[Block]) -> list[Json]:
    """The elements of a rich text block. Paragraphs that follow each other are one section, as people write them."""
    found: list[Json] = []
    for block in group:
        if isinstance(block, List) and block.start in {None, 1}:
            style = "bullet" if block.start is None else "ordered"
            items = [_section(item) for item in block.items]
            found.append({"type": "rich_text_list", "style": style, "elements": items})
        elif isinstance(block, CodeBlock):
            if text := plain_inlines(block.children):
                found.append({"type": "rich_text_preformatted", "elements": [_run(Text(text))]})
        elif isinstance(block, Quote):
            elements = [each for each in _joined(block.paragraphs) if each["text"]]
            if elements:
                found.append({"type": "rich_text_quote", "elements": elements})
        elif elements := _runs(_inlines(block)):
            if found and found[-1]["type"] == "rich_text_section":
                found[-1]["elements"] += [_run(Text("\n\n")), *elements]
            else:
                found.append({"type": "rich_text_section", "elements": elements})
    return found


def _inlines(block: Block) -> tuple[Inline, ...]:
    """What a block says, in one line where it can; a list that begins in its middle is counted by hand."""
    if isinstance(block, Paragraph):
        return block.children
    return (Text(plain((block,))),)


def _joined(paragraphs: Sequence[Sequence[Inline]]) -> list[Json]:
    found: list[Json] = []
    for position, each in enumerate(paragraphs):
        found += [_run(Text("\n\n"))] if position else []
        found += _runs(each)
    return found


def _section(item: Sequence[Inline]) -> Json:
    return {"type": "rich_text_section", "elements": _runs(item) or [_run(Text(" "))]}


def _runs(nodes: Iterable[Inline]) -> list[Json]:
    """Runs of text and links, none of them empty."""
    found: list[Json] = []
    for node in nodes:
        if isinstance(node, Link):
            found += [
                {**_run(each), "type": "link", "url": node.url} for each in map(_text, node.children) if each.value
            ]
        elif isinstance(node, Moment):
            found.append({"type": "date", "timestamp": node.at, "format": _MOMENT, "fallback": node.text})
        elif (text := _text(node)).value:
            found.append(_run(text))
    return found


def _text(node: Inline) -> Text:
    return node if isinstance(node, Text) else Text(plain_inlines((node,)))


def _run(text: Text) -> Json:
    found: Json = {"type": "text", "text": whole(text.value)}
    style = {name: True for name in _STYLES if getattr(text, name)}
    return found | ({"style": style} if style else {})


def _marked(node: Inline) -> str:
    """Markup of words that hold none of their own."""
    text = _text(node)
    words = escaped(text.value, 5 * LIMIT)
    before, core, after = words[: len(words) - len(words.lstrip())], words.strip(), words[len(words.rstrip()) :]
    return f"{before}*{core}*{after}" if text.bold and core and "\n" not in core else words
