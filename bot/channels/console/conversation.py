"""A conversation kept in memory: its session as a JSON document, its timers, and the hooks it asks for."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from bot.chat.effects import Echo, Entrust, Forget, Join, Overview, Perform, Remove, Say, Schedule, Unschedule
from bot.chat.events import Due, Performed
from bot.engine.ids import Ids
from bot.engine.session import decode, encode
from bot.engine.turn import advance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from bot.channels.console.outbound import Visible
    from bot.chat.effects import Effect
    from bot.chat.events import Event
    from bot.engine.session import Session
    from bot.flow.library import Library

HOOKS_PER_EVENT = 20
"""Hooks answered in a row; a flow that asks for ever more of them is left to its own timeout."""


class Conversation:
    """Runs turns. Between any two of them the session exists as a document alone, as it does in a store.

    `clock` gives the present time (UTC), `seeds` an unpredictable text for each turn's ids.
    """

    def __init__(
        self, library: Library, session: Session, clock: Callable[[], datetime], seeds: Callable[[], str]
    ) -> None:
        """Go on with `session`."""
        self.library = library
        self._document = encode(session)
        self._clock = clock
        self._seeds = seeds
        self._timers: dict[str, datetime] = {}
        self._origin = session.id
        self._events = 0

    @property
    def session(self) -> Session:
        """The session as it is now."""
        return decode(self._document)

    @property
    def locale(self) -> str:
        """Its language."""
        return self.session.locale

    def key(self) -> str:
        """The key of a new event."""
        self._events += 1
        return f"{self._origin}/{self._events}"

    def receive(self, event: Event) -> Iterator[Visible]:
        """Apply an event; what is to be shown, in order. No hook is registered here, and each is told so at once."""
        waiting: deque[Event] = deque([event])
        performed = 0
        while waiting:
            for effect in self._turn(waiting.popleft()):
                match effect:
                    case Schedule(timer, due):
                        self._timers[timer] = due
                    case Unschedule(timer):
                        self._timers.pop(timer, None)
                    case Perform(action):
                        performed += 1
                        if performed <= HOOKS_PER_EVENT:
                            waiting.append(Performed(self.key(), action, error="no such hook"))
                    case Entrust() | Echo() | Remove() | Join():
                        continue  # a terminal has neither a desk nor a bot that could take words away
                    case Overview("file"):
                        pass
                    case Overview() | Forget():
                        yield self._kept_nowhere()
                    case _:
                        yield effect

    def _kept_nowhere(self) -> Say:
        words = self.library.named("kept_nowhere")
        return Say(self.library.wording(words, self.session.locale).document)

    def overdue(self) -> Iterator[Visible]:
        """Fire every timer whose time has come, the earliest first; what is to be shown."""
        now = self._clock()
        for timer, due in sorted(self._timers.items(), key=lambda each: (each[1], each[0])):
            # an earlier one of them may have called this one off, or set it anew
            if due <= now and self._timers.get(timer) == due:
                del self._timers[timer]
                yield from self.receive(Due(self.key(), timer))

    def _turn(self, event: Event) -> Iterator[Effect]:
        turn = advance(self.library, self.session, event, self._clock(), Ids(self._seeds()))
        self._document = encode(turn.session)
        yield from turn.effects
