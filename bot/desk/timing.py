"""Time at the desk: the clocks of a case follow what happens to it, and one timer wakes the case for the next of them.

What a clock does follows from how the case was before and is after an event, so no command has to think of time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from bot.chat.effects import Relay, Schedule, Unschedule
from bot.chat.events import Message
from bot.desk import clocks
from bot.desk.timebox import MARKS
from bot.desk.work import token

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bot.chat.effects import Effect
    from bot.chat.events import AnyEvent
    from bot.desk.case import Case
    from bot.desk.clocks import Clock, Mark
    from bot.desk.office import Audience, Office
    from bot.desk.work import Work

CLOCK: Final = "clock"
"""The name of the timer."""


class _Ticking(NamedTuple):
    """A clock of a case and the marks of it that are told."""

    clock: Clock
    percents: tuple[int, ...]

    def upcoming(self, office: Office) -> Mark | None:
        return clocks.upcoming(self.clock, office.calendar(self.clock.calendar), self.percents)


def begin(case: Case, office: Office, now: datetime) -> tuple[Effect, ...]:
    """Start the clocks of a case that was opened now."""
    case.clocks = office.pace(case.queue, case.priority).opened(now)
    return _scheduled(None, wakes(case, office))


def called_again(case: Case, before: Case, office: Office, now: datetime) -> tuple[Effect, ...]:
    """The bot calls a person back to a case that it had: `before` is how it was."""
    pace = office.pace(case.queue, case.priority)
    case.clocks = pace.became(case.status, pace.merchant_wrote(case.clocks, now), now)
    return _scheduled(wakes(before, office), wakes(case, office))


def follow(work: Work, before: Case, event: AnyEvent) -> None:
    """After an event: what was answered is met, what is waited for stands still, and the timer is set."""
    case, now = work.case, work.now
    pace = work.office.pace(case.queue, case.priority)
    found = case.clocks
    if (case.queue, case.priority) != (before.queue, before.priority):
        found = pace.retarget(found, now)
    if isinstance(event, Message) and not event.edited:
        found = pace.merchant_wrote(found, now)
    if any(type(each) is Relay and each.by for each in work.effects):
        found = pace.staff_replied(found, now)
    if case.status != before.status:
        found = pace.became(case.status, found, now)
    case.clocks = found
    work.effects += _scheduled(wakes(before, work.office), wakes(case, work.office))


def came_due(work: Work) -> None:
    """The timer fired: tell of every clock how much of its time is used up."""
    for ticking in list(_ticking(work.case, work.office)):
        clock, last = ticking.clock, None
        while (mark := ticking._replace(clock=clock).upcoming(work.office)) is not None and mark.at <= work.now:
            last = mark.percent
            clock = clocks.tell(clocks.breach(clock, work.now), last)
        if last is not None:
            _keep(work.case, clock)
            work.record("clock_marked", clock=clock.kind, percent=last)
            _tell(work, clock, last)
            work.changed()


def wakes(case: Case, office: Office) -> datetime | None:
    """When the next mark of a clock is due."""
    marks = (each.upcoming(office) for each in _ticking(case, office))
    return min((each.at for each in marks if each is not None), default=None)


def due(case: Case) -> datetime | None:
    """When the next thing that was promised is due, or was."""
    found = [*case.clocks.values(), *([case.time_box.clock] if case.time_box.clock is not None else [])]
    return min((each.due for each in found if each.running and each.due is not None), default=None)


def _ticking(case: Case, office: Office) -> Iterator[_Ticking]:
    percents = tuple(each.at for each in office.of_queue(case.queue).escalation)
    for clock in case.clocks.values():
        yield _Ticking(clock, percents)
    if case.time_box.clock is not None:
        yield _Ticking(case.time_box.clock, MARKS)


def _keep(case: Case, clock: Clock) -> None:
    if clock.kind == "time_box":
        case.time_box = msgspec.structs.replace(case.time_box, clock=clock)
    else:
        case.clocks = case.clocks | {clock.kind: clock}


def _tell(work: Work, clock: Clock, percent: int) -> None:
    """Say it to whom the settings name; a time-box is its assignee's."""
    audiences: list[Audience] = ["assignee"]
    if clock.kind != "time_box":
        audiences = [each.tell for each in work.office.of_queue(work.case.queue).escalation if each.at == percent]
    if not audiences:
        return
    whom = ", ".join(dict.fromkeys(name for each in audiences for name in _names(work, each)))
    what = work.library.word(f"desk_is_{clock.kind}", work.locale)
    if percent == clocks.END:
        work.tell("desk_time_over", whom=whom, what=what)
    else:
        work.tell("desk_time_used", whom=whom, what=what, percent=str(percent))


def _names(work: Work, audience: Audience) -> list[str]:
    """The people that are meant, or their queue where there is none."""
    case, office = work.case, work.office
    if audience == "assignee" and case.assignee is not None:
        return [case.assignee.name]
    found = sorted({each.name for each in office.people.values() if audience in each.roles})
    return found or [office.of_queue(case.queue).title or case.queue]


def _scheduled(before: datetime | None, after: datetime | None) -> tuple[Effect, ...]:
    if before == after:
        return ()
    return (Unschedule(token(CLOCK)),) if after is None else (Schedule(token(CLOCK), after),)
