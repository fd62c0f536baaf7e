"""What a `*.flowtest.yaml` file may say: conversations as a merchant has them, and what is expected of the bot.

The file is read as strictly as a flow: every problem has its place, and all are told at once.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal, NamedTuple

import msgspec
from pydantic_core import ValidationError

from bot.engine.session import Status
from bot.flow.keys import Model, keys_of
from bot.flow.marks import Read, RefusalError, Within
from bot.flow.problems import Problem, in_order
from bot.flow.reader import Tree, read
from bot.flow.understanding import understood
from bot.flow.validation import problems_of
from bot.flow.values import Flag, Id, Seconds
from bot.text.locales import SOURCE, normalise

DEFAULT_CLOCK: Final = datetime(2026, 1, 5, 9, tzinfo=UTC)
"""A Monday morning: when a case begins that does not say so."""


def _clock(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        moment = None
    if moment is None or moment.tzinfo is None:
        raise RefusalError("bad-clock", "a time is a date, a time of day and a zone: 2026-01-05T09:00:00Z")
    return moment.astimezone(UTC)


def _locale(value: Any) -> str:
    found = normalise(value) if isinstance(value, str) else None
    if found is None:
        raise RefusalError("bad-locale", "a language is a tag such as es or pt-BR")
    return found


def _many(value: Any) -> Any:
    return value if value is None or isinstance(value, list) else [value]


def _true(value: Any) -> bool:
    if value is not True:
        raise RefusalError("bad-value", "`duplicate` is `true`, or left out")
    return True


String = Annotated[str, Within(strict=True)]
Line = Annotated[str, Within(strict=True, min_length=1)]
Lines = Annotated[tuple[Line, ...], Within(min_length=1), Read(_many)]
"""One text, or a list of them."""
Strings = Annotated[tuple[String, ...], Read(_many)]
"""The same, where none and an empty one mean something."""
Names = Annotated[tuple[Id, ...], Read(_many)]

Platform = Literal["slack", "telegram", "console"]
PLATFORMS: Final[tuple[Platform, ...]] = ("slack", "telegram", "console")

ACTIONS: Final = ("user", "tap", "file", "files", "kind", "wait", "duplicate", "submit")
"""Keys that say what happens; every other key of a turn says what is expected of it."""

LEFT_OUT: Final[Any] = msgspec.UNSET
"""What an expectation is that is not written: nothing is expected, not that there is nothing."""

_TOGETHER: Final = frozenset({"user", "file", "files"})
"""Keys that together make one message."""


class Handoff(Model, frozen=True, kw_only=True):
    """A case as it should have been opened; what is left out may be anything."""

    queue: Id | None = None
    priority: Id | None = None


class Turn(Model, frozen=True, kw_only=True):
    """One thing that happens, and what is expected of all that comes of it. Only the keys that are written count."""

    user: Strings | None = None
    """A message; several are sent one after another."""
    tap: Lines | None = None
    """A button, by choice id or label (`bot.scripts.merchant` says which others); several are pressed in turn."""
    file: Lines | None = None
    files: Lines | None = None
    """Names of files, sent in one message."""
    kind: Literal["sticker", "voice", "video_note", "contact", "location", "other"] | None = None
    """A message that has no text."""
    wait: Seconds | None = None
    """Time that passes; every timer that comes due meanwhile fires, in order."""
    duplicate: Annotated[bool, Read(_true)] | None = None
    """The event before once more, under the same key: nothing may come of it."""
    submit: dict[Id, String | list[String]] | None = None
    """A filled-in form, by slot."""

    bot: Strings | None = LEFT_OUT
    """Every text, exactly; a list where there are several."""
    bot_matches: Lines | None = LEFT_OUT
    """Parts of the texts, or regular expressions; each must be found."""
    not_bot: Lines | None = LEFT_OUT
    """The same; none may be found."""
    buttons: Lines | None = LEFT_OUT
    """Labels that are offered, in this order; there may be others between them."""
    at: Line | None = LEFT_OUT
    """The step that waits, as `step` or `flow.step`; null for none."""
    slots: dict[Id, Any] | None = LEFT_OUT
    """Answers; others may be set as well. Null for unset; a file by its name."""
    pattern: Names | None = LEFT_OUT
    """Repair patterns that were entered, without `pattern_`; null for none."""
    unmatched: Literal["unrecognised", "invalid", "empty", "wrong_kind"] | None = LEFT_OUT
    """How the reply failed to answer the question; null if it did not fail."""
    attempts: Annotated[int, Within(strict=True, ge=0)] | None = LEFT_OUT
    """Replies so far that did not answer the question that waits."""
    handoff: Flag | Handoff | None = LEFT_OUT
    rule_accepted: Names | None = LEFT_OUT
    """The rules that were acknowledged, in their order; null for none."""
    rule_declined: Names | None = LEFT_OUT
    effects: (
        Annotated[
            tuple[Literal["say", "ask", "edit", "open_case", "relay", "schedule", "unschedule", "perform"], ...],
            Read(_many),
        ]
        | None
    ) = LEFT_OUT
    """Kinds of effects that went out, among others."""
    outcome: String | None = LEFT_OUT
    """How the conversation ended; "" or null while it has not."""
    status: Status | None = LEFT_OUT
    locale: Annotated[str, Read(_locale)] | None = LEFT_OUT

    @property
    def action(self) -> str:
        """The key that says what happens; that of the words where words and files come together."""
        return next(key for key in ACTIONS if getattr(self, key) is not None)

    @property
    def expected(self) -> tuple[str, ...]:
        """The expectations that are written, in the model's order."""
        return tuple(key for key in keys_of(Turn) if key not in ACTIONS and getattr(self, key) is not LEFT_OUT)

    def __post_init__(self) -> None:
        """Refuse a turn in which nothing happens, or several things do; raises RefusalError."""
        found = [key for key in ACTIONS if getattr(self, key) is not None]
        if not found or (len(found) > 1 and not _TOGETHER.issuperset(found)):
            hint = f"this one has {' and '.join(found)}" if found else ""
            raise RefusalError(
                "turn-action",
                "a turn has exactly one of user, tap, file, files, kind, wait, duplicate and submit; words and files "
                "may come together",
                hint,
            )
        if self.user is not None and len(self.user) != 1 and (len(found) > 1 or not self.user):
            raise RefusalError("turn-action", "files come with one message, and a list of messages has some")


