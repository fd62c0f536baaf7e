"""Reactions, both ways: staff read in words what the merchant reacted with; theirs show on the merchant's message.

The reactions on what staff write are the truth about its delivery, so nobody else's are put beside them. As with words,
only those of whoever has the case are for the merchant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.chat.effects import Echo, React, Rewrite, echoed
from bot.chat.emoji import shows
from bot.chat.places import named
from bot.desk import names

if TYPE_CHECKING:
    from bot.chat.events import Delivered, Reacted
    from bot.chat.people import Person
    from bot.desk.work import Work

_REF: Final = "react:"
"""What the names of reactions begin with on their way to the merchant."""
_TOLD: Final = "reacted:"
"""And of what staff are told of the merchant's."""


def reacted(work: Work, event: Reacted) -> None:
    """Somebody reacted to a copy of what the other side wrote, or took that back."""
    kind, _, origin = event.quoted.ref.partition(":")
    if event.person is None and kind == "reply":
        _of_merchant(work, event, origin)
    elif event.person is not None and kind == "relay":
        assignee = work.case.assignee
        if assignee is not None and assignee.id == event.person.id and work.case.status != "closed":
            _of_staff(work, event, event.person, origin)


def concerns(ref: str) -> bool:
    """Whether something of that name is a reaction."""
    return ref.startswith(_REF)


def delivered(work: Work, event: Delivered) -> None:
    """The platform would not show a reaction: whoever reacted is told."""
    if event.state == "refused":
        work.tell("desk_reaction_not_shown", emoji=event.ref.rpartition("/")[2])


def _of_merchant(work: Work, event: Reacted, origin: str) -> None:
    author = event.author or work.merchant.user
    ref = f"{_TOLD}{origin}/{author.id}/{event.emoji}"
    if event.taken:
        work.retell(ref)
    else:
        name = names.shown(work.library, work.office, work.case, work.merchant.user, author)
        words = event.quoted.words or "…"
        work.tell("desk_reacted", ref=ref, name=name, emoji=event.emoji, words=words)
    work.record("reaction_told", origin=origin, emoji=event.emoji, taken=event.taken)


def _of_staff(work: Work, event: Reacted, person: Person, origin: str) -> None:
    if not shows(work.merchant.channel, event.emoji):
        if not event.taken:
            work.tell("desk_reaction_not_shown", emoji=event.emoji)
        return
    ref = f"{_REF}{origin}/{event.emoji}"
    if event.taken:
        work.effects.append(React(work.case.id, origin, "", event.emoji, ref))
    else:
        work.effects.append(React(work.case.id, origin, event.emoji, "", ref))
    _tell_colleagues(work, event, person, origin)
    work.record("reaction_relayed", origin=origin, emoji=event.emoji, taken=event.taken)


def _tell_colleagues(work: Work, event: Reacted, person: Person, origin: str) -> None:
    """At the other places of staff it stands in words, as the merchant's do."""
    if not event.at:
        return
    name = named(event.at, f"{_TOLD}{origin}/{event.emoji}")
    if event.taken:
        work.effects.append(Rewrite(echoed(name), case=work.case.id))
        return
    values = {"name": person.name or "–", "emoji": event.emoji, "words": event.quoted.words or "…"}
    work.effects.append(Echo(work.case.id, name, work.text("desk_reacted", work.locale, values)))
