"""Whose words they are: the name beside what a merchant wrote, at the staff's place.

Several people may write in one conversation, some of one name. Nobody can pass for another, nor for one of the staff:
names that look like one that is taken are told apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from bot.chat.effects import EDITED, Relay
from bot.chat.events import Message, Reacted
from bot.text.lookalikes import skeleton
from bot.text.nodes import paragraph
from bot.text.normal import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.chat.effects import Effect
    from bot.chat.events import AnyEvent
    from bot.chat.people import User
    from bot.desk.case import Case
    from bot.desk.office import Office
    from bot.flow.library import Library

MOST: Final = 50
"""People of a conversation who are told apart; those after them are shown by their ids."""
LONGEST: Final = 60
"""Code points of a name."""


def heard(case: Case, user: User, event: AnyEvent) -> Case:
    """The case once whoever wrote is known in it; the first is the merchant whose conversation it is."""
    author = (event.author if isinstance(event, (Message, Reacted)) else None) or user
    known = case.speakers or (user,)
    if any(each.id == author.id for each in known) or len(known) >= MOST:
        return case
    return msgspec.structs.replace(case, speakers=(*known, author))


def under(
    library: Library, office: Office, case: Case, user: User, event: AnyEvent, effects: Sequence[Effect]
) -> list[Effect]:
    """The effects, the merchant's words among them under the name of whoever wrote them."""
    if type(event) is not Message or not any(type(each) is Relay and each.to == "staff" for each in effects):
        return list(effects)
    name = f"{EDITED if event.edited else ''}{shown(library, office, case, user, event.author or user)}"
    several = len(case.speakers) > 1
    return [_named(each, name, several=several) if type(each) is Relay else each for each in effects]


def _named(relay: Relay, name: str, *, several: bool) -> Relay:
    """Files say nothing of who sent them; where that may be several people, their names stand with them."""
    if relay.to != "staff":
        return relay
    files = ", ".join(each.name for each in relay.files)
    document = relay.document or ((paragraph(files),) if several and files else ())
    return msgspec.structs.replace(relay, by=name, document=document)


def shown(library: Library, office: Office, case: Case, user: User, author: User) -> str:
    """What the staff read as the name of `author`."""
    staff = _words(each.name for each in (*office.people.values(), *((case.assignee,) if case.assignee else ())))
    taken: set[str] = set()
    for each in case.speakers or (user,):
        plain = _name(each.first_name) or each.id
        if any(name in skeleton(plain) for name in staff):
            role = library.word("desk_not_staff", office.locale)
            plain = f"{plain} ({role})"
        found, number = plain, 1
        while skeleton(found) in taken:
            number += 1
            found = f"{plain} ({number})"
        taken.add(skeleton(found))
        if each.id == author.id:
            return found
    return author.id


def _words(names: Iterable[str]) -> set[str]:
    return {found for each in names if (found := skeleton(each))}


def _name(given: str) -> str:
    return " ".join(clean(given, LONGEST).split())
