"""Reading Markdown with markdown-it: its tokens become our tree, and what is outside the subset is refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from markdown_it import MarkdownIt

from bot.text.nodes import Block, CodeBlock, Divider, Document, Inline, Link, List, Paragraph, Quote, Text, Var
from bot.text.places import MarkdownError, has_place, runs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

    from bot.text.places import Style

_REFUSED: Final = {
    "code_block": "this line is indented like code: remove the spaces before it, or put code between ``` lines",
    "heading_open": "headings cannot be shown in a chat: write **bold** text on a line of its own",
    "table_open": "tables cannot be shown in a chat: write a list instead",
}
_UNDERLINED: Final = "a line under a text makes it a heading: leave an empty line before --- to draw a divider"
_ITEM: Final = "a list item is one paragraph: put other lists, quotes and code before or after the list"
_EMPTY_ITEM: Final = "this list item is empty: write its text on the same line"
_QUOTE: Final = "a quote holds paragraphs: put lists, code and other quotes before or after it"
_EMPTY_CODE: Final = "this code block is empty: write the code between the ``` lines"
_INFO: Final = "a value cannot stand next to ```: put it on a line of its own inside the code block"
_REFERENCE: Final = "write the link where it is used: [label](https://…)"
_IMAGE: Final = "pictures cannot stand in a text: write a link instead, [label](https://…)"
_TITLE: Final = "a link has no title: write [label](https://…)"
_LABEL: Final = "this link has no label: write [label](https://…)"
_NESTED: Final = "a link cannot stand inside the label of a link: write one after the other"
_URL_VALUE: Final = "a value cannot be part of a link: write the whole address, like [label](https://example.com)"
_URL: Final = "a link needs a whole address that starts with https:// or mailto:, not ({url})"

_ABSOLUTE: Final = re.compile(r"https?://[^/?#]|mailto:[^@]+@[^@]", re.IGNORECASE)
_STYLES: Final = ("strong", "em", "s")


class _Parser(MarkdownIt):
    """markdown-it that hands every link target over, so that a bad one can be named instead of shown as text."""

    def validateLink(self, url: str) -> bool:  # noqa: ARG002, N802
        return True

    def normalizeLink(self, url: str) -> str:  # noqa: N802
        return url if has_place(url) else super().normalizeLink(url)


# Tables are read only to be refused. Without entities, what is written is what is shown, and `&` is an ordinary letter.
_PARSER: Final = _Parser("commonmark", {"html": False}).enable(["strikethrough", "table"]).disable("entity")


def read(text: str) -> Document:
    """The document of `text`, whose places are stand-ins; raises MarkdownError with the line inside `text`."""
    environment: dict[str, Any] = {}
    tokens = _PARSER.parse(text, environment)
    references = [*environment.get("references", {}).values(), *environment.get("duplicate_refs", ())]
    if references:
        raise MarkdownError(_REFERENCE, min(reference["map"][0] for reference in references))
    return tuple(_blocks(iter(tokens)))


def _blocks(tokens: Iterator[Token]) -> Iterator[Block]:
    for token in tokens:
        if token.type == "paragraph_open":
            if children := _paragraph(tokens):
                yield Paragraph(children)
        elif token.type == "bullet_list_open":
            yield List(tuple(_items(tokens)))
        elif token.type == "ordered_list_open":
            yield List(tuple(_items(tokens)), int(token.attrs.get("start", 1)))
        elif token.type == "blockquote_open":
            if paragraphs := tuple(_paragraphs(tokens, "blockquote_close", _QUOTE)):
                yield Quote(paragraphs)
        elif token.type == "fence":
            yield _code(token)
        elif token.type == "hr":
            yield Divider()
        else:
            raise _refusal(token, token.type)


def _refusal(token: Token, otherwise: str) -> MarkdownError:
    reason = _REFUSED.get(token.type, otherwise)
    if token.type == "heading_open" and token.markup == "-":
        reason = _UNDERLINED
    return MarkdownError(reason, _line(token))


def _line(token: Token) -> int:
    return token.map[0] if token.map else 0


def _paragraph(tokens: Iterator[Token]) -> tuple[Inline, ...]:
    """The inline nodes of the paragraph whose opening was just read; none if all of it is exotic white space."""
    children = _Inlines().read(next(tokens))
    next(tokens)
    return children


def _paragraphs(tokens: Iterator[Token], end: str, otherwise: str) -> Iterator[tuple[Inline, ...]]:
    """Paragraphs up to the token `end`; anything else is refused."""
    for token in tokens:
        if token.type == end:
            return
        if token.type != "paragraph_open":
            raise _refusal(token, otherwise)
        if children := _paragraph(tokens):
            yield children


def _items(tokens: Iterator[Token]) -> Iterator[tuple[Inline, ...]]:
    for token in tokens:
        if token.type != "list_item_open":
            return
        paragraphs = list(_paragraphs(tokens, "list_item_close", _ITEM))
        if len(paragraphs) != 1:
            raise MarkdownError(_ITEM if paragraphs else _EMPTY_ITEM, _line(token))
        yield paragraphs[0]


def _code(token: Token) -> CodeBlock:
    if has_place(token.info):
        raise MarkdownError(_INFO, _line(token))
    if not token.content.strip():
        raise MarkdownError(_EMPTY_CODE, _line(token))
    return CodeBlock(tuple(runs(token.content.removesuffix("\n"))))


class _Inlines:
    """Collects the inline nodes of one paragraph; neighbours of one style become one run."""

    def __init__(self) -> None:
        self._children: list[Inline] = []
        self._link: list[Text | Var] = []
        self._url = ""
        self._run = ""
        self._run_style: Style = (False, False, False, False)
        self._depth = dict.fromkeys(_STYLES, 0)

    def read(self, paragraph: Token) -> tuple[Inline, ...]:
        line = _line(paragraph)
        for token in paragraph.children or ():
            kind = token.type.partition("_")[0]
            if token.type in {"text", "code_inline"}:
                self._add(token.content, code=token.type == "code_inline")
            elif token.type in {"softbreak", "hardbreak"}:
                self._add("\n")
                line += 1
            elif kind in self._depth:
                self._depth[kind] += token.nesting
            elif token.type == "link_open":
                self._open(token, line)
            elif token.type == "link_close":
                self._close(line)
            else:
                raise MarkdownError(_IMAGE, line)
        self._flush()
        return tuple(self._children)

    def _add(self, text: str, *, code: bool = False) -> None:
        bold, italic, strike = (self._depth[kind] > 0 for kind in _STYLES)
        style = (bold, italic, strike, code)
        if style != self._run_style:
            self._flush()
            self._run_style = style
        self._run += text

    def _flush(self) -> None:
        nodes = runs(self._run, self._run_style)
        if self._url:
            self._link += nodes
        else:
            self._children += nodes
        self._run = ""

    def _open(self, token: Token, line: int) -> None:
        url = str(token.attrs["href"])
        if self._url:
            raise MarkdownError(_NESTED, line)
        if token.attrs.get("title"):
            raise MarkdownError(_TITLE, line)
        if has_place(url):
            raise MarkdownError(_URL_VALUE, line)
        if not _ABSOLUTE.match(url):
            raise MarkdownError(_URL.format(url=url), line)
        self._flush()
        self._url = url

    def _close(self, line: int) -> None:
        self._flush()
        if not self._link:
            raise MarkdownError(_LABEL, line)
        self._children.append(Link(self._url, tuple(self._link)))
        self._link = []
        self._url = ""
