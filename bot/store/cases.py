"""Cases as rows beside the document of their conversation, for lists and look-ups: the statements of both databases.

They are written for PostgreSQL; SQLite numbers its values with another character (`bot.store.sqlite.cases`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bot.store.rows import ACCESS_GONE, CASE_STATUSES, URGENCIES, CaseFilter, CaseRow, Listed, Place
from bot.store.texts import storable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NEVER: Final = 2**63 - 1
"""Stands for no due time, so that those cases come last in an index."""

COLUMNS: Final = ("conversation", "rank", "updated", *CaseRow._fields)
"""Of the table, in the order of `values`."""
UPSERT: Final = f"""
ON CONFLICT (conversation, id) DO UPDATE SET
{", ".join(f"{name} = excluded.{name}" for name in COLUMNS if name not in {"conversation", "id"})}"""

FIND: Final = """
SELECT c.address FROM cases k JOIN conversations c ON c.id = k.conversation
WHERE k.id = $1 ORDER BY k.opened DESC LIMIT 1"""
WHOSE: Final = """
SELECT c.address FROM links l JOIN conversations c ON c.id = l.conversation
WHERE l.destination = $1 AND l.native = $2 AND substr(l.ref, 1, 5) IN ('case:', 'relay', 'echo:')
ORDER BY l.outbox DESC LIMIT 1"""
OPENING: Final = """
SELECT id FROM outbox WHERE state = 'sending' AND kind = 'open_case' AND destination = $1 LIMIT 1"""
COPIES: Final = """
SELECT l.destination, l.native FROM conversations c JOIN links l ON l.conversation = c.id AND l.ref = $2
WHERE c.address = $1 ORDER BY l.outbox, l.native"""
TEXTS: Final = """
SELECT l.native, o.payload FROM conversations c
JOIN links l ON l.conversation = c.id AND l.ref = $3 AND l.destination = $2 JOIN outbox o ON o.id = l.outbox
WHERE c.address = $1 ORDER BY l.outbox, l.native"""
SOURCE: Final = """
SELECT l.ref FROM conversations c
JOIN links l ON l.conversation = c.id AND l.destination = $2 AND l.native = $3 AND l.ref IS NOT NULL
WHERE c.address = $1 ORDER BY l.outbox DESC LIMIT 1"""

_ORDER: Final = "rank, due, opened, id"


def check(case: CaseRow) -> None:
    """Raise ValueError for a row that the database would refuse, and with it all that is written at the same time."""
    if case.status not in CASE_STATUSES or case.priority not in URGENCIES:
        raise ValueError(f"case {case.id}: no such status or priority: {case.status}, {case.priority}")
    if case.status == "closed" and case.access not in ACCESS_GONE and not case.override:
        raise ValueError(f"case {case.id} cannot be closed: access is {case.access}, and no lead gave a reason")


def values(conversation: int, case: CaseRow, now: int) -> tuple[object, ...]:
    """The row of a case as the database keeps it."""
    kept = case._replace(
        due=NEVER if case.due is None else case.due, title=storable(case.title), override=storable(case.override)
    )
    return (conversation, URGENCIES.index(case.priority), now, *kept)


def listing(wanted: CaseFilter, limit: int, after: Place | None) -> tuple[str, list[object]]:
    """The statement that finds what `Store.cases` returns, and its values.

    Each status is looked through in its own order, by index, so that no more is read than is shown or filtered out.
    """
    given: list[object] = []

    def value(it: object) -> str:
        given.append(it)
        return f"${len(given)}"

    def one_of(name: str, those: Iterable[object]) -> str:
        return f"{name} IN ({', '.join(map(value, those))})"

    conditions = [
        *([f"assignee = {value(wanted.assignee)}"] if wanted.assignee is not None else []),
        *([one_of("queue", wanted.queues)] if wanted.queues else []),
        *([one_of("locale", wanted.locales)] if wanted.locales else []),
        *(["access NOT IN ('none', 'removed_confirmed')"] if wanted.access_open else []),
        *(["time_box = 'running'"] if wanted.time_box_running else []),
        *([f"due < {value(wanted.due_before)}"] if wanted.due_before is not None else []),
        *(
            [f"conversation IN (SELECT id FROM conversations WHERE merchant = {value(wanted.merchant)})"]
            if wanted.merchant
            else []
        ),
        *([f"({_ORDER}) > ({', '.join(map(value, after))})"] if after is not None else []),
    ]
    most = value(limit)
    each = " UNION ALL ".join(
        f"SELECT * FROM (SELECT * FROM cases WHERE {' AND '.join([f'status = {value(status)}', *conditions])}"
        f" ORDER BY {_ORDER} LIMIT {most}) one"
        for status in dict.fromkeys(wanted.statuses or CASE_STATUSES)
    )
    columns = ", ".join(f"k.{name}" for name in CaseRow._fields)
    statement = (
        f"SELECT {columns}, c.address, k.updated FROM ({each}) k JOIN conversations c ON c.id = k.conversation"
        f" ORDER BY k.rank, k.due, k.opened, k.id LIMIT {most}"
    )
    return statement, given


def listed(row: Sequence[Any]) -> Listed:
    """One of the rows that `listing` finds."""
    *case, address, updated = row
    return Listed(read(case), address, updated)


def read(row: Sequence[Any]) -> CaseRow:
    """A case from its columns."""
    case = CaseRow(*row)
    return case._replace(due=None if case.due == NEVER else case.due)


def place(case: CaseRow) -> Place:
    """Where a case stands in lists."""
    return Place(URGENCIES.index(case.priority), NEVER if case.due is None else case.due, case.opened, case.id)
