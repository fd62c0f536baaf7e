"""The desk's settings, `desk.yaml`: who works there and when, what is promised, and what is often said.

Every setting has a default, and the defaults promise nothing: without the file, whoever writes in the staff's place is
at the desk, it is always open, no clock runs, and nobody may approve access to a live environment.
"""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cached_property
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from bot.chat.people import Person
from bot.desk.calendars import Calendar
from bot.desk.case import Priority
from bot.desk.macros import Language, Macro
from bot.desk.opening import Opening
from bot.desk.reminders import REMOVAL, Ladder
from bot.desk.spans import Span, Working
from bot.desk.targets import Pace, Targets
from bot.flow.problems import quoted
from bot.flow.slots import Model
from bot.flow.values import Id

Role = Literal["agent", "lead", "specialist"]

ALWAYS: Final = "always"
"""The calendar that is open around the clock."""

_ACCOUNT: Final = re.compile(r"[a-z]+:[^:\s]+:[^:\s]+")


def _account(account: str) -> str:
    if not _ACCOUNT.fullmatch(account):
        message = "{account} is no account: write channel:account:user, such as slack:T0123:U0456"
        raise PydanticCustomError("bad-account", message, {"account": quoted(account)})
    return account


_Name = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=75)]
_Account = Annotated[str, StringConstraints(strict=True), AfterValidator(_account)]
_Days = Annotated[int, Field(strict=True, ge=1, le=36_500)]


class Member(Model):
    """A person who works at the desk."""

    name: _Name
    """What merchants and colleagues call them."""
    accounts: Annotated[tuple[_Account, ...], Field(min_length=1)]
    """Where they write from, each as `channel:account:user`: `slack:T0123:U0456`, `telegram:7012345678:99`."""
    roles: tuple[Role, ...] = ("agent",)
    """What they may do: a `specialist` approves live access, a `lead` overrules; an `agent` does all the rest."""
    queues: tuple[Id, ...] = ()
    """The queues that they work on; all when left out."""
    languages: tuple[Language, ...] = ()
    """The languages that they speak; the first one is what the desk speaks with them."""


class Promise(Model):
    """Working time within which something is done. What is left out is not promised."""

    first_response: Working | None = None
    """From the call for a person to their first answer."""
    next_response: Working | None = None
    """From a message of the merchant to the next answer."""
    resolution: Working | None = None
    """From the call for a person to the solution, without the time that the merchant is waited for."""


class Escalation(Model):
    """Who is told when a clock has used up so much of its target."""

    at: Annotated[int, Field(strict=True, ge=1, le=1000)]
    """Per cent of the target; above 100 it is late by so much."""
    tell: Literal["assignee", "queue", "lead", "specialist"]
    """Whom."""


class Terms(Model):
    """What is promised, and in which hours; what a queue leaves out is as it is above all queues."""

    calendar: Id | None = None
    """The calendar by which working time counts; around the clock when left out everywhere."""
    targets: dict[Priority, Promise] | None = None
    """By priority. `normal` also counts for those that are left out."""
    escalation: tuple[Escalation, ...] | None = None
    """Who is told of used-up time; the assignee at 75 %, leads at 100 % when left out everywhere."""


class Queue(Terms):
    """A queue of cases, and the team that works on it."""

    title: _Name
    """What people call it."""
    languages: tuple[Language, ...] = ()
    """The languages of the team; any when left out."""


class Waiting(Model):
    """What happens while the merchant is waited for; nothing when left out."""

    remind: tuple[Span, ...] = ()
    """Pauses before each reminder, from the last one or from the beginning."""
    close: Span | None = None
    """How long after the last reminder the case is closed without a response."""


class TimeBoxes(Model):
    """The time-box for problems that cannot be reproduced on staging."""

    lengths: tuple[Working, ...] = ()
    """Lengths that staff are offered; they write one when left out. No length is promised otherwise."""


class Retention(Model):
    """How many days what is kept; `triage vacuum` removes the rest."""

    events: _Days = 7
    """Keys of events that changed nothing."""
    messages: _Days = 30
    """What was sent."""
    failures: _Days = 90
    """What was refused, is uncertain or was parked."""
    conversations: _Days = 365
    """Conversations that ended, with their cases and logs."""


_ESCALATION: Final = (Escalation(at=75, tell="assignee"), Escalation(at=100, tell="lead"))


class Desk(Terms):
    """All of `desk.yaml`; left as it is, the desk of a deployment without it."""

    people: dict[Id, Member] = Field(default_factory=dict)
    """Who works at the desk, by id. Others who write in the staff's place have no roles."""
    calendars: dict[Id, Opening] = Field(default_factory=dict)
    """Opening hours, by id; `always` is there without being written."""
    queues: dict[Id, Queue] = Field(default_factory=dict)
    """The queues that flows hand over to, by id; others are as written above all queues."""
    macros: dict[Id, Macro] = Field(default_factory=dict)
    """Texts that staff send often, by id."""
    undo: Span = timedelta(seconds=5)
    """How long an answer is held so that it can be taken back."""
    snooze: tuple[Span, ...] = (timedelta(hours=4), timedelta(days=1), timedelta(days=7))
    """For how long a case can be put off; it comes back in working hours."""
    waiting: Waiting = Waiting()
    """What happens while the merchant is waited for."""
    reopen: Span = timedelta(days=7)
    """How long an answer reopens a case that was solved."""
    approval: Span = timedelta(hours=24)
    """How long an approval of live access holds."""
    removal: Annotated[tuple[Span, ...], Field(min_length=1)] = REMOVAL.pauses
    """Pauses before each reminder to delete the temporary account; the last one goes on until that is confirmed."""
    time_box: TimeBoxes = TimeBoxes()
    """The time-box for problems that cannot be reproduced on staging."""
    retention: Retention = Retention()
    """How many days what is kept."""

    def person(self, account: str, name: str) -> Person:
        """Who writes from an account (`channel:account:user`); `name` is what the platform calls them."""
        known = self._accounts.get(account)
        if known is None:
            return Person(account, name)
        member = self.people[known]
        return Person(known, member.name, member.roles)

    def calendar_of(self, name: str) -> Calendar:
        """The calendar of that name; one that is there no more is open around the clock."""
        found = self.calendars.get(name)
        return self._always if found is None else found.calendar

    def pace(self, queue: str, priority: Priority) -> Pace:
        """By what a case of that queue and priority is measured."""
        terms = self._terms(queue)
        name = terms.calendar or self.calendar or ALWAYS
        targets = self.targets or {} if terms.targets is None else terms.targets
        found = targets.get(priority) or targets.get("normal") or Promise()
        return Pace(Targets(found.first_response, found.next_response, found.resolution), self.calendar_of(name), name)

    def escalation_of(self, queue: str) -> tuple[Escalation, ...]:
        """Who is told when, for cases of that queue."""
        own = self._terms(queue).escalation
        return next(each for each in (own, self.escalation, _ESCALATION) if each is not None)

    @property
    def removal_ladder(self) -> Ladder:
        """Reminders until the temporary account is gone."""
        return Ladder(self.removal, forever=True)

    def _terms(self, queue: str) -> Terms:
        return self.queues.get(queue, self)

    @cached_property
    def _accounts(self) -> dict[str, str]:
        return {account: id_ for id_, member in self.people.items() for account in member.accounts}

    @cached_property
    def _always(self) -> Calendar:
        return Calendar()
