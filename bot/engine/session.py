"""The session: one conversation as one JSON document.

The document is public API: `FORMAT` counts its shape, and older shapes are lifted by numbered pure functions in
`bot.engine.formats`. Everything a turn needs is in it, so a conversation can be put down and taken up anywhere.
"""

from __future__ import annotations

import re
from binascii import a2b_base64, b2a_base64
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec

from bot.chat.people import Channel, User
from bot.engine.tokens import number

if TYPE_CHECKING:
    from collections.abc import Callable

FORMAT: Final = 1

MASK: Final = "***"
"""What the log has in place of a sensitive answer."""

Status = Literal["idle", "active", "cancelled", "expired", "ended", "handed_off"]


class Wait(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A question that waits for its answer. `asked` is its number."""

    asked: int
    unrecognised: int = 0
    invalid: int = 0
    empty: int = 0
    wrong_kind: int = 0
    offered: tuple[str, ...] = ()
    """Choice ids of a "Did you mean …?"."""
    dates: tuple[str, ...] = ()
    """ISO dates to choose from, when what was typed may be read in two ways."""
    chosen: tuple[str, ...] = ()
    """Several-choice questions: what is ticked so far."""
    files: tuple[dict[str, Any], ...] = ()
    """File questions: what was sent so far."""
    typed: str = ""
    """What was typed with the files, or the date that is ambiguous."""
    nudged: bool = False

    @property
    def attempts(self) -> int:
        """Replies that did not answer the question."""
        return self.unrecognised + self.invalid + self.empty + self.wrong_kind


class Frame(msgspec.Struct, omit_defaults=True, gc=False):
    """A running flow on the stack. `id` is unique in the session; `hash` pins the structure it runs on."""

    id: int
    flow: str
    hash: str
    version: int
    step: str = ""
    """The present step; "" once the flow has run off its end."""
    slots: dict[str, Any] = {}
    into: dict[str, str] = {}
    """Slots of the frame below that are filled on return: there: here."""
    values: dict[str, Any] = {}
    """What `pattern` reads, in a repair pattern."""
    wait: Wait | None = None
    aside: bool = False
    """Runs above a question that waits, and returns to it: a repair pattern or a digression."""
    quiet: bool = False
    """An aside after which the question is not put again, because the reply to it is at hand."""


class Acceptance(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """That a rule was acknowledged or declined: when, which wording (hash), in which language."""

    at: datetime
    wording: str
    locale: str
    accepted: bool = True


class Undo(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """How to get back to just before a question was answered, as the difference to just after it.

    `kept` lists the frames that were there before and after, bottom first, as (step, slots to restore, slots to
    remove); `dropped` are the frames above them that the answer ended. The topmost of all of them stands at the
    question. `known`: it was not asked, because its slot had a value. `passed`: nothing was answered there at all,
    because a hook reported, or time or tries were up.
    """

    asked: int
    kept: list[tuple[str, dict[str, Any], list[str]]]
    known: bool = False
    dropped: list[Frame] = []
    rules: dict[str, Acceptance | None] = {}
    answer: Any = None
    """The answer, where it went with a dropped frame."""
    passed: bool = False

    @property
    def is_answer(self) -> bool:
        """Whether the merchant answered then."""
        return not (self.known or self.passed)

    @property
    def step(self) -> str:
        """The step whose question was answered."""
        return self.dropped[-1].step if self.dropped else self.kept[-1][0]


class Former(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """An answer that was taken back, and the number its question was put as."""

    answer: Any
    asked: int


class Session(msgspec.Struct, omit_defaults=True, gc=False):
    """A conversation. Times are UTC.

    What most turns leave alone is never written to, but replaced where it changes: only the stack needs to be copied.
    """

    id: str
    flow: str
    """The flow it starts with."""
    user: User
    channel: Channel
    locale: str
    started: datetime
    format: int
    status: Status = "idle"
    outcome: str = ""
    case: str = ""
    turns: int = 0
    revision: int = 0
    """Counts questions; a question's number is part of its buttons' tokens and stays however often it is put."""
    frames: int = 0
    """Counts frames made."""
    stack: list[Frame] = []
    undo: tuple[str, ...] = ()
    """`Undo` entries, oldest first, packed, in blocks with a space between entries.

    Most turns only add one to the last block, so none is unpacked until someone goes back.
    """
    rules: Mapping[str, Acceptance] = {}
    former: Mapping[str, Former] = {}
    """Answers that were taken back, by where they were given: shown, or taken again, when the question returns."""
    recall: tuple[str, ...] = ()
    """Keys of `former` that are answered again without asking, after one earlier answer was changed."""
    done: Mapping[str, dict[str, Any]] = {}
    """Results of actions by key, so that none is performed twice."""
    seen: tuple[str, ...] = ()
    said: Mapping[str, int] = {}
    """By the platform's id of a message: the number of the question that it answered, of the latest ones."""
    files: tuple[dict[str, Any], ...] = ()
    """Every file that was sent, whatever waited then."""
    passed_on: int = 0
    """How many of them a person has been given."""
    exposed: tuple[str, ...] = ()
    """Kinds of secrets that the merchant wrote; they were removed, but others may have seen them."""
    timer: str = ""
    """The step timer that is scheduled, if any."""


class Record(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A line of the log, in the past tense. The log is audit trail, transcript and replay source at once."""

    kind: str
    at: datetime
    data: dict[str, Any] = msgspec.field(default_factory=dict)


_FIRST: Final = "."
_RULED: Final = "!"
_AGAIN: Final = "~"
_PLAINLY: Final = "*"
_SAME: Final = "="
"""Marks of short undo entries; with none of them base64 begins."""

_HIDDEN: Final = str.maketrans(' "', "~'")
_SHOWN: Final = str.maketrans("~'", ' "')
_RESERVED: Final = re.compile(r"[~':\\]").search
"""What JSON must not hold to stand plainly in an entry: a space would end it, and quotes would be escaped."""

_ENCODER: Final = msgspec.json.Encoder()
_SESSIONS: Final = msgspec.json.Decoder(Session)
_PACKER: Final = msgspec.msgpack.Encoder()
_UNPACKER: Final = msgspec.msgpack.Decoder(Undo)

# what `copy.copy` would call, and three times as fast as `msgspec.structs.replace`
_SESSION: Final[Callable[[Session], Session]] = Session.__copy__  # type: ignore[attr-defined]
_FRAME: Final[Callable[[Frame], Frame]] = Frame.__copy__  # type: ignore[attr-defined]


def encode(session: Session) -> bytes:
    """The session as its JSON document."""
    return _ENCODER.encode(session)


def decode(document: bytes) -> Session:
    """The session of a JSON document of the present format; raises msgspec.ValidationError."""
    session = _SESSIONS.decode(document)
    if session.format != FORMAT:
        raise msgspec.ValidationError(f"the session has format {session.format}, this is for format {FORMAT}")
    return session


def pack(entry: Undo, flow: str) -> str:
    """An undo entry as it is kept: ASCII without a space, with who asked (`flow:step`) in clear before it.

    Of an ordinary answer to a question that is called like its slot the name is not repeated.
    """
    if not entry.is_answer or entry.dropped or entry.rules or entry.answer is not None:
        return f"{flow}:{entry.step}:{_packed(entry)}"
    *below, (step, restore, remove) = entry.kept
    if not restore and remove == [step]:
        below.append(("", {}, []))
    elif not remove and restore.keys() == {step}:
        below.append(("", {"": restore[step]}, []))
    else:
        below.append((step, restore, remove))
    return f"{flow}:{step}:{_packed((entry.asked, below))}"  # what is left out reads as its default


def _packed(entry: Any) -> str:
    return b2a_base64(_PACKER.encode(entry), newline=False).decode()


def short(asked: int, flow: str, step: str) -> str:
    """The same for what nearly every turn brings: in the only frame, the first answer for the slot called as its step.

    Behind the mark of that stands the number of the question.
    """
    return f"{flow}:{step}:{_FIRST}{number(asked)}"


def ruled(asked: int, flow: str, step: str) -> str:
    """The same of a rule that is called like its step."""
    return f"{flow}:{step}:{_RULED}{number(asked)}"


def same(asked: int, flow: str, step: str) -> str:
    """The same of an answer that the slot held already: there is nothing to take back but the question."""
    return f"{flow}:{step}:{_SAME}{number(asked)}"


def again(asked: int, flow: str, step: str, held: Any) -> str:
    """The same of another answer there: behind its number stands what the slot held before.

    What most slots hold (ids of choices, numbers, words) is JSON that can stand there plainly, in half the bytes.
    """
    text = _ENCODER.encode(held).decode()
    if not text.isascii() or _RESERVED(text):
        return f"{flow}:{step}:{_AGAIN}{number(asked)}.{_packed(held)}"
    return f"{flow}:{step}:{_PLAINLY}{number(asked)}.{text.translate(_HIDDEN)}"


def unpack(entry: str) -> Undo:
    """A kept undo entry."""
    _, step, packed = entry.split(":")
    if packed[0] == _FIRST:
        return Undo(int(packed[1:], 16), [(step, {}, [step])])
    if packed[0] == _SAME:
        return Undo(int(packed[1:], 16), [(step, {}, [])])
    if packed[0] == _RULED:
        return Undo(int(packed[1:], 16), [(step, {}, [])], rules={step: None})
    if packed[0] == _AGAIN:
        asked, _, held = packed[1:].partition(".")
        return Undo(int(asked, 16), [(step, {step: msgspec.msgpack.decode(a2b_base64(held))}, [])])
    if packed[0] == _PLAINLY:
        asked, _, held = packed[1:].partition(".")
        return Undo(int(asked, 16), [(step, {step: msgspec.json.decode(held.translate(_SHOWN))}, [])])
    found = _UNPACKER.decode(a2b_base64(packed))
    if found.kept and not found.kept[-1][0]:
        restore = {step: found.kept[-1][1][""]} if found.kept[-1][1] else {}
        found.kept[-1] = (step, restore, [] if restore else [step])
    return found


def start(*, id: str, flow: str, user: User, channel: Channel, locale: str, now: datetime) -> Session:  # noqa: A002
    """A new session that waits for its first message."""
    return Session(id=id, flow=flow, user=user, channel=channel, locale=locale, started=now, format=FORMAT)


def copy(session: Session) -> Session:
    """A session that can be changed without changing `session`; what is shared is never written to."""
    changed = _SESSION(session)
    changed.stack = []
    for frame in session.stack:
        copied = _FRAME(frame)
        copied.slots = {**frame.slots}
        changed.stack.append(copied)
    return changed
