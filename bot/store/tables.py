"""The tables, for migrations and for whatever is not on the hot path. Times are milliseconds since 1970-01-01 UTC.

Every table carries `shard`, so that beyond one primary the same rows can be spread over several; it is 0 until then.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

METADATA: Final = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)
_ID: Final = BigInteger().with_variant(Integer(), "sqlite")  # SQLite numbers rows only in a column of type INTEGER

QUEUED: Final = "state = 'queued'"
SENDING: Final = "state = 'sending'"
KNOWN: Final = "merchant IS NOT NULL"
OF_A_CASE: Final = "substr(ref, 1, 5) IN ('case:', 'relay', 'echo:')"


def _shard() -> Column[int]:
    return Column("shard", SmallInteger, nullable=False, server_default=text("0"))


def _one_of(column: str, *values: str) -> str:
    """A condition that SQLite looks through: for `IN` it would make a table of the values, anew for every row."""
    return " OR ".join(f"{column} = '{value}'" for value in values)


def _conversation(**more: Any) -> Column[int]:
    return Column("conversation", _ID, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, **more)


def _written_under_lock(**more: Any) -> Column[int]:
    """The conversation of rows that are written with its own row locked, and go with it by a trigger.

    A foreign key would have PostgreSQL look for the conversation, and lock it, once more for each of them: a fifth of
    what an event costs there.
    """
    return Column("conversation", _ID, nullable=False, **more)


CONVERSATIONS: Final = Table(
    "conversations",
    METADATA,
    Column("id", _ID, primary_key=True),
    _shard(),
    Column("address", Text, nullable=False, unique=True),
    Column("document", Text, nullable=False),
    Column("rev", BigInteger, nullable=False),
    Column("status", Text, nullable=False),
    Column("control", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("updated", BigInteger, nullable=False),
    Column("merchant", Text),
    CheckConstraint("control IN ('bot', 'staff')", name="control"),
    Index("ix_conversations_merchant", "merchant", sqlite_where=text(KNOWN), postgresql_where=text(KNOWN)),
)

EVENTS: Final = Table(
    # The log, and every event that was seen, by its key. `rev` is what the conversation became by it, `records` what it
    # brought about, as a JSON array, if it changed anything; `origin` the platform's id of the message it was.
    "events",
    METADATA,
    _written_under_lock(primary_key=True),
    Column("key", Text, primary_key=True),
    _shard(),
    Column("rev", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("records", Text),
    Column("origin", Text),
)

OUTBOX: Final = Table(
    # `done` is when it was known what became of a message; until then it is pending.
    "outbox",
    METADATA,
    Column("id", _ID, primary_key=True),
    _shard(),
    _written_under_lock(),
    Column("carrier", Text, nullable=False),
    Column("destination", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("priority", SmallInteger, nullable=False),
    Column("epoch", BigInteger),
    Column("ref", Text),
    Column("edits", Text),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("not_before", BigInteger, nullable=False, server_default=text("0")),
    Column("owner", Text),
    Column("created", BigInteger, nullable=False),
    Column("done", BigInteger),
    CheckConstraint(_one_of("state", "queued", "sending", "sent", "refused", "uncertain", "suppressed"), name="state"),
    CheckConstraint("kind <> 'note'", name="note"),  # what staff note for themselves goes nowhere
    Index(
        "ix_outbox_queued", "carrier", "priority", "not_before", "id",
        sqlite_where=text(QUEUED), postgresql_where=text(QUEUED),
    ),
    Index(
        "ix_outbox_sending", "carrier", "id",
        sqlite_where=text(SENDING), postgresql_where=text(SENDING),
    ),
    Index("ix_outbox_lane", "conversation", "done", "destination", "id"),  # pending ones lie together in it
)  # fmt: skip

LINKS: Final = Table(
    # Which message of the platform a copy of ours became. All of a conversation lies together.
    "links",
    METADATA,
    _conversation(primary_key=True),
    Column("outbox", _ID, primary_key=True),
    Column("native", Text, primary_key=True),
    _shard(),
    Column("destination", Text, nullable=False),
    Column("ref", Text),
    Index(
        "ix_links_case", "destination", "native",
        sqlite_where=text(OF_A_CASE), postgresql_where=text(OF_A_CASE),
    ),
    sqlite_with_rowid=False,
)  # fmt: skip

CASES: Final = Table(
    # What lists of cases show and are ordered by; a conversation has one after the other. `rank` is the priority as a
    # number. References are short enough that two conversations may have the same one.
    "cases",
    METADATA,
    _conversation(primary_key=True),
    Column("id", Text, primary_key=True),
    _shard(),
    Column("status", Text, nullable=False),
    Column("assignee", Text, nullable=False),
    Column("queue", Text, nullable=False),
    Column("priority", Text, nullable=False),
    Column("rank", SmallInteger, nullable=False),
    Column("locale", Text, nullable=False),
    Column("access", Text, nullable=False),
    Column("time_box", Text, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("opened", BigInteger, nullable=False),
    Column("title", Text, nullable=False),
    Column("override", Text, nullable=False),
    Column("updated", BigInteger, nullable=False),
    CheckConstraint(_one_of("status", "new", "open", "pending", "on_hold", "solved", "closed"), name="status"),
    CheckConstraint(_one_of("priority", "low", "normal", "high", "urgent"), name="priority"),
    CheckConstraint("rank BETWEEN 0 AND 3", name="rank"),
    CheckConstraint("status <> 'closed' OR access IN ('none', 'removed_confirmed') OR override <> ''", name="access"),
    Index("ix_cases_id", "id"),
    Index("ix_cases_list", "status", "rank", "due", "opened", "id"),
    Index("ix_cases_mine", "assignee", "status", "rank", "due", "opened", "id"),
)

TIMERS: Final = Table(
    "timers",
    METADATA,
    _written_under_lock(primary_key=True),
    Column("name", Text, primary_key=True),
    _shard(),
    Column("due", BigInteger, nullable=False),
    Index("ix_timers_due", "due"),
    sqlite_with_rowid=False,
)

FLOWS: Final = Table(
    "flows",  # every version of a flow that a conversation may run on
    METADATA,
    Column("flow", Text, primary_key=True),
    Column("hash", Text, primary_key=True),
    _shard(),
    Column("document", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
)

PARKED: Final = Table(
    "parked",  # events that could not be applied
    METADATA,
    Column("id", _ID, primary_key=True),
    _shard(),
    Column("address", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    UniqueConstraint("address", "key"),
)

FORGOTTEN: Final = Table(
    # Events of conversations that were removed, by what `texts.fingerprint` makes of them: a platform that brings one
    # again does not begin the conversation anew, and nobody can read a person out of it.
    "forgotten",
    METADATA,
    Column("event", Text, primary_key=True),
    _shard(),
    Column("at", BigInteger, nullable=False),
)

BUCKETS: Final = Table(
    "buckets",  # how much of a rate is left, for all processes together
    METADATA,
    Column("name", Text, primary_key=True),
    _shard(),
    Column("tokens", Float, nullable=False),
    Column("at", BigInteger, nullable=False),
)

LEASES: Final = Table(
    "leases",
    METADATA,
    Column("name", Text, primary_key=True),
    _shard(),
    Column("owner", Text, nullable=False),
    Column("until", BigInteger, nullable=False),
)

INSTALLATIONS: Final = Table(
    "installations",  # what opens the accounts that have installed the app themselves; sealed, for nobody else to use
    METADATA,
    Column("account", Text, primary_key=True),
    _shard(),
    Column("sealed", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
)

LANDMARKS: Final = Table(
    "landmarks",  # where things are on a platform that are no conversation's, such as a group that has moved
    METADATA,
    Column("name", Text, primary_key=True),
    _shard(),
    Column("place", Text, nullable=False),
)

DROPS: Final = Table(
    "drops",  # what a merchant filled in on a one-time form; sealed, gone once it was opened, the row soon after
    METADATA,
    Column("id", Text, primary_key=True),
    _shard(),
    Column("address", Text, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("person", Text, nullable=False, server_default=text("''")),
)

AUDIT: Final = Table(
    "audit",  # what operators and staff did; each row seals the one before it
    METADATA,
    Column("id", _ID, primary_key=True),
    _shard(),
    Column("at", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("data", Text, nullable=False),
    Column("seal", Text, nullable=False, unique=True),
)
