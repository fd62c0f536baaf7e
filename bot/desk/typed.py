"""Commands of the desk as typed or pressed: `priority high`, `access requested production`, the token of a button."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.desk.work import read

if TYPE_CHECKING:
    from collections.abc import Mapping

_ARGUMENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "assign": ("to",),
    "note": ("text",),
    "reply": ("text",),
    "send": ("id",),
    "keep": ("id",),
    "retry": ("id",),
    "undo": ("id",),
    "bot": ("at",),
    "solve": ("reason",),
    "close": ("reason",),
    "override": ("reason",),
    "dismiss": ("reason",),
    "merge": ("into",),
    "hold": ("reason",),
    "deny": ("reason",),
    "priority": ("to",),
    "reproduced": ("as",),
    "access": ("to", "environment"),
    "macro": ("name",),
    "snooze": ("for",),
    "timebox": ("do", "time"),
    "drop": ("do",),
}
"""What the words behind a command are; the last argument takes all that are left."""


def command(words: str) -> tuple[str, dict[str, str]]:
    """The name and the arguments of a typed command, with or without its slash."""
    name, _, rest = words.strip().removeprefix("/").partition(" ")
    return name.lower(), _named(name.lower(), rest)


def pressed(token: str) -> tuple[str, dict[str, str]] | None:
    """The same of a button of the desk; None for any other button."""
    found = read(token)
    return None if found is None else (found[0], _named(*found))


def _named(name: str, words: str) -> dict[str, str]:
    names = _ARGUMENTS.get(name, ())
    return dict(zip(names, filter(None, words.strip().split(None, len(names) - 1) if names else ()), strict=False))
