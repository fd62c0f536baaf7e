"""The desk's settings as `desk.yaml` has them, key by key; `bot.desk.office` is what becomes of them.

Every setting has a default, and the defaults promise nothing.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec.structs import asdict

from bot.chat.people import Person
from bot.desk import macros, office
from bot.desk.case import Priority
from bot.desk.news import Type
from bot.desk.office import ALWAYS, Audience, Office
from bot.desk.opening import Opening
from bot.desk.reminders import Ladder
from bot.desk.spans import Span, Working
from bot.desk.targets import Targets
from bot.flow.keys import Model, defaults_of
from bot.flow.marks import Checked, Read, RefusalError, Within
from bot.flow.problems import quoted, suggest
from bot.flow.values import Id
from bot.text.locales import normalise
from bot.text.markdown import MarkdownError, Parsed, parse

Role = Literal["agent", "lead", "specialist"]

_ACCOUNT: Final = re.compile(r"[a-z]+:[^:\s]+:[^:\s]+")
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_DEFAULT: Final = Office()


def _account(account: str) -> str:
    if not _ACCOUNT.fullmatch(account):
        message = f"{quoted(account)} is no account: write channel:account:user, such as slack:T0123:U0456"
        raise RefusalError("bad-account", message)
    return account


def _tag(tag: str) -> str:
    usual = normalise(tag)
    if usual != tag:
        hint = f"write {quoted(usual)}" if usual else "languages are called as `en` and `pt-BR` are"
        raise RefusalError("bad-language", f"{quoted(tag)} is no language", hint)
    return tag


def _parsed(source: Any) -> Parsed:
    if not isinstance(source, str) or not source.strip():
        raise RefusalError("bad-value", "a macro says something: write a text")
    try:
        found = parse(source)
    except MarkdownError as error:
        raise RefusalError("bad-markup", str(error)) from error
    for place in found.expressions:
        if place not in macros.PLACES:
            hint = suggest(place, macros.PLACES) or f"there are {', '.join(macros.PLACES)}"
            raise RefusalError("unknown-name", f"a macro cannot show {quoted(place)}", hint)
    return found


def _endpoint(url: str) -> str:
    try:
        parts = urlsplit(url)
        sound = bool(parts.hostname) and parts.port != 0 and not (parts.username or parts.password or parts.fragment)
    except ValueError:
        sound = False
    else:
        sound = sound and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK))
    if not sound:
        message = f"{quoted(url)} is no address of a webhook: it begins with https:// and has no password in it"
        raise RefusalError("bad-webhook", message)
    return url


_Name = Annotated[str, Within(strict=True, min_length=1, max_length=75)]
_Account = Annotated[str, Within(strict=True), Checked(_account)]
_Days = Annotated[int, Within(strict=True, ge=1, le=36_500)]
_Language = Annotated[str, Checked(_tag)]
_Endpoint = Annotated[str, Within(strict=True), Checked(_endpoint)]
_Words = Annotated[Parsed, Read(_parsed)]


class Member(Model, frozen=True, kw_only=True):
    """A person who works at the desk."""

    name: _Name
    """What merchants and colleagues call them."""
    accounts: Annotated[tuple[_Account, ...], Within(min_length=1)]
    """Where they write from, each as `channel:account:user`: `slack:T0123:U0456`, `telegram:7012345678:99`."""
    roles: tuple[Role, ...] = ("agent",)
    """What they may do: a `specialist` approves live access, a `lead` overrules; an `agent` does all the rest."""
    queues: tuple[Id, ...] = ()
    """The queues that they work on; all when left out."""
    languages: tuple[_Language, ...] = ()
    """The languages that they speak; the first one is what the desk speaks with them."""


class Promise(Model, frozen=True, kw_only=True):
    """Working time within which something is done. What is left out is not promised."""

    first_response: Working | None = None
    """From the call for a person to their first answer."""
    next_response: Working | None = None
    """From a message of the merchant to the next answer."""
    resolution: Working | None = None
    """From the call for a person to the solution, without the time that the merchant is waited for."""


class Escalation(Model, frozen=True, kw_only=True):
    """Who is told when a clock has used up so much of its target."""

    at: Annotated[int, Within(strict=True, ge=1, le=1000)]
    """Per cent of the target; above 100 it is late by so much."""
    tell: Audience
    """Whom."""


class Terms(Model, frozen=True, kw_only=True):
    """What is promised, and in which hours; what a queue leaves out is as it is above all queues."""

    calendar: Id | None = None
    """The calendar by which working time counts; around the clock when left out everywhere."""
    targets: dict[Priority, Promise] | None = None
    """By priority. `normal` also counts for those that are left out."""
    escalation: tuple[Escalation, ...] | None = None
    """Who is told of used-up time; the assignee at 75 %, leads at 100 % when left out everywhere."""


class Queue(Terms, frozen=True, kw_only=True):
    """A queue of cases, and the team that works on it."""

    title: _Name
    """What people call it."""
    languages: tuple[_Language, ...] = ()
    """The languages of the team; any when left out."""


class Waiting(Model, frozen=True, kw_only=True):
    """What happens while the merchant is waited for; nothing when left out."""

    remind: tuple[Span, ...] = ()
    """Pauses before each reminder, from the last one or from the beginning."""
    close: Span | None = None
    """How long after the last reminder the case is closed without a response."""


class TimeBoxes(Model, frozen=True, kw_only=True):
    """The time-box for problems that cannot be reproduced on staging."""

    lengths: tuple[Working, ...] = ()
    """Lengths that staff are offered, the likeliest first; without any they write one. Nothing is promised by them."""


class Retention(Model, frozen=True, kw_only=True):
    """How many days what is kept; `triage vacuum` removes the rest."""

    events: Annotated[int, Within(strict=True, ge=2, le=36_500)] = 7
    """Keys of events that changed nothing."""
    messages: _Days = 30
    """What was sent."""
    failures: _Days = 90
    """What was refused, is uncertain or was parked."""
    conversations: _Days = 365
    """Conversations that ended, with their cases and logs."""


class Macro(Model, frozen=True, kw_only=True):
    """A text that staff send often."""

    title: _Name
    """What staff choose it by."""
    text: Annotated[dict[_Language, _Words], Within(min_length=1)]
    """What the merchant reads, by language: Markdown with {{ merchant.name }}, {{ staff.name }} and {{ case.id }}."""


class Webhook(Model, frozen=True, kw_only=True):
    """A system that is told of cases. Its secret is no setting of the desk: TRIAGE_WEBHOOK_SECRETS has it."""

    url: _Endpoint
    """Where events are posted, with TLS unless it is on this machine."""
    events: tuple[Type, ...] = ()
    """Of which; all when left out."""
    names: Annotated[bool, Within(strict=True)] = False
    """Whether it is told what the merchant and the assignee are called."""


class DeskFile(Terms, frozen=True, kw_only=True):
    """All of `desk.yaml`; left as it is, the desk of a deployment without it."""

    people: dict[Id, Member] = msgspec.field(default_factory=dict)
    """Who works at the desk, by id. Others who write in the staff's place have no roles."""
    calendars: dict[Id, Opening] = msgspec.field(default_factory=dict)
    """Opening hours, by id; `always` is there without being written."""
    queues: dict[Id, Queue] = msgspec.field(default_factory=dict)
    """The queues that flows hand over to, by id; others are as written above all queues."""
    macros: dict[Id, Macro] = msgspec.field(default_factory=dict)
    """Texts that staff send often, by id."""
    language: _Language = _DEFAULT.locale
    """The language in which the bot speaks to staff."""
    undo: Span = _DEFAULT.undo
    """How long an answer is held so that it can be taken back."""
    snooze: tuple[Span, ...] = _DEFAULT.snooze
    """For how long a case can be put off; it comes back in working hours."""
    waiting: Waiting = Waiting()
    """What happens while the merchant is waited for."""
    reopen: Span = _DEFAULT.reopen
    """How long an answer reopens a case that was solved."""
    approval: Span = _DEFAULT.approval
    """How long an approval of live access holds."""
    removal: Annotated[tuple[Span, ...], Within(min_length=1)] = _DEFAULT.removal.pauses
    """Pauses before each reminder to delete the temporary account; the last one goes on until that is confirmed."""
    time_box: TimeBoxes = TimeBoxes()
    """The time-box for problems that cannot be reproduced on staging."""
    webhooks: dict[Id, Webhook] = msgspec.field(default_factory=dict)
    """Other systems that are told of cases, by id."""
    retention: Retention = Retention()
    """How many days what is kept."""

    def build(self) -> Office:
        """What becomes of these settings."""
        return Office(
            people={
                account: Person(name, member.name, member.roles)
                for name, member in self.people.items()
                for account in member.accounts
            },
            calendars={name: opening.calendar for name, opening in self.calendars.items()},
            terms=self._terms(self),
            queues={name: self._terms(queue, queue.title) for name, queue in self.queues.items()},
            macros={name: macros.Macro(macro.title, macro.text) for name, macro in self.macros.items()},
            locale=self.language,
            undo=self.undo,
            snooze=self.snooze,
            reopen=self.reopen,
            approval=self.approval,
            waiting=Ladder(self.waiting.remind),
            close_after=self.waiting.close,
            removal=Ladder(self.removal, forever=True),
            retention={
                name: days for name, days in asdict(self.retention).items() if days != defaults_of(Retention)[name]
            },
            time_boxes=self.time_box.lengths,
            webhooks={name: office.Webhook(each.url, each.events, each.names) for name, each in self.webhooks.items()},
        )

    def _terms(self, own: Terms, title: str = "") -> office.Terms:
        targets = self.targets if own.targets is None else own.targets
        escalation = self.escalation if own.escalation is None else own.escalation
        found = _DEFAULT.terms.escalation
        if escalation is not None:
            found = tuple(office.Escalation(each.at, each.tell) for each in escalation)
        promised = {
            priority: Targets(each.first_response, each.next_response, each.resolution)
            for priority, each in (targets or {}).items()
        }
        return office.Terms(title, own.calendar or self.calendar or ALWAYS, promised, found)
