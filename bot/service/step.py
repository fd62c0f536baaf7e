"""From an arrival to a change: the pure core with what the shell adds, a clock and unpredictable seeds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from bot.chat.addresses import parse
from bot.chat.events import AnyEvent, Command, Message, Reacted, Submit, Tap, Written
from bot.chat.people import User
from bot.conversation import Opening, begin, decode, encode, reduce
from bot.desk.office import PLAIN
from bot.engine.ids import Ids
from bot.service.listed import changed
from bot.service.outgoing import outgoing, timers
from bot.service.webhooks import told
from bot.store.faults import Point, reached
from bot.store.rows import Change
from bot.text.locales import negotiate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.chat import people
    from bot.conversation import Conversation
    from bot.desk.office import Office
    from bot.flow.library import Library
    from bot.service.outgoing import Routes
    from bot.store.rows import Arrival, Stored


class Received(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a channel's inbound makes of a payload, beside its address and key: the event, and who it is from.

    `locale` is the language the platform says they use, "" if it says nothing.
    """

    event: AnyEvent
    user: User
    locale: str = ""


class Unreadable(msgspec.Struct, frozen=True):
    """What a channel's inbound makes of a payload that it cannot read: no step applies it, so it is parked."""

    raw: str


Version = tuple[str, str]
"""A flow's id and the hash of its structure."""


class Unlearned(LookupError):  # noqa: N818  (a state of this process, which passes)
    """A conversation runs on `versions` of flows that another process has brought: they are to be learned first."""

    def __init__(self, versions: frozenset[Version]) -> None:
        """Remember them."""
        super().__init__(", ".join(f"{flow} {structure}" for flow, structure in sorted(versions)))
        self.versions = versions


RECENT: Final = 512
"""Conversations that are remembered as they were left: those whose merchants are just talking."""
_BEGINNING: Final = frozenset({Message, Tap, Submit})
"""What a merchant does; all else is about a conversation that there is."""
_ENCODER: Final = msgspec.json.Encoder()


def merchant(channel: str, user: str) -> str:
    """What the conversations with somebody are found by: whoever has an id of a platform has it everywhere there."""
    return f"{channel}:{user}" if user else ""


class Grounds(NamedTuple):
    """What steps go by, beside what each is given. After a reload of the flows there are new ones.

    `flow` is what a new conversation begins with; `channels` are the capabilities by channel name; `office` is the
    desk's. `lost` are the versions that nobody has, None where nobody can be asked: conversations on them go on as the
    engine says. Any other one that the library has not is `Unlearned`.
    """

    library: Library
    flow: str
    routes: Routes
    channels: Mapping[str, people.Channel]
    office: Office = PLAIN
    lost: frozenset[Version] | None = None


class Recent:
    """Conversations as they were left, by address: what was just written need not be read again.

    A conversation never changes, and is the same written and read again, so its document says whether it is that still.
    """

    def __init__(self) -> None:
        """Remember none."""
        self._left: dict[str, tuple[bytes, Conversation]] = {}

    def read(self, address: str, document: bytes) -> Conversation:
        """The conversation there; it goes on now, so this is not remembered. Raises msgspec.ValidationError."""
        left = self._left.pop(address, None)
        return left[1] if left is not None and left[0] == document else decode(document)

    def leave(self, address: str, document: bytes, conversation: Conversation) -> None:
        """Remember a conversation, in place of the one that was left first."""
        self._left[address] = document, conversation
        if len(self._left) > RECENT:
            self._left.pop(next(iter(self._left)), None)


