"""Moments at which a process may die without anything being lost or done twice, named, so that tests can end it there.

Each is an audit event of Python (`sys.audit`), which nobody listens to in service: that costs some 50 ns. Whoever wants
to know, or to die, adds a hook with `sys.addaudithook` before anything starts; its `args` are the point's name.
"""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Final

REACHED: Final = "triage.reached"
"""The audit event of every point."""


class Point(StrEnum):
    """In the order in which an event passes them."""

    MIGRATING = "migrating"
    """The new tables are made, not committed."""
    BATCHED = "batched"
    """Events have been taken from their lines, nothing is written."""
    HANDED = "handed"
    """A worker has been asked for the steps of a batch, and has not answered."""
    STEPPED = "stepped"
    """In the middle of a batch: one more of its events is computed, none is committed."""
    WRITTEN = "written"
    """A transaction wrote its last row, and is not committed."""
    COMMITTED = "committed"
    """A batch is committed, and nobody has been told."""
    PARKED = "parked"
    """An event is parked, and nobody has been told."""
    CLAIMED = "claimed"
    """Messages are marked as being sent, and none of them was."""
    SENT = "sent"
    """The platform has a message, and nobody wrote it down."""
    SETTLED = "settled"
    """What became of messages is committed."""
    ADOPTED = "adopted"
    """The messages of a dead process are ours, and we have not looked for them."""
    DUE = "due"
    """Timers were read, and their events are not taken in."""
    PERFORMED = "performed"
    """A hook has run, and its result is not taken in."""
    STOPPING = "stopping"
    """Nothing more is fired or taken up; what is under way is being finished."""


def reached(point: Point) -> None:
    """Tell whoever listens that the process is at this point."""
    sys.audit(REACHED, point)
