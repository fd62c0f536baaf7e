"""From an arrival to a change: the pure core with what the shell adds, a clock and unpredictable seeds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import msgspec

from bot.chat.addresses import parse
from bot.chat.events import AnyEvent, Command, Delivered, Dropped, Message, Reacted, Written
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


_BEGIN_NOTHING: Final = frozenset({Written, Command, Delivered, Reacted, Dropped})
"""What is about a conversation that there is."""
_ENCODER: Final = msgspec.json.Encoder()


def merchant(channel: str, user: str) -> str:
    """What the conversations with somebody are found by: whoever has an id of a platform has it everywhere there."""
    return f"{channel}:{user}" if user else ""


class Stepper:
    """Applies arrivals whose payload is `Received`. A reload of the flows is a new `library`; `office` is the desk's.

    `lost` are the versions that nobody has, None where nobody can be asked: conversations on them go on as the engine
    says. Any other one that the library has not is `Unlearned`.
    """

    def __init__(
        self,
        library: Library,
        flow: str,
        routes: Routes,
        channels: Mapping[str, people.Channel],
        clock: Callable[[], int],
        seeds: Callable[[], str],
    ) -> None:
        """`flow` is what a new conversation begins with; `channels` are the capabilities by channel name."""
        self.library = library
        self.lost: frozenset[Version] | None = None
        self.office = PLAIN
        self._flow = flow
        self._routes = routes
        self._channels = channels
        self._clock = clock
        self._seeds = seeds

    def now(self) -> int:
        """Milliseconds since 1970 UTC."""
        return self._clock()

    def __call__(self, arrival: Arrival, stored: Stored | None) -> Change | None:
        """The change that an arrival brings about."""
        received = arrival.payload
        if not isinstance(received, Received):
            raise TypeError(f"a payload is Received, not {type(received).__name__}")
        now = datetime.fromtimestamp(self._clock() / 1000, UTC)
        log: list[object] = []
        event = received.event
        # asked by type: for these classes `isinstance` takes ten times as long to say no
        if (type(event) is Written or type(event) is Command or type(event) is Reacted) and event.person is not None:
            event = msgspec.structs.replace(event, person=self.office.known(event.person))
        if stored is None:
            if type(event) in _BEGIN_NOTHING or (type(event) is Message and event.deleted):
                return None
            begun = begin(self._opening(arrival, received), now, Ids(self._seeds()))
            conversation = begun.conversation
            log += begun.log
        else:
            conversation = decode(stored.document)
            if self.lost is not None:
                self._see_to_versions(conversation, self.lost)
        if type(event) is Reacted and received.user.id not in {"", conversation.session.user.id}:
            event = msgspec.structs.replace(event, author=received.user)
        if type(event) is Message:
            author = received.user if received.user.id not in {"", conversation.session.user.id} else None
            if arrival.origin or author is not None:
                event = msgspec.structs.replace(event, origin=arrival.origin, author=author)
        outcome = reduce(self.library, conversation, event, now, Ids(self._seeds()), self.office)
        reached(Point.STEPPED)
        if outcome.conversation is conversation and not outcome.log and not log:
            return None
        log += outcome.log
        after, before = outcome.conversation, conversation if stored is not None else None
        rows = outgoing(outcome.effects, arrival.address, after.epoch, self._routes)
        return Change(
            document=encode(after).decode(),
            status=after.session.status,
            control=after.control,
            epoch=after.epoch,
            log=_ENCODER.encode(log).decode(),
            outgoing=[*rows, *told(before, after, self.office, f"{arrival.address}\n{arrival.key}", now)],
            timers=timers(outcome.effects),
            case=changed(before, after),
            merchant=merchant(arrival.address.partition(":")[0], after.session.user.id),
        )

    def _see_to_versions(self, conversation: Conversation, lost: frozenset[Version]) -> None:
        pinned = self.library.pinned
        frames = conversation.session.stack
        unknown = {(each.flow, each.hash) for each in frames if pinned(each.flow, each.hash) is None} - lost
        if unknown:
            raise Unlearned(frozenset(unknown))

    def _opening(self, arrival: Arrival, received: Received) -> Opening:
        channel = self._channels[parse(arrival.address).channel]
        languages = self.library.languages
        return Opening(self._flow, received.user, channel, negotiate([received.locale], languages))