class Stepper:
    """Applies arrivals whose payload is `Received`, by the `grounds` there are, with the time and seeds."""

    def __init__(
        self,
        library: Library,
        flow: str,
        routes: Routes,
        channels: Mapping[str, people.Channel],
        clock: Callable[[], int],
        seeds: Callable[[], str],
    ) -> None:
        """See `Grounds`."""
        self.grounds = Grounds(library, flow, routes, channels)
        self._clock = clock
        self.seeds = seeds
        self._recent = Recent()

    @property
    def library(self) -> Library:
        """The flows in force."""
        return self.grounds.library

    @property
    def office(self) -> Office:
        """The desk in force."""
        return self.grounds.office

    def now(self) -> int:
        """Milliseconds since 1970 UTC."""
        return self._clock()

    def __call__(self, arrival: Arrival, stored: Stored | None) -> Change | None:
        """The change that an arrival brings about."""
        document = None if stored is None else stored.document
        change = step(self.grounds, arrival, document, moment(self._clock()), self.seeds, self._recent)
        reached(Point.STEPPED)
        return change


def moment(milliseconds: int) -> datetime:
    """A time in milliseconds since 1970 UTC, as steps have it."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def step(
    grounds: Grounds,
    arrival: Arrival,
    document: bytes | None,
    now: datetime,
    seeds: Callable[[], str],
    recent: Recent,
) -> Change | None:
    """The change that an arrival brings about in a conversation: the same for the same arguments and seeds.

    `document` is the conversation as it stands, None for a new one. Two seeds are asked for at most. `recent` only
    saves time.
    """
    received = arrival.payload
    if not isinstance(received, Received):
        raise TypeError(f"a payload is Received, not {type(received).__name__}")
    log: list[object] = []
    event = received.event
    # asked by type: for these classes `isinstance` takes ten times as long to say no
    if (type(event) is Written or type(event) is Command or type(event) is Reacted) and event.person is not None:
        event = msgspec.structs.replace(event, person=grounds.office.known(event.person))
    if document is None:
        if type(event) not in _BEGINNING or (type(event) is Message and event.deleted):
            return None
        begun = begin(_opening(grounds, arrival, received), now, Ids(seeds()))
        conversation = begun.conversation
        log += begun.log
    else:
        conversation = recent.read(arrival.address, document)
        if grounds.lost is not None:
            _see_to_versions(grounds.library, conversation, grounds.lost)
    event = _attributed(event, arrival.origin, received.user, conversation)
    outcome = reduce(grounds.library, conversation, event, now, Ids(seeds()), grounds.office)
    if outcome.conversation is conversation and not outcome.log and not log:
        return None
    log += outcome.log
    after, before = outcome.conversation, conversation if document is not None else None
    written = encode(after)
    recent.leave(arrival.address, written, after)
    rows = outgoing(outcome.effects, arrival.address, after.epoch, grounds.routes)
    if grounds.office.webhooks:
        rows += told(before, after, grounds.office, f"{arrival.address}\n{arrival.key}", now)
    return Change(
        document=written,
        status=after.session.status,
        control=after.control,
        epoch=after.epoch,
        log=_ENCODER.encode(log),
        outgoing=rows,
        timers=timers(outcome.effects),
        case=changed(before, after),
        merchant=merchant(arrival.address.partition(":")[0], after.session.user.id),
    )


def _attributed(event: AnyEvent, origin: str, user: User, conversation: Conversation) -> AnyEvent:
    """The event with who did it, if that is not whose conversation it is, and in which message."""
    author = user if user.id not in {"", conversation.session.user.id} else None
    if type(event) is Message and (origin or author is not None):
        return msgspec.structs.replace(event, origin=origin, author=author)
    if author is not None and (type(event) is Tap or type(event) is Reacted):
        return msgspec.structs.replace(event, author=author)
    return event


def _see_to_versions(library: Library, conversation: Conversation, lost: frozenset[Version]) -> None:
    frames = conversation.session.stack
    unknown = {(each.flow, each.hash) for each in frames if library.pinned(each.flow, each.hash) is None} - lost
    if unknown:
        raise Unlearned(frozenset(unknown))


def _opening(grounds: Grounds, arrival: Arrival, received: Received) -> Opening:
    channel = grounds.channels[parse(arrival.address).channel]
    languages = grounds.library.languages
    return Opening(grounds.flow, received.user, channel, negotiate([received.locale], languages))
