"""The queue of staff: one list of cases, of one queue and language if wanted, page by page."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from bot.desk.lists import LISTS
from bot.store.cases import place
from bot.store.rows import ACTIVE, CASE_STATUSES, CaseFilter, Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.store.port import Store
    from bot.store.rows import Listed

PAGE: Final = 10
"""Cases on a page."""
SOON: Final = timedelta(hours=4)
"""What is due within this time, or overdue, is due soon."""


class Query(msgspec.Struct, frozen=True, array_like=True):
    """What somebody looks at: a list, of `LISTS`; "" for every queue and language; the case that the page is after."""

    list: str = next(iter(LISTS))
    queue: str = ""
    locale: str = ""
    after: Place | None = None

    def encoded(self) -> str:
        """As a button carries it."""
        return msgspec.json.encode(self).decode()


class Page(NamedTuple):
    """Cases, and what the next page is, None after the last."""

    cases: Sequence[Listed]
    following: Query | None


def query(encoded: str) -> Query:
    """What `Query.encoded` made; the first list for anything else."""
    try:
        found = msgspec.json.decode(encoded, type=Query)
    except (msgspec.DecodeError, UnicodeEncodeError):
        return Query()
    return found if found.list in LISTS else Query()


async def page(store: Store, asked: Query, person: str, now: int) -> Page:
    """The cases that `person` (an id) asked for, as they are `now` (UTC milliseconds). Raises Unavailable."""
    wanted = CaseFilter(
        assignee={"mine": person, "unassigned": ""}.get(asked.list),
        statuses={"waiting": ("pending",), "access": CASE_STATUSES}.get(asked.list, ACTIVE),
        queues=(asked.queue,) if asked.queue else (),
        locales=(asked.locale,) if asked.locale else (),
        access_open=asked.list == "access",
        time_box_running=asked.list == "boxes",
        due_before=now + SOON // timedelta(milliseconds=1) if asked.list == "soon" else None,
    )
    found = await store.cases(wanted, PAGE + 1, asked.after)
    shown = found[:PAGE]
    more = len(found) > PAGE
    following = msgspec.structs.replace(asked, after=place(shown[-1].case)) if more else None
    return Page(shown, following)
