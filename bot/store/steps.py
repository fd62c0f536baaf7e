"""The steps of a batch: taken one after another here, or all of them elsewhere; then looked at before they are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.store.cases import check
from bot.store.rows import Poisoned

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.store.rows import Change, Step, Steps, Task


class Again(Exception):  # noqa: N818  (an instruction, not a defect)
    """Another process was faster: begin the transaction anew."""


def take(tasks: Sequence[Task], step: Step) -> list[Change | None]:
    """Take them here. Raises Poisoned."""
    changes: list[Change | None] = []
    for task in tasks:
        try:
            changes.append(step(task.arrival, task.stored))
        except Exception as failure:
            raise Poisoned(task.place) from failure
    return changes


def here(step: Step) -> Steps:
    """The same in the form of those that are taken elsewhere."""

    async def steps(tasks: Sequence[Task]) -> Sequence[Change | None]:
        return take(tasks, step)

    return steps


def checked(tasks: Sequence[Task], changes: Sequence[Change | None]) -> Sequence[Change | None]:
    """What came of them, if a database takes it. Raises Poisoned."""
    for task, change in zip(tasks, changes, strict=True):
        if change is not None and change.case is not None:
            try:
                check(change.case)
            except ValueError as failure:
                raise Poisoned(task.place) from failure
    return changes
