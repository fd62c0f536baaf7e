"""The case: what staff know and have done about a conversation, as part of its document.

Its axes are kept apart, each a field of its own: what state the work is in, who has it, what was found out, which
access exists. Who is in control of the conversation stands beside the case, in the conversation.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal, get_args

import msgspec

from bot.chat.events import File, Piece, Quoted
from bot.chat.people import Person, User
from bot.desk.clocks import Clock, Kind
from bot.desk.timebox import TimeBox
from bot.text.nodes import Document

Status = Literal["new", "open", "pending", "on_hold", "solved", "closed"]
Priority = Literal["low", "normal", "high", "urgent"]
Reason = Literal[
    "solved",
    "not_reproducible",
    "time_box_ended",
    "duplicate",
    "no_response",
    "out_of_scope",
    "withdrawn",
    "spam",
    "not_a_case",
]
Reproduction = Literal["unknown", "reproduced_staging", "reproduced_production_only", "not_reproduced"]
AccessState = Literal["none", "requested", "provided", "in_use", "removal_requested", "removed_confirmed", "expired"]
DropState = Literal["none", "asked", "filled", "opened", "expired", "withdrawn"]
CopyState = Literal["queued", "sent", "refused", "uncertain"]

GONE: Final = frozenset({"none", "removed_confirmed"})
"""States of access in which no account of ours is left at the merchant's."""
NO_CASE: Final = frozenset({"spam", "not_a_case"})
"""Reasons why nothing follows on a case that is closed."""
REMEMBERED: Final = 50
"""Replies whose fate is kept."""
RETRIED: Final = 5
"""Those that can be sent again if they have not arrived."""


class Held(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A message for the merchant that has not left: it waits for its hold to pass or, `asked`, for a decision."""

    by: Person
    document: Document = ()
    files: tuple[File, ...] = ()
    asked: bool = False
    quoted: Quoted | None = None
    parts: tuple[str, ...] = ()
    """As in `Written`."""


class Approval(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """That a specialist allowed access to a live environment; `until` (UTC) it holds."""

    by: str
    at: datetime
    until: datetime


class Agreed(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """That the merchant agreed to a wording: when, its fingerprint, and the words as they were shown."""

    at: datetime
    locale: str
    wording: str
    text: str


class Access(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """The access to the merchant's shop: what state it is in, and who did what to get there."""

    state: AccessState = "none"
    environment: Literal["", "staging", "production"] = ""
    requested_by: str = ""
    backup_by: str = ""
    """Who confirmed that there is a backup: `merchant`, or a person's id."""
    approval: Approval | None = None
    liability: Agreed | None = None
    reminders: int = 0


class Drop(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A one-time form for what must not be written in a chat; what is filled in is kept elsewhere, sealed."""

    id: str = ""
    state: DropState = "none"
    until: datetime | None = None
    """When the form, and what was filled in, is gone (UTC)."""


class Case(msgspec.Struct, omit_defaults=True, gc=False):
    """A case. `assignee` is who has claimed it, None while nobody has. Times are UTC."""

    id: str
    queue: str
    opened: datetime
    status: Status = "new"
    priority: Priority = "normal"
    assignee: Person | None = None
    claimed: datetime | None = None
    """Since when."""
    reason: str = ""
    """Why it was solved or closed, one of `Reason`."""
    override: str = ""
    """Why a lead closed it although an account of ours may be left."""
    reproduction: Reproduction = "unknown"
    access: Access = Access()
    drop: Drop = Drop()
    held: dict[str, Held] = {}
    """What has not left yet, by the id of the message that staff wrote."""
    copies: dict[str, CopyState] = {}
    """What became of the last replies, by the id of the message that staff wrote."""
    failed: dict[str, tuple[Piece, ...]] = {}
    """What of the last ones did not arrive, or may not have; replaced as a whole."""
    clocks: dict[Kind, Clock] = {}
    """What was promised, and how much of its time is used up; replaced as a whole."""
    time_box: TimeBox = TimeBox()
    snoozed: datetime | None = None
    awaits: str = ""
    """What it was set aside for, such as the address of an issue."""
    speakers: tuple[User, ...] = ()
    """Who has written, once it is not the merchant alone, in the order of their first words."""
    servers_told: bool = False
    """That the merchant was told how we reach servers, when they spoke of another way."""
    reminded: int = 0
    """Reminders to a merchant who is waited for, since then."""
    follows: str = ""
    """The case that this one goes on with."""
    duplicate_of: str = ""
    """The case that it was merged into, and goes on in."""
    duplicates: tuple[str, ...] = ()
    """Those that were merged into it."""
    rating: Literal["", "good", "bad"] = ""
    banner: str = ""
    """What the merchant was last shown of how it stands."""
    received: str = ""
    """The merchant's message of which staff got a copy last."""
    unreached: bool = False
    """That the merchant was told that staff cannot be reached."""
    shut: tuple[str, ...] = ()
    """The channels, of several that staff are on, by which they could not be reached last."""


def priority(named: str) -> Priority:
    """The priority of that name; a flow's expression may give any text."""
    return next((each for each in get_args(Priority) if each == named), "normal")


def copy(case: Case) -> Case:
    """A case that can be changed without changing `case`; what is shared is never written to."""
    return msgspec.structs.replace(case, held=dict(case.held), copies=dict(case.copies))
