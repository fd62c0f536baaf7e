"""The banner: what the merchant sees of their case all along, in one message that is edited in place.

It says who has the case and what is waited for, and, where the desk's settings have opening hours and it is closed,
when it opens again. It promises nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from bot.chat.effects import Card, Schedule
from bot.desk.office import ALWAYS
from bot.desk.targets import DONE
from bot.desk.work import token, worded
from bot.text.nodes import Moment, Paragraph, Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bot.chat.effects import Effect
    from bot.desk.case import Case
    from bot.desk.office import Office
    from bot.flow.library import Library
    from bot.text.nodes import Document

TIMER: Final = "banner"
"""The name of the timer that comes due when the desk opens again."""


class Standing(NamedTuple):
    """How a case stands for its merchant. `opens`: when the desk opens again, None if it is open or has no hours."""

    state: str
    """What of `desk_banner_…` says it; `with` if a person has the case."""
    name: str
    """Of the person who has it, "" if nobody has."""
    resting: bool
    awaited: tuple[str, ...]
    """What is waited for on the merchant's side, each a part of `desk_awaited_…`."""
    opens: datetime | None

    @property
    def key(self) -> str:
        """It differs if and only if the banner does, but for its language."""
        opens = f"{self.opens.timestamp():.0f}" if self.opens is not None else ""
        return "|".join((self.state, self.name, "resting" if self.resting else "", " ".join(self.awaited), opens))


def standing(case: Case, office: Office, now: datetime, *, asking: bool) -> Standing:
    """How a case stands; `asking`: the bot has the conversation again and asks something."""
    state = case.status if case.status in DONE else "bot" if asking else "with" if case.assignee is not None else "new"
    opens: datetime | None = None
    pace = office.pace(case.queue, case.priority)
    if case.status not in DONE and not asking and pace.name != ALWAYS and not pace.calendar.open_at(now):
        opens = pace.calendar.next_open(now)
    name = case.assignee.name or "–" if case.assignee is not None else ""
    awaited = tuple(_awaited(case)) if case.status != "closed" and not asking else ()
    return Standing(state, name, case.status == "on_hold", awaited, opens)


def _awaited(case: Case) -> Iterator[str]:
    """What the merchant is to do; their answer, if it is nothing more telling."""
    found = False
    live = case.access.environment == "production"
    for what, so in (
        ("box", case.time_box.state == "proposed"),
        ("backup", case.access.state == "requested" and live and not case.access.backup_by),
        ("account", case.access.state == "requested" and (not live or case.access.approval is not None)),
        ("removal", case.access.state == "removal_requested"),
    ):
        if so:
            found = True
            yield what
    if case.status == "pending" and not found:
        yield "answer"


def follow(case: Case, office: Office, locale: str, now: datetime, *, asking: bool) -> tuple[Case, tuple[Effect, ...]]:
    """The case with what its banner says now, and what has the merchant see that if it is something else."""
    found = standing(case, office, now, asking=asking)
    key = f"{locale}|{found.key}"
    if key == case.banner:
        return case, ()
    effects: tuple[Effect, ...] = (Card(case.id, "merchant"),)
    if found.opens is not None:
        effects = (*effects, Schedule(token(TIMER), found.opens))
    return msgspec.structs.replace(case, banner=key), effects


def written(library: Library, office: Office, case: Case, locale: str, now: datetime, *, asking: bool) -> Document:
    """The banner in the language `locale` of the merchant."""
    found = standing(case, office, now, asking=asking)

    def line(wording: str, **values: str) -> Document:
        return worded(library, wording, locale, case.id, values)

    text = [*line(f"desk_banner_{found.state}", name=found.name)]
    if found.resting:
        text += line("desk_banner_resting")
    elif found.awaited:
        what = ", ".join(library.word(f"desk_awaited_{each}", locale) for each in found.awaited)
        text += line("desk_banner_awaited", what=what)
    elif found.state == "with":
        text += line("desk_banner_turn")
    if found.opens is not None:
        zone = office.pace(case.queue, case.priority).calendar.zone
        shown = f"{found.opens.astimezone(zone):%Y-%m-%d %H:%M} ({zone.key})"
        label = library.word("desk_banner_opens", locale)
        text.append(Paragraph((Text(f"{label} "), Moment(int(found.opens.timestamp()), shown))))
    return tuple(text)
