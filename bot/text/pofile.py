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

_QUOTED: Final = r'"[^"\\\n]*+(?:\\["\\nrt][^"\\\n]*+)*"[ \t]*+'
_STRING: Final = rf" [ \t]*+({_QUOTED}(?:\n{_QUOTED})*)(?:\n|\Z)"
_MESSAGE: Final = re.compile(rf"(?:msgctxt{_STRING})?msgid{_STRING}msgstr{_STRING}")
_COMMENTS: Final = re.compile(r"(?:(?:#.*|[ \t]*)\n)*(?:(?:#.*|[ \t]*)\Z)?")
_OBSOLETE: Final = re.compile(r"^#~", re.MULTILINE)
_FUZZY: Final = re.compile(r"^#,(?:.*,)?[ \t]*fuzzy[ \t]*(?:,|$)", re.MULTILINE)
_CHARSET: Final = re.compile(r"charset=([^\s;]+)", re.IGNORECASE)

_JOINT: Final = re.compile(r'"[ \t]*\n"')
_ESCAPE: Final = re.compile(r'\\(["\\nrt])')
_ESCAPED: Final = {'"': '"', "\\": "\\", "n": "\n", "r": "\r", "t": "\t"}

_LINE: Final = re.compile(rf"(?:(msgctxt|msgid|msgstr) [ \t]*+)?{_QUOTED}")
_KEYWORD_OR_QUOTE: Final = re.compile(r'(?:msgctxt|msgid|msgstr)\b|"')
_PLURAL: Final = ("msgid_plural", "msgstr[")
_NEXT: Final = {"": ("msgctxt", "msgid"), "msgctxt": ("msgid",), "msgid": ("msgstr",), "msgstr": ()}


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


def entries(text: str) -> dict[Key, Entry]:
    """The messages of a catalog, without its header and its obsolete ones; raises PoError.

    A message without a context has the empty one.
    """
    text = text.replace("\r\n", "\n")
    found: dict[Key, Entry] = {}
    position = counted = 0
    line = 1
    while True:
        comments = _COMMENTS.match(text, position)
        start = comments.end() if comments else position
        if start == len(text):
            return found
        message = _MESSAGE.match(text, start)
        if message is None:
            raise _fault(text, start)
        line += text.count("\n", counted, message.start(2))
        counted = message.start(2)
        context, source, translation = [_unquoted(part) for part in message.groups('""')]
        if source:
            key = (context, source)
            if key in found:
                reason = f"this message is already on line {found[key].line}: keep one of the two"
                raise PoError(reason, line)
            found[key] = Entry(translation, _is_fuzzy(text[position:start]), line)
        else:
            _check_header(context, translation, line)
        position = message.end()


def _unquoted(string: str) -> str:
    value = string.rstrip(" \t")[1:-1]
    if "\n" in value:
        value = _JOINT.sub("", value)
    if "\\" in value:
        value = _ESCAPE.sub(lambda escape: _ESCAPED[escape[1]], value)
    return value


def _is_fuzzy(comments: str) -> bool:
    """Whether the flags say so; those before an obsolete entry are that entry's."""
    if "fuzzy" not in comments:
        return False
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
    following = " or ".join(_NEXT[keyword])
    if content.startswith(_PLURAL):
        return "plural forms are not used: write one message for each text"
    if match and (match[1] in _NEXT[keyword] if match[1] else keyword):
        return ""
    if match or not content.strip() or content.startswith("#"):
        return f"{following} is missing here: a message is msgctxt, msgid and msgstr, with nothing between them"
    if _KEYWORD_OR_QUOTE.match(content):
        return 'put the text in quotes; inside them, write \\" for a quote, \\n for a new line and \\\\ for a backslash'
    return f"start this line with {following}, a quote or #"
