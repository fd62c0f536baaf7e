"""Comparing what came of a turn with what its script expects."""

from __future__ import annotations

import re
from difflib import ndiff
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from bot.chat.effects import OpenCase
from bot.flow.library import PATTERN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bot.scripts.merchant import Heard
    from bot.scripts.model import Turn

BETWEEN: Final = "\n· · ·\n"
"""Stands between two messages where they are shown one below the other."""


def failures(turn: Turn, heard: Heard) -> Iterator[tuple[str, str]]:
    """Each expectation of a turn that was not met: its key, and what was expected and what found instead."""
    for key in turn.expected:
        wanted = getattr(turn, key)
        if key in EXACT:
            wanted, found = list(wanted) if isinstance(wanted, tuple) else wanted, EXACT[key](heard)
            if (wanted or None) != (found or None):
                yield key, differ(wanted, found)
        else:
            for failure in OTHER[key](wanted, heard):
                yield key, failure


def differ(wanted: Any, found: Any) -> str:
    """The sentence that says so."""
    return f"expected {_shown(wanted)}, found {_shown(found)}"


def _shown(value: Any) -> str:
    return "nothing" if value in (None, "", []) else repr(value)


def spoken(wanted: Sequence[str] | None) -> list[str]:
    """The texts of `bot:` without the line break that a YAML block ends with."""
    return [text.rstrip("\n") for text in wanted or ()]


def _at(heard: Heard) -> str | None:
    stack = heard.session.stack
    return f"{stack[-1].flow}.{stack[-1].step}" if stack else None


def _logged(kind: str, name: str) -> Callable[[Heard], list[Any]]:
    return lambda heard: [record.data[name] for record in heard.log if record.kind == kind]


def _attempts(heard: Heard) -> int | None:
    stack = heard.session.stack
    return stack[-1].wait.attempts if stack and stack[-1].wait is not None else None


EXACT: Final[MappingProxyType[str, Callable[[Heard], Any]]] = MappingProxyType(
    {
        "attempts": _attempts,
        "rule_accepted": _logged("rule_accepted", "rule"),
        "rule_declined": _logged("rule_declined", "rule"),
        "outcome": lambda heard: heard.session.outcome,
        "status": lambda heard: heard.session.status,
        "locale": lambda heard: heard.session.locale,
    }
)
"""What must equal the expectation; nothing equals nothing, however it is written."""


def _bot(wanted: Sequence[str] | None, heard: Heard) -> Iterator[str]:
    expected = spoken(wanted)
    if expected != heard.texts:
        before, after = (BETWEEN.join(texts).split("\n") if texts else [] for texts in (expected, heard.texts))
        lines = [line.rstrip() for line in ndiff(before, after) if not line.startswith("?")]
        yield "\n".join(["the texts differ (- expected, + found)", *lines])


def _bot_matches(wanted: Sequence[str] | None, heard: Heard) -> Iterator[str]:
    yield from (f"expected to find {each!r}" for each in wanted or () if not _found(each, heard))


def _not_bot(wanted: Sequence[str] | None, heard: Heard) -> Iterator[str]:
    yield from (f"expected not to find {each!r}" for each in wanted or () if _found(each, heard))


def _found(wanted: str, heard: Heard) -> bool:
    """Whether the texts have this part, or something that this regular expression describes."""
    said = "\n\n".join(heard.texts)
    if wanted in said:
        return True
    try:
        return re.search(wanted, said) is not None
    except re.error:
        return False


def _buttons(wanted: Sequence[str] | None, heard: Heard) -> Iterator[str]:
    rest = iter(heard.buttons)
    missing = next((each for each in wanted or () if each not in rest), None)
    if missing is not None:
        yield f"expected {missing!r} in this order, found {_shown(heard.buttons)}"


def _standing(wanted: str | None, heard: Heard) -> Iterator[str]:
    place = _at(heard)
    if place != wanted and not (place and wanted == heard.session.stack[-1].step):
        yield differ(wanted, place)


def _slots(wanted: dict[str, Any] | None, heard: Heard) -> Iterator[str]:
    for name, value in (wanted or {}).items():
        held = [frame.slots[name] for frame in heard.session.stack if name in frame.slots]
        found = _plain(held[-1]) if held else None
        if isinstance(value, dict) and isinstance(found, dict):
            found = {key: found.get(key) for key in value}
        if value != found:
            yield f"{name}: {differ(value, found)}"


def _plain(value: Any) -> Any:
    """An answer as scripts write it: a file is its name."""
    if isinstance(value, dict) and "files" in value:
        return {**value, "files": [file["name"] for file in value["files"]]}
    return value


def _pattern(wanted: Sequence[str] | None, heard: Heard) -> Iterator[str]:
    yield from _among(wanted, [name for record in heard.log if (name := _entered(record.kind, record.data))])


def _entered(kind: str, data: dict[str, Any]) -> str:
    """The pattern that a log line says was entered. The question for a language is logged as its command alone."""
    if kind == "pattern_entered":
        return str(data["pattern"])
    return "language" if kind == "command_given" and data["flow"] == f"{PATTERN}language" else ""


def _unmatched(wanted: str | None, heard: Heard) -> Iterator[str]:
    yield from _among([wanted] if wanted else [], _logged("answer_unmatched", "kind")(heard))


def _effects(wanted: Sequence[str] | None, heard: Heard) -> Iterator[str]:
    yield from _among(wanted, [str(type(each).__struct_config__.tag) for each in heard.effects])


def _among(wanted: Sequence[str] | None, found: list[str]) -> Iterator[str]:
    """Each of `wanted` must have been found; where none is, nothing must."""
    if (found and not wanted) or any(each not in found for each in wanted or ()):
        yield differ(list(wanted or ()), found)


def _handoff(wanted: Any, heard: Heard) -> Iterator[str]:
    case = next((each for each in heard.effects if isinstance(each, OpenCase)), None)
    if bool(wanted) is not bool(case):
        yield f"expected {'a' if wanted else 'no'} hand-off, found {'one' if case else 'none'}"
    for name in ("queue", "priority") if wanted and case else ():
        value = getattr(wanted, name, None)
        if value not in (None, getattr(case, name)):
            yield f"{name}: {differ(value, getattr(case, name))}"


OTHER: Final[MappingProxyType[str, Callable[[Any, Heard], Iterator[str]]]] = MappingProxyType(
    {
        "bot": _bot,
        "bot_matches": _bot_matches,
        "not_bot": _not_bot,
        "buttons": _buttons,
        "at": _standing,
        "slots": _slots,
        "pattern": _pattern,
        "unmatched": _unmatched,
        "handoff": _handoff,
        "effects": _effects,
    }
)
"""Expectations that are met in ways of their own; each yields what was not."""
