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

FILE_USAGE = "To give files, write: /file PATH… and, if you like, -- and a few words"
CHANGE_USAGE = "To change an answer, write /change and the number that stands beside it."


class Notice(NamedTuple):
    """The line says nothing to the bot; `text` tells its writer why."""

    text: str


def read(line: str, key: str, buttons: Buttons) -> Message | Tap | Notice:
    """The event of a line, under the event key `key`. Looks whether files exist, never into them."""
    name, _, words = line.strip().partition(" ")
    match name.lower():
        case "/file":
            return _files(words, key)
        case "/change":
            return _change(words.strip(), key, buttons)
    return Message(key, line)


def _change(number: str, key: str, buttons: Buttons) -> Tap | Notice:
    # more digits than any number beside an answer has; `int` refuses thousands of them
    known = number.isdecimal() and len(number) < 5  # noqa: PLR2004
    token = buttons.token(int(number)) if known else None
    return Notice(CHANGE_USAGE) if token is None else Tap(key, token)


def _files(words: str, key: str) -> Message | Notice:
    try:
        paths, text = _shell_words(words)
    except ValueError:
        return Notice("A quotation mark is not closed. Put some around a path that holds spaces or one of them.")
    if not paths:
        return Notice(FILE_USAGE)
    files = [_file(path) for path in paths]
    troubles = [each.text for each in files if isinstance(each, Notice)]
    if troubles:
        return Notice("\n".join(troubles))
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
            return Notice(f"{shown} is a folder. Please name the files in it.")
        if not path.exists():
            return Notice(f"There is no file {shown} here.")
        if not path.is_file():
            return Notice(f"{shown} is not an ordinary file.")
        size = path.stat().st_size
    except (OSError, RuntimeError, ValueError):  # too long, not allowed, no home folder, a null byte
        return Notice(f"{shown} cannot be opened.")
    if visible(str(path)) != str(path):
        return Notice(f"{shown} has a name that cannot be shown. Please rename the file first.")
    return File(str(path), path.name, size, mimetypes.guess_type(path.name)[0] or "")
