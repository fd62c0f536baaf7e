"""What goes into the store and comes out of it. Times are milliseconds since 1970-01-01 UTC.

Documents are JSON text. What an event reads and writes is passed on as bytes, in UTF-8, as it was written: to make
characters of it and bytes again on each of the ways from a worker to the disk would cost time and give nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Final, Literal, NamedTuple, Protocol

Verdict = Literal["applied", "duplicate", "stale"]
"""What became of an arrival: applied; its key was seen before; its timer had been called off or set anew."""


class Alarm(NamedTuple):
    """A timer of a conversation, as it was set."""

    address: str
    name: str
    due: int


class Arrival(NamedTuple):
    """An event on its way into a conversation, which its `address` names.

    `key` tells it from every other event of that conversation for good. `origin` is the platform's own id of the
    message, "" for what is none. `alarm` is the timer that fired, if one did: it is removed as the event is applied.
    `payload` is the step's business.
    """

    address: str
    key: str
    payload: object
    origin: str = ""
    alarm: Alarm | None = None


class Drop(NamedTuple):
    """What was filled in on a one-time form of the conversation at `address`, or that it was: `person` has opened it.

    `until` (milliseconds UTC) it may be opened.
    """

    id: str
    address: str
    until: int
    person: str


class Stored(NamedTuple):
    """A conversation as it stands; `rev` counts the events applied to it."""

    id: int
    rev: int
    document: bytes


PRIORITIES: Final = (0, 1, 2)
"""Of outgoing messages, the most urgent first."""


NAMES: Final = "\n"
"""What stands between the names of a message: behind its own, one for each of the files that leave with it as one."""


class Outgoing(NamedTuple):
    """A message to be sent. Those of one conversation to one `destination` (an address) leave in order: a lane.

    `carrier` names who can take it there. `priority`, one of PRIORITIES: the lowest number goes first
    where not all can. `epoch` is
    the one it was computed under: it is suppressed once the conversation has moved on; None is never suppressed. `ref`
    names it for a later message that edits it, and, see NAMES, its files; `edits` is such a name.
    """

    carrier: str
    destination: str
    kind: str
    payload: bytes
    priority: int = 1
    epoch: int | None = None
    ref: str = ""
    edits: str = ""


CASE_STATUSES: Final = ("new", "open", "pending", "on_hold", "solved", "closed")
ACTIVE: Final = CASE_STATUSES[:4]
"""Statuses of cases that somebody has to do something about."""
URGENCIES: Final = ("urgent", "high", "normal", "low")
"""Priorities of cases, in the order of lists."""
ACCESS_GONE: Final = ("none", "removed_confirmed")
"""States of access in which no account of ours is left at the merchant's."""


class CaseRow(NamedTuple):
    """A case as lists show it; all else about it is in the document of its conversation.

    `assignee` is a person's id, "" for nobody. `locale` is the merchant's. `due`: when its next clock runs out.
    `title`: a few words for lists. `override`: why a lead closed it although access may be left.
    """

    id: str
    status: str
    assignee: str
    queue: str
    priority: str
    locale: str
    access: str
    time_box: str
    due: int | None
    opened: int
    title: str
    override: str = ""


class CaseFilter(NamedTuple):
    """Which cases a list shows: those that fit all of it.

    `assignee`: None for anybody's, "" for nobody's. `statuses`, `queues` and `locales`: any, if there are none.
    `merchant`: whose they are, as `Change` has it, "" for anybody's.
    """

    assignee: str | None = None
    statuses: Sequence[str] = ACTIVE
    queues: Sequence[str] = ()
    locales: Sequence[str] = ()
    access_open: bool = False
    time_box_running: bool = False
    due_before: int | None = None
    merchant: str = ""


class Place(NamedTuple):
    """Where a case stands in lists: what they are ordered by."""

    rank: int
    due: int
    opened: int
    id: str


class Listed(NamedTuple):
    """A case in a list, with the address of its conversation and when the case last changed."""

    case: CaseRow
    address: str
    updated: int


class Change(NamedTuple):
    """What an event makes of a conversation. `timers`: name to due time, None to forget it. `log` is a JSON array.

    `case` is the row of a case as it is now, None where none has changed. `merchant` is whom the conversation is with,
    "" where nobody is to find it by that; it stays what it was at first.
    """

    document: bytes
    status: str
    control: str
    epoch: int
    log: bytes
    outgoing: Sequence[Outgoing] = ()
    timers: Mapping[str, int | None] = {}
    case: CaseRow | None = None
    merchant: str = ""


