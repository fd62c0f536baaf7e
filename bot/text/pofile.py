"""Reading a gettext catalog (`.po`): a strict and fast reader of what this project's catalogs hold.

That is messages with a context and one translation, comments, flags and obsolete entries; no plural forms, which our
texts do without. Babel, with which the tools write catalogs, reads the same messages from every such file, but takes
several times as long for it.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

Key = tuple[str, str]
"""Context and source of a message."""

_CONTENT: Final = r'[^"\\\n]*+(?:\\["\\nrt][^"\\\n]*+)*'
_STRING: Final = rf' [ \t]*+"({_CONTENT}(?:"[ \t]*+\n"{_CONTENT})*)"[ \t]*+(?:\n|\Z)'
_COMMENTS: Final = r"((?:(?:#.*|[ \t]*)\n)*(?:(?:#.*|[ \t]*)\Z)?)"
_NEXT: Final = re.compile(rf"{_COMMENTS}(?:((?:msgctxt{_STRING})?msgid{_STRING})msgstr{_STRING})?")
"""Comments, and a message unless the text ends or something is wrong; the second group is context and source."""
_SOURCE: Final = 4
"""The group of the source alone."""
_OBSOLETE: Final = re.compile(r"^#~", re.MULTILINE)
_FUZZY: Final = re.compile(r"^#,(?:.*,)?[ \t]*fuzzy[ \t]*(?:,|$)", re.MULTILINE)
_CHARSET: Final = re.compile(r"charset=([^\s;]+)", re.IGNORECASE)

_JOINT: Final = re.compile(r'"[ \t]*\n"')
_ESCAPE: Final = re.compile(r'\\(["\\nrt])')
_ESCAPED: Final = {'"': '"', "\\": "\\", "n": "\n", "r": "\r", "t": "\t"}

_LINE: Final = re.compile(rf'(?:(msgctxt|msgid|msgstr) [ \t]*+)?"{_CONTENT}"[ \t]*+')
_KEYWORD_OR_QUOTE: Final = re.compile(r'(?:msgctxt|msgid|msgstr)\b|"')
_PLURAL: Final = ("msgid_plural", "msgstr[")
_FOLLOWING: Final = {"": ("msgctxt", "msgid"), "msgctxt": ("msgid",), "msgid": ("msgstr",), "msgstr": ()}


class PoError(ValueError):
    """A catalog cannot be read; `message` says what to do, `line` (1-based) where."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


class Entry(msgspec.Struct, frozen=True, gc=False):
    """A message of a catalog; `translation` is empty where there is none yet, `line` (1-based) is that of its msgid."""

    translation: str
    fuzzy: bool = False
    line: int = 0

    @property
    def usable(self) -> bool:
        """Whether the translation may be shown: it is there and nobody doubts it."""
        return bool(self.translation) and not self.fuzzy


def entries(text: str, keys: dict[str, Key] | None = None) -> dict[Key, Entry]:
    """The messages of a catalog, without its header and its obsolete ones; raises PoError.

    A message without a context has the empty one. `keys` are those of other catalogs as they are written there: where
    this one writes the same, it has the same key, so that no catalog but the first costs the time and space for them.
    """
    text = text.replace("\r\n", "\n")
    keys = {} if keys is None else keys
    found: dict[Key, Entry] = {}
    position = counted = 0
    line = 1
    while (message := _NEXT.match(text, position)) and (parts := message.groups(""))[1]:
        comments, written, context, source, translation = parts
        start = message.start(_SOURCE)
        line += text.count("\n", counted, start)
        counted, position = start, message.end()
        key = keys.get(written)
        if key is None:
            key = keys[written] = (_unescaped(context), _unescaped(source))
        if "\\" in translation or "\n" in translation:
            translation = _unescaped(translation)
        if not key[1]:
            _check_header(key[0], translation, line)
        elif key in found:
            raise PoError(f"this message is already on line {found[key].line}: keep one of the two", line)
        else:
            found[key] = Entry(translation, "fuzzy" in comments and _is_fuzzy(comments), line)
    start = message.end() if message else position
    if start < len(text):
        raise _fault(text, start)
    return found


def _unescaped(written: str) -> str:
    """What stands between the first quote and the last."""
    value = _JOINT.sub("", written) if "\n" in written else written
    return _ESCAPE.sub(lambda escape: _ESCAPED[escape[1]], value) if "\\" in value else value


def _is_fuzzy(comments: str) -> bool:
    """Whether the flags say so; those before an obsolete entry are that entry's."""
    return _FUZZY.search(_OBSOLETE.split(comments)[-1]) is not None


def _check_header(context: str, header: str, line: int) -> None:
    if context:
        raise PoError("this msgid is empty: give the text to translate, or remove the message", line)
    charset = _CHARSET.search(header)
    if charset and charset[1].lower() not in {"utf-8", "utf8"}:
        reason = f"the charset is {charset[1]}: save the file as UTF-8, and write charset=UTF-8 here"
        raise PoError(reason, line)


def _fault(text: str, start: int) -> PoError:
    """What is wrong with the message that starts at `start`."""
    line = text.count("\n", 0, start)
    reason = keyword = ""
    for content in (*text[start:].split("\n"), ""):
        line += 1
        match = _LINE.fullmatch(content)
        reason = _line_fault(content, match, keyword)
        if reason or not match:
            break
        keyword = match[1] or keyword
    return PoError(reason, min(line, text.count("\n") + 1))


def _line_fault(content: str, match: re.Match[str] | None, keyword: str) -> str:
    """What is wrong with a line after a line of `keyword`; empty if nothing is."""
    following = " or ".join(_FOLLOWING[keyword])
    if content.startswith(_PLURAL):
        return "plural forms are not used: write one message for each text"
    if match and (match[1] in _FOLLOWING[keyword] if match[1] else keyword):
        return ""
    if match or not content.strip() or content.startswith("#"):
        return f"{following} is missing here: a message is msgctxt, msgid and msgstr, with nothing between them"
    if _KEYWORD_OR_QUOTE.match(content):
        return 'put the text in quotes; inside them, write \\" for a quote, \\n for a new line and \\\\ for a backslash'
    return f"start this line with {following}, a quote or #"
