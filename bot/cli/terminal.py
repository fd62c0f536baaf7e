"""The terminal a conversation is held at, or the pipe in its place."""

from __future__ import annotations

import contextlib
import importlib
import sys
from typing import TYPE_CHECKING

from bot.channels.console.loop import FAREWELL, converse, replay
from bot.channels.console.rendering import PlainScreen
from bot.cli import streams

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.channels.console.loop import Console
    from bot.channels.console.prompt import Prompt
    from bot.channels.console.rendering import Screen


def hold(
    console: Console,
    prompt: Prompt,
    *,
    begun: bool = False,
    farewell: str = FAREWELL,
    before_each: Callable[[], None] = lambda: None,
) -> None:
    """Talk until there is nothing more to read.

    `begun`: there is a conversation already. `farewell`: the wording said last. `before_each` is called before each
    line is taken.
    """

    def seen(line: str) -> str:
        before_each()
        return line

    with streams.until_closed():
        if is_typed():
            # editing and history of what was typed, kept for as long as the conversation
            with contextlib.suppress(ImportError):
                importlib.import_module("readline")
            converse(console, lambda shown: seen(prompt.ask(shown)), begun=begun, farewell=farewell)
        else:
            replay(console, map(seen, sys.stdin or ()))


def greet(console: Console) -> None:
    """Tell whoever types what can be typed."""
    if is_typed():
        console.say("console_greeting")


def is_typed() -> bool:
    """Whether the input is a terminal."""
    return sys.stdin is not None and sys.stdin.isatty()


def screen() -> Screen:
    """Where messages are shown."""
    if not sys.stdout.isatty():
        return PlainScreen(sys.stdout)
    # rich takes a moment to load, and a script has no use for it
    from bot.channels.console.styled import StyledScreen  # noqa: PLC0415

    return StyledScreen(sys.stdout)
