"""The office: who works at the desk and when, what is promised and in which hours, and what is often said.

It is what `desk.yaml` says (`bot.desk.settings`), ready for use. As it is without any, whoever writes in the staff's
place is at the desk, it is always open, no clock runs, and nobody may approve access to a live environment.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final, Literal

import msgspec

from bot.chat.people import Person
from bot.desk.calendars import Calendar
from bot.desk.case import Priority
from bot.desk.macros import Macro
from bot.desk.reminders import REMOVAL, Ladder
from bot.desk.targets import Pace, Targets

ALWAYS: Final = "always"
"""The calendar that is open around the clock."""

_NONE: Final[Mapping[Any, Any]] = MappingProxyType({})
_OPEN: Final = Calendar()

Audience = Literal["assignee", "queue", "lead", "specialist"]


class Escalation(msgspec.Struct, frozen=True, gc=False):
    """Whom to tell when a clock has used up so many per cent of its target."""

    at: int
    tell: Audience


class Terms(msgspec.Struct, frozen=True):
    """What a queue promises, in which hours, and who is told of used-up time."""

    title: str = ""
    calendar: str = ALWAYS
    targets: Mapping[Priority, Targets] = _NONE
    """By priority; `normal` also counts for those that are left out."""
    escalation: tuple[Escalation, ...] = (Escalation(75, "assignee"), Escalation(100, "lead"))


class Webhook(msgspec.Struct, frozen=True):
    """A system that is told of cases: where it is, of which events (all if there are none), and whether with names."""

    url: str
    events: tuple[str, ...] = ()
    names: bool = False


class Office(msgspec.Struct, frozen=True):
    """Durations are on the wall but for those of time-boxes, which are working time."""

    people: Mapping[str, Person] = _NONE
    """By account, `channel:account:user`."""
    calendars: Mapping[str, Calendar] = _NONE
    terms: Terms = Terms()
    """Of queues that have none of their own."""
    queues: Mapping[str, Terms] = _NONE
    macros: Mapping[str, Macro] = _NONE
    undo: timedelta = timedelta(seconds=5)
    snooze: tuple[timedelta, ...] = (timedelta(hours=4), timedelta(days=1), timedelta(days=7))
    reopen: timedelta = timedelta(days=7)
    approval: timedelta = timedelta(hours=24)
    waiting: Ladder = Ladder(())
    """Reminders to a merchant who is waited for."""
    close_after: timedelta | None = None
    """How long after the last of them a case is closed without a response."""
    removal: Ladder = REMOVAL
    locale: str = "en"
    """The language in which the bot speaks to staff."""
    time_boxes: tuple[timedelta, ...] = ()
    webhooks: Mapping[str, Webhook] = _NONE
    """Other systems that are told of cases, by name."""
    retention: Mapping[str, int] = _NONE
    """Days for which what is kept, by class as `bot.store.erasing` has them; its own defaults where nothing is said."""
    drops: str = ""
    """What the addresses of one-time forms begin with; "" where a deployment has none."""

    def known(self, person: Person) -> Person:
        """Who that is, of whom a channel knows the account; themselves if nobody lists them."""
        return self.people.get(person.id, person)

    def called(self, words: str) -> Person | None:
        """The one of the staff with that name or id, or the account that a mention of them names; None for nobody."""
        wanted = words.removeprefix("@").casefold()
        for account, each in self.people.items():
            if wanted in {each.id.casefold(), each.name.casefold(), account.rpartition(":")[2].casefold()}:
                return each
        return None

    def calendar(self, name: str) -> Calendar:
        """The calendar of that name; one that is there no more is open around the clock."""
        return self.calendars.get(name, _OPEN)

    def of_queue(self, queue: str) -> Terms:
        """The terms of a queue."""
        return self.queues.get(queue, self.terms)

    def pace(self, queue: str, priority: Priority) -> Pace:
        """By what a case of that queue and priority is measured."""
        terms = self.of_queue(queue)
        found = terms.targets.get(priority) or terms.targets.get("normal") or Targets()
        return Pace(found, self.calendar(terms.calendar), terms.calendar)


PLAIN: Final = Office()
"""The office of a deployment without settings for it."""
