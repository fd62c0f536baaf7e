"""What comes in: one typed line as an event, or as words of the console's own for whoever typed it."""

from __future__ import annotations

import io
import mimetypes
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bot.channels.console.rendering import visible
from bot.chat.events import File, Message, Tap

if TYPE_CHECKING:
    from bot.channels.console.buttons import Buttons


class Notice(NamedTuple):
    """The line says nothing to the bot; `said` tells its writer why: wordings, each with what it is about."""

    said: tuple[tuple[str, str], ...]


def read(line: str, key: str, buttons: Buttons) -> Message | Tap | Notice:
    """The event of a line, under the event key `key`. Looks whether files exist, never into them."""
    name, _, words = line.strip().partition(" ")
    match name.lower():
        case "/file":
            return _files(words, key)
        case "/change":
            return _change(words.strip(), key, buttons)
    return Message(key, line)


def _notice(wording: str, about: str = "") -> Notice:
    return Notice(((wording, about),))


def _change(number: str, key: str, buttons: Buttons) -> Tap | Notice:
    # more digits than any number beside an answer has; `int` refuses thousands of them
    known = number.isdecimal() and len(number) < 5  # noqa: PLR2004
    token = buttons.token(int(number)) if known else None
    return _notice("console_change_usage") if token is None else Tap(key, token)


def _files(words: str, key: str) -> Message | Notice:
    try:
        paths, text = _shell_words(words)
    except ValueError:
        return _notice("console_quotes")
    if not paths:
        return _notice("console_file_usage")
    files = [_file(path) for path in paths]
    troubles = [said for each in files if isinstance(each, Notice) for said in each.said]
    if troubles:
        return Notice(tuple(troubles))
    return Message(key, text, tuple(each for each in files if isinstance(each, File)))


def _shell_words(words: str) -> tuple[list[str], str]:
    """The shell words before a lone `--`, and the text after it as it stands; raises ValueError."""
    stream = io.StringIO(words)
    lexer = shlex.shlex(stream, posix=True)
    lexer.whitespace_split = True
    lexer.commenters = ""
    paths: list[str] = []
    for word in lexer:
        if word == "--":
            break
        paths.append(word)
    return paths, stream.read().strip()


def _file(word: str) -> File | Notice:
    shown = visible(word)
    try:
        path = Path(word).expanduser().absolute()
        if path.is_dir():
            return _notice("console_folder", shown)
        if not path.exists():
            return _notice("console_no_file", shown)
        if not path.is_file():
            return _notice("console_not_ordinary", shown)
        size = path.stat().st_size
    except (OSError, RuntimeError, ValueError):  # too long, not allowed, no home folder, a null byte
        return _notice("console_not_opened", shown)
    if visible(str(path)) != str(path):
        return _notice("console_unshowable", shown)
    return File(str(path), path.name, size, mimetypes.guess_type(path.name)[0] or "")
