"""What other systems are told of a case: which events follow from how it was and how it is, and what each says.

An event is read off the axes of the case, not announced by what changed them: whatever the way a case became solved, by
a button, a timer or the merchant, the same event tells of it. It holds ids, states and times; never what was written.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec

from bot.desk import timing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.desk.case import Case
    from bot.desk.office import Webhook

Type = Literal[
    "case.opened", "case.claimed", "case.released", "case.transferred", "case.priority_changed",
    "case.reproduction_changed", "case.pending", "case.on_hold", "case.resumed", "case.solved", "case.reopened",
    "case.closed", "case.rated", "access.requested", "access.approved", "access.revoked", "access.denied",
    "access.provided", "access.in_use", "access.removal_requested", "access.removed", "access.expired",
    "timebox.proposed", "timebox.declined", "timebox.accepted", "timebox.begun", "timebox.paused", "timebox.resumed",
    "timebox.ended",
]  # fmt: skip

_AXES: Final[dict[str, Type]] = {
    "queue": "case.transferred",
    "priority": "case.priority_changed",
    "reproduction": "case.reproduction_changed",
    "rating": "case.rated",
}
"""Whatever value they change to."""
_ACCESS: Final[dict[str, Type]] = {
    "none": "access.denied",
    "requested": "access.requested",
    "provided": "access.provided",
    "in_use": "access.in_use",
    "removal_requested": "access.removal_requested",
    "removed_confirmed": "access.removed",
    "expired": "access.expired",
}
_BOX: Final[dict[str, Type]] = {
    "none": "timebox.declined",
    "proposed": "timebox.proposed",
    "accepted": "timebox.accepted",
    "running": "timebox.begun",
    "paused": "timebox.paused",
    "ended": "timebox.ended",
}


class News(msgspec.Struct, frozen=True, gc=False):
    """An event as a webhook carries it. `id` is the same for every endpoint and however often it is sent."""

    id: str
    type: Type
    timestamp: datetime
    data: dict[str, Any]


def events(before: Case | None, after: Case) -> Iterator[Type]:
    """What happened between two states of a conversation's last case, in the order in which it is told."""
    if before is None or before.id != after.id:
        yield "case.opened"
        return
    yield from (each for name, each in _AXES.items() if getattr(after, name) != getattr(before, name))
    if _assignee(after) != _assignee(before):
        yield "case.claimed" if after.assignee is not None else "case.released"
    if after.access.state != before.access.state:
        yield _ACCESS[after.access.state]
    if after.access.approval != before.access.approval and after.access.state != "none":
        yield "access.approved" if after.access.approval is not None else "access.revoked"
    if after.time_box.state != before.time_box.state:
        resumed = before.time_box.state == "paused" and after.time_box.state == "running"
        yield "timebox.resumed" if resumed else _BOX[after.time_box.state]
    if after.status != before.status:
        yield from _status(before, after)


def news(
    before: Case | None, after: Case, endpoint: Webhook, cause: str, merchant: str, now: datetime
) -> Iterator[News]:
    """The events that an endpoint is told; `cause` names what brought them about, as nothing else is named.

    `merchant` is what the merchant is called, for endpoints that are to know names.
    """
    for each in events(before, after):
        if not endpoint.events or each in endpoint.events:
            id_ = blake2b(f"{cause}\n{after.id}\n{each}".encode(), digest_size=15).hexdigest()
            yield News(f"msg_{id_}", each, now, _data(after, merchant if endpoint.names else "", names=endpoint.names))


def _status(before: Case, after: Case) -> Iterator[Type]:
    match after.status:
        case "pending":
            yield "case.pending"
        case "on_hold":
            yield "case.on_hold"
        case "solved":
            yield "case.solved"
        case "closed":
            yield "case.closed"
        case "open" if before.status == "solved":
            yield "case.reopened"
        case "open" if before.status in {"pending", "on_hold"}:
            yield "case.resumed"


def _assignee(case: Case) -> str:
    return "" if case.assignee is None else case.assignee.id


def _data(case: Case, merchant: str, *, names: bool) -> dict[str, Any]:
    """The case as it is told: what is not there is null."""
    told: dict[str, Any] = {
        "case": case.id,
        "follows": case.follows or None,
        "duplicate_of": case.duplicate_of or None,
        "status": case.status,
        "reason": case.reason or None,
        "queue": case.queue,
        "priority": case.priority,
        "assignee": _assignee(case) or None,
        "reproduction": case.reproduction,
        "access": {"state": case.access.state, "environment": case.access.environment or None},
        "time_box": {"state": case.time_box.state, "result": case.time_box.result or None},
        "rating": case.rating or None,
        "opened": case.opened,
        "due": timing.due(case),
    }
    if names:
        told["merchant_name"] = merchant
        told["assignee_name"] = None if case.assignee is None else case.assignee.name
    return told