class Case(Model, frozen=True, kw_only=True):
    """One conversation, played once on each of its channels."""

    case: Line
    """What it shows, in words."""
    flow: Id
    locale: Annotated[str, Read(_locale)] = SOURCE
    name: str = ""
    """The merchant's first name; "" where the channel does not know it."""
    channels: Annotated[tuple[Platform, ...], Within(min_length=1), Read(_many)] = PLATFORMS
    clock: Annotated[datetime, Read(_clock)] = DEFAULT_CLOCK
    turns: Annotated[tuple[Turn, ...], Within(min_length=1)]


class Script(Model, frozen=True, kw_only=True):
    """A script file."""

    cases: Annotated[tuple[Case, ...], Within(min_length=1)]

    def __post_init__(self) -> None:
        """Refuse two cases of one name; raises RefusalError."""
        seen: set[str] = set()
        for each in self.cases:
            if each.case in seen:
                raise RefusalError("duplicate-case", f"two cases are called {each.case!r}", "rename one")
            seen.add(each.case)


class Sheet(NamedTuple):
    """A script that can be played, and the places of its parts."""

    script: Script
    tree: Tree

    def line(self, case: int, turn: int | None = None) -> int:
        """The line, 1-based, of a case or of one of its turns (0-based numbers)."""
        path = ("cases", case) if turn is None else ("cases", case, "turns", turn)
        return self.tree.position(path)[0]


def read_script(data: bytes, file: str) -> tuple[Sheet | None, tuple[Problem, ...]]:
    """The script in a file's bytes, and every problem of it; no script where there is an error. Never raises.

    `file` is the name that problems show.
    """
    reading = read(data, file)
    problems = list(reading.problems)
    sheets: list[Sheet] = []
    for tree in reading.documents:
        try:
            sheets.append(Sheet(understood(Script, tree.data), tree))
        except ValidationError as error:
            problems += problems_of(error, tree, Script)
    if len(reading.documents) > 1:
        problems.append(
            reading.documents[1].problem("several-documents", (), "a script is one document", "take the `---` out")
        )
    failed = any(problem.severity == "error" for problem in problems)
    return (None if failed or not sheets else sheets[0]), in_order(problems)
