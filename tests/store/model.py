"""What the store promises, kept in plain lists: slow, in one piece, and easy to read."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.store.cases import place
from bot.store.rows import (
    ACCESS_GONE,
    CARD,
    PRIORITIES,
    SHUT,
    Alarm,
    Arrival,
    CaseFilter,
    CaseRow,
    Change,
    Level,
    Outgoing,
    Settlement,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.store.made import Bucket, Unlimited


@dataclass
class Row:
    """An outgoing message."""

    address: str
    out: Outgoing
    state: str = "queued"
    owner: str | None = None
    attempts: int = 0
    not_before: int = 0

    @property
    def lane(self) -> tuple[str, str]:
        """Its lane."""
        return self.address, self.out.destination


@dataclass
class Model:
    """All conversations, and what is going out of them in the order in which it was committed."""

    frugal: bool = False
    """Whether no more is looked at than is needed to take up as many as may be: what is needless lies longer then."""
    conversations: dict[str, tuple[int, Change]] = field(default_factory=dict)
    keys: set[tuple[str, str]] = field(default_factory=set)
    timers: dict[tuple[str, str], int] = field(default_factory=dict)
    cases: dict[tuple[str, str], CaseRow] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    leases: dict[str, tuple[str, int]] = field(default_factory=dict)
    levels: dict[str, Level] = field(default_factory=dict)

    # --- in -------------------------------------------------------------------------------------------------------

    def commit(self, batch: Sequence[Arrival]) -> list[Verdict] | int:
        """The verdicts, or the index of the event on which the step fails."""
        verdicts = [self._verdict(each) for each in batch]
        applied = [each for each, verdict in zip(batch, verdicts, strict=True) if verdict == "applied"]
        for arrival in applied:
            if isinstance(arrival.payload, Exception):
                return batch.index(arrival)
        for arrival in applied:
            self._apply(arrival)
        return verdicts

    def _verdict(self, arrival: Arrival) -> Verdict:
        if (arrival.address, arrival.key) in self.keys:
            return "duplicate"
        alarm = arrival.alarm
        if alarm is not None and self.timers.get((arrival.address, alarm.name)) != alarm.due:
            return "stale"
        return "applied"

    def _apply(self, arrival: Arrival) -> None:
        address = arrival.address
        if arrival.alarm is not None:
            del self.timers[address, arrival.alarm.name]
        change = arrival.payload
        if isinstance(change, Change):
            rev, _ = self.conversations.get(address, (0, change))
            self.conversations[address] = rev + 1, change
            self.rows += [Row(address, each) for each in change.outgoing]
            if change.case is not None:
                self.cases[address, change.case.id] = change.case
            for name, due in change.timers.items():
                self.timers.pop((address, name), None)
                if due is not None:
                    self.timers[address, name] = due
        if address in self.conversations:
            self.keys.add((address, arrival.key))

    def due(self, address: str, now: int) -> list[Alarm]:
        """The timers of a conversation that are due."""
        found = [Alarm(*each, due) for each, due in self.timers.items() if each[0] == address and due <= now]
        return sorted(found, key=lambda each: each.due)

    def listed(self, wanted: CaseFilter) -> list[tuple[str, CaseRow]]:
        """The cases that are wanted, in order, with their conversations."""
        found = [
            (address, case)
            for (address, _), case in self.cases.items()
            if (not wanted.statuses or case.status in wanted.statuses)
            and wanted.assignee in {None, case.assignee}
            and not (wanted.access_open and case.access in ACCESS_GONE)
            and (wanted.due_before is None or (case.due is not None and case.due < wanted.due_before))
        ]
        return sorted(found, key=lambda each: place(each[1]))

    # --- out ------------------------------------------------------------------------------------------------------

    def firsts(self) -> list[Row]:
        """The row of each lane that is sent next, or under way: cards come last, because they hold nothing up."""
        lanes: dict[tuple[str, str], list[Row]] = {}
        for row in self.rows:
            if row.state in {"queued", "sending"}:
                lanes.setdefault(row.lane, []).append(row)
        return [min(lane, key=lambda each: (each.state != "sending", each.out.kind == CARD)) for lane in lanes.values()]

    def settle(self, owner: str, settlements: Mapping[int, Settlement]) -> None:
        """Record what became of rows, by their place in the list."""
        for number, each in settlements.items():
            row = self.rows[number]
            if row.state == "sending" and row.owner == owner:
                row.state, row.owner, row.not_before = each.state, None, each.not_before
                if each.state == "queued":
                    self._put_off(row, each.not_before)
                    if each.bucket:
                        self.levels[each.bucket] = Level(SHUT, each.not_before)

    def _put_off(self, row: Row, until: int) -> None:
        for other in self.rows:
            if other.lane == row.lane and other.state == "queued" and (other.out.kind == CARD or row.out.kind != CARD):
                other.not_before = until

    def claim(self, owner: str, carriers: Sequence[str], limit: int, now: int, ration: Bucket | Unlimited) -> list[Row]:
        """The rows that are taken up."""
        waiting = [row for row in self.firsts() if row.state == "queued"]
        turns: list[Row] = []
        for priority in PRIORITIES:
            left = limit - len(turns)
            if self.frugal and not left:
                break
            queues = [self._queue(waiting, carrier, priority, now) for carrier in carriers]
            found = self._looked_at(queues, left) if self.frugal else [[*a[:limit], *b[:limit]] for a, b in queues]
            for row in itertools.chain(*found):
                for needless in self._needless(row):
                    needless.state = "suppressed"
            useful = [[row for row in queue if row.state == "queued"] for queue in found]
            places = sorted(((n, row) for queue in useful for n, row in enumerate(queue)), key=lambda each: each[0])
            turns += [row for _, row in places][:left]
        names = {name for row in turns for name in ration.buckets(row.out.destination)}
        admitted, later, levels = ration.admit(
            [(n, row.out.destination, 1) for n, row in enumerate(turns)],
            {name: self.levels.get(name) for name in names},
            now,
        )
        self.levels |= levels
        for n, until in later.items():
            self._put_off(turns[n], until)
        taken = [turns[n] for n in admitted]
        for row in taken:
            row.state, row.owner, row.attempts = "sending", owner, row.attempts + 1
        return taken

    def _queue(self, waiting: list[Row], carrier: str, priority: int, now: int) -> tuple[list[Row], list[Row]]:
        """What was put off till now, and what is new."""
        mine = [row for row in waiting if row.out.carrier == carrier and row.out.priority == priority]
        resumed = [row for row in mine if 0 < row.not_before <= now]
        return (
            sorted(resumed, key=lambda row: (row.not_before, self.rows.index(row))),
            sorted((row for row in mine if row.not_before == 0), key=self.rows.index),
        )

    def _looked_at(self, queues: list[tuple[list[Row], list[Row]]], left: int) -> list[list[Row]]:
        """Each carrier's share; or more, where others have less than theirs."""
        found: list[list[Row]] = []
        for most in (-(-left // len(queues)), left):
            found = [[*resumed, *fresh][:most] for resumed, fresh in queues]
            useful = sum(not self._needless(row) for row in itertools.chain(*found))
            if useful >= left or all(len(queue) < most for queue in found):
                break
        return found

    def _needless(self, row: Row) -> list[Row]:
        """What is not sent any more once that row is looked at: itself, or cards before a newer one."""
        return [row] if self._passed(row) else self._older_cards(row)

    def _passed(self, row: Row) -> bool:
        return row.out.epoch is not None and row.out.epoch < self.conversations[row.address][1].epoch

    def _older_cards(self, first: Row) -> list[Row]:
        """If that is a card, all in its lane that a newer one makes needless."""
        lane = [row for row in self.rows if row.lane == first.lane and row.state == "queued" and row.out.kind == CARD]
        return lane[:-1] if first.out.kind == CARD else []

    def next_delivery(self, carriers: Sequence[str]) -> int | None:
        """When the next row may leave."""
        times = [r.not_before for r in self.firsts() if r.state == "queued" and r.out.carrier in carriers]
        return min(times, default=None)

    def adopt(self, owner: str, carriers: Sequence[str], now: int) -> list[Row]:
        """The rows that are taken over."""
        found = [
            row
            for row in self.rows
            if row.state == "sending" and row.out.carrier in carriers and not self._alive(row.owner, now)
        ]
        for row in found:
            row.owner = owner
        return found

    # --- time -----------------------------------------------------------------------------------------------------

    def _alive(self, owner: str | None, now: int) -> bool:
        return self.leases.get(owner or "", ("", 0))[1] > now

    def acquire(self, lease: str, owner: str, now: int, ttl: int) -> bool:
        """Whether the lease is theirs."""
        holder, until = self.leases.get(lease, (owner, 0))
        if holder != owner and until > now:
            return False
        self.leases[lease] = owner, now + ttl
        return True

    def release(self, lease: str, owner: str) -> None:
        """Give it back."""
        if self.leases.get(lease, ("", 0))[0] == owner:
            del self.leases[lease]