Step = Callable[[Arrival, Stored | None], Change | None]
"""Pure: the arrival and the conversation it is for (None for a new one) to the change; None changes nothing."""


class Task(NamedTuple):
    """A step to be taken: for the arrival at that place in its batch, in the conversation as it stands."""

    place: int
    arrival: Arrival
    stored: Stored | None


Steps = Callable[[Sequence[Task]], Awaitable[Sequence[Change | None]]]
"""The steps of a batch, taken elsewhere while the store does other work. Raises Poisoned."""


class Poisoned(Exception):  # noqa: N818  (a fact about an arrival, not about the store)
    """The step failed on the arrival with this `index` in its batch, of which nothing was kept."""

    def __init__(self, index: int) -> None:
        """Remember which one it was; the cause is `__cause__`."""
        super().__init__(index)
        self.index = index


class Delivery(NamedTuple):
    """A message that a deliverer has claimed. `target` are the platform's ids of the message that it edits.

    `attempts` counts how often it was taken up, this time included. `ref` is the name it was given, and, see NAMES,
    those of its files.
    """

    id: int
    conversation: int
    address: str
    carrier: str
    destination: str
    kind: str
    payload: str
    attempts: int
    target: tuple[str, ...] = ()
    ref: str = ""

    @property
    def name(self) -> str:
        """Its own name."""
        return self.ref.partition(NAMES)[0]

    @property
    def files(self) -> tuple[str, ...]:
        """The names of its files, where it is an album."""
        return tuple(self.ref.split(NAMES)[1:])


def messages(ref: str | None) -> int:
    """As how many messages one of that `ref` counts: each of several files is one."""
    return max(1, (ref or "").count(NAMES))


CARD: Final = "card"
"""The kind of a message that shows how a case stands when it is sent: a later one of its lane makes it needless.

It leaves when nothing else of its lane is to be sent, so it holds nothing up that people read."""

LOST: Final = "the answer was lost"
"""The reason why a message is sent again that may have been taken. It stays its reason as long as it is queued, and
makes it uncertain, not suppressed, if it is not sent any more."""


class Settlement(NamedTuple):
    """What became of a delivery.

    `sent` with the platform's ids of the message, `refused` or `uncertain` with the reason; or `queued` again, not to
    be taken up before `not_before`, and nothing else of its lane either. `bucket` gives no token before then. The
    `natives` of one that is queued again, if it has any, are its target from now on, in place of those there were.
    `refs` are the names of its files, see NAMES.
    """

    id: int
    state: Literal["sent", "refused", "uncertain", "queued"]
    natives: tuple[str, ...] = ()
    reason: str = ""
    not_before: int = 0
    bucket: str = ""
    refs: tuple[str, ...] = ()

    def links(self) -> list[tuple[int, str, str]]:
        """For each of `natives`: the delivery, it, and the one of `refs` that it is called, the last for more."""
        found = zip_longest(self.natives, self.refs[: len(self.natives)], fillvalue=self.refs[-1] if self.refs else "")
        return [(self.id, native, ref) for native, ref in found if native]


SHUT: Final = -1.0
"""The tokens of a bucket that gives none before a time to come."""


class Level(NamedTuple):
    """How full a bucket was at a time, or SHUT until a time to come."""

    tokens: float
    at: int


class Ration(Protocol):
    """Decides in what order and how fast claimed messages may leave, from buckets that all processes share."""

    def buckets(self, destination: str) -> Sequence[str]:
        """The names of the buckets that a message to `destination` takes a token from."""
        ...

    def admit(
        self, candidates: Iterable[tuple[int, str, int]], levels: Mapping[str, Level | None], now: int
    ) -> tuple[list[int], dict[int, int], dict[str, Level]]:
        """Of (id, destination, `messages`): those that may leave now, when others may, and the levels afterwards.

        Whatever is in neither stays as it is: there is no use in touching it before the next one is admitted.
        """
        ...


class Parked(NamedTuple):
    """An event that could not be applied, with the reason; `payload` is text from which it can be made again."""

    id: int
    at: int
    address: str
    key: str
    reason: str
    payload: str


class Queue(NamedTuple):
    """What is to go out by one carrier: messages that wait, that are being sent, and the lanes they stand in."""

    carrier: str
    queued: int
    sending: int
    lanes: int


class Backlog(NamedTuple):
    """What is not done yet: events put aside, and messages by carrier, of those that have any."""

    parked: int
    queues: Sequence[Queue]


class Kept(NamedTuple):
    """A version of a flow that conversations may run on."""

    flow: str
    hash: str
    document: bytes
