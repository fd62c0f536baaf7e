"""Messages at a terminal: wrapped, in colour, drawn by rich from the text tree. A text is never rich's markup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.style import Style
from rich.table import Table
from rich.text import Text

from bot.channels.console.rendering import ECHO_CHARS, PROMPT, visible
from bot.text.nodes import CodeBlock, Link, List, Paragraph, Quote
from bot.text.nodes import Text as Run
from bot.text.normal import clean
from bot.text.plain import plain_inlines

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO

    from rich.console import RenderableType

    from bot.channels.console.rendering import Shown
    from bot.text.nodes import Block, Inline

WIDTH = 100
"""Columns at most: longer lines are hard to read."""

_INDENT = (0, 0, 0, 2)
_MARK = Style(color="cyan", bold=True)
_QUIET = Style(dim=True)


class StyledScreen:
    """Draws on a terminal."""

    def __init__(self, stream: TextIO, width: int | None = None) -> None:
        """Draw on `stream`; `width` in columns, otherwise the terminal's own at any time."""
        self._console = Console(file=stream, width=width, markup=False, emoji=False, highlight=False)

    def show(self, message: Shown) -> None:
        """Draw a message."""
        parts = [_block(block) for block in message.document]
        if message.options:
            parts.append(_listed((mark, Text(visible(label))) for mark, label in message.options))
        body: RenderableType = Group(*_apart(parts))
        if message.heading:
            title = Text(visible(message.heading), style=Style(bold=True))
            body = Panel(body, title=title, title_align="left", border_style=Style(color="yellow"))
        self._print(body, _QUIET if message.quiet else None)

    def echo(self, line: str) -> None:
        """Draw a line of the merchant."""
        self._print(Text(PROMPT + clean(line, ECHO_CHARS)), Style(color="green"))

    def _print(self, body: RenderableType, style: Style | None) -> None:
        self._console.print(body, style=style, width=min(self._console.width, WIDTH))
        self._console.print()


def _block(block: Block) -> RenderableType:
    if isinstance(block, Paragraph):
        return _line(block.children)
    if isinstance(block, List):
        first = block.start
        return _listed(
            ("•" if first is None else f"{first + position}.", _line(item)) for position, item in enumerate(block.items)
        )
    if isinstance(block, Quote):
        paragraphs = Group(*_apart(map(_line, block.paragraphs)))
        return Padding(paragraphs, _INDENT, style=Style(italic=True))
    if isinstance(block, CodeBlock):
        return Padding(_line(block.children), _INDENT, style=Style(color="cyan"))
    return Rule(style=_QUIET)


def _apart(parts: Iterable[RenderableType]) -> list[RenderableType]:
    """The parts with an empty line between each two."""
    found: list[RenderableType] = []
    for part in parts:
        found += ["", part] if found else [part]
    return found


def _listed(items: Iterable[tuple[str, Text]]) -> Table:
    """Items behind their marks, further lines below the first one's text."""
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(justify="right", no_wrap=True, min_width=4)
    table.add_column()
    for mark, text in items:
        table.add_row(Text(mark, style=_MARK), text)
    return table


def _line(children: Iterable[Inline]) -> Text:
    line = Text()
    for node in children:
        if isinstance(node, Run):
            line.append(visible(node.value), _style(node))
        elif isinstance(node, Link):
            url, label = visible(node.url), visible(plain_inlines(node.children))
            line.append(label, Style(underline=True, link=url))
            if node.url not in {label, f"mailto:{label}"}:
                line.append(f" ({url})", _QUIET)
        else:
            line.append("…")
    return line


def _style(run: Run) -> Style:
    return Style(bold=run.bold, italic=run.italic, strike=run.strike, color="cyan" if run.code else None)
