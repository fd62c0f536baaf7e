"""A conversation's log as records, and the flows it ran on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.flow.library import Library
from bot.flow.snapshots import SnapshotError, revive
from bot.store.port import StoreError
from bot.text.catalogs import Catalogs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from bot.flow.loader import Loaded
    from bot.flow.model import Flow
    from bot.flow.program import Program
    from bot.store.rows import Kept


class Flows:
    """Every version of every flow that a database keeps, with when it was first in force (milliseconds UTC).

    Of a version that is among the `loaded` flows, those have the newest texts; their catalogs hold the translations.
    """

    def __init__(self, kept: Sequence[tuple[int, Kept]], loaded: Loaded | None = None) -> None:
        """Read them; raises StoreError for one that this program does not understand."""
        present = {} if loaded is None else {(each.id, each.hash): each.flow for each in _programs(loaded)}
        try:
            self._versions: list[tuple[int, Flow]] = [
                (at, present.get((each.flow, each.hash)) or revive(each.document)) for at, each in kept
            ]
        except SnapshotError as error:
            raise StoreError(str(error)) from error
        self._catalogs = Catalogs({}) if loaded is None else loaded.catalogs
        self._libraries: dict[tuple[int, ...], Library] = {}

    def library_at(self) -> Callable[[datetime], Library]:
        """For a time, the flows as they were in force then; versions older than all are taken for the first ones."""

        def library(now: datetime) -> Library:
            millis = int(now.timestamp() * 1000)
            first: dict[str, int] = {}
            chosen: dict[str, int] = {}
            for number, (at, flow) in enumerate(self._versions):
                first.setdefault(flow.flow, number)
                if at <= millis:
                    chosen[flow.flow] = number
            return self._made(tuple((first | chosen).values()))

        return library

    def newest(self) -> Library:
        """The flows as they are in force now."""
        return self._made(tuple({flow.flow: number for number, (_, flow) in enumerate(self._versions)}.values()))

    def _made(self, numbers: tuple[int, ...]) -> Library:
        found = self._libraries.get(numbers)
        if found is None:
            flows = [self._versions[number][1] for number in numbers]
            older = [flow for number, (_, flow) in enumerate(self._versions) if number not in numbers]
            found = self._libraries[numbers] = Library(flows, self._catalogs, older)
        return found


def _programs(loaded: Loaded) -> Sequence[Program]:
    return list(loaded.library().programs.values())
