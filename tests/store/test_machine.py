"""Any sequence of calls does what the model in `model.py` says, on both databases."""

from __future__ import annotations

import asyncio
import itertools
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bot.store.opening import open_store
from bot.store.rows import CARD, CASE_STATUSES, URGENCIES, Arrival, CaseFilter, Change, Outgoing, Poisoned, Settlement
from bot.store.steps import here
from tests.searching import examples
from tests.store.made import Bucket, Unlimited, alarm, case, change, rows, step
from tests.store.model import Model, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from bot.store.rows import Delivery

PLACES = "ab"
OWNERS = ("one", "two")
STATES = st.sampled_from(["sent", "refused", "uncertain", "queued", "queued"])

outgoings = st.lists(
    st.tuples(
        st.sampled_from(["console", "hooks"]),
        st.sampled_from(PLACES),
        st.sampled_from([0, 1, 1, 2]),
        st.sampled_from([None, 0, 1, 2]),
        st.sampled_from(["say", "say", CARD]),
    ),
    max_size=4,
)
cases = st.none() | st.fixed_dictionaries(
    {
        "status": st.sampled_from(CASE_STATUSES),
        "priority": st.sampled_from(URGENCIES),
        "assignee": st.sampled_from(["", "p"]),
        "access": st.sampled_from(["none", "in_use"]),
        "due": st.none() | st.integers(0, 300),
        "override": st.just("x"),
    }
)
pauses = st.none() | st.integers(0, 300)
timers = st.dictionaries(st.sampled_from(["tick", "tock"]), pauses, max_size=2)
changes = st.tuples(outgoings, timers, st.booleans(), cases)
events = st.tuples(st.integers(0, 3), st.just("fails") | st.none() | changes | changes | changes)
batches = st.dictionaries(st.sampled_from(PLACES), events, min_size=1)


class Machine(RuleBasedStateMachine):
    """Calls of the store beside the model; each run in names of its own, so that nothing has to be cleared away."""

    run: Callable[[Coroutine[Any, Any, Any]], Any]
    database: str
    runs = itertools.count()

    def __init__(self) -> None:
        """Open the store."""
        super().__init__()
        self.model = Model(frugal=self.database.startswith("sqlite"))
        self.now = 1
        self.texts = itertools.count()
        self.prefix = f"{next(self.runs)}"
        self.fast = Unlimited()
        self.slow = Bucket(2, 10, f"{self.prefix}.slow")
        self.carriers = [f"{self.prefix}.console", f"{self.prefix}.hooks"]
        self.ids: dict[str, int] = {}
        self.set: list[tuple[str, str, int]] = []

    @initialize()
    def open(self) -> None:
        """Open the store."""
        self.store = self.run(open_store(self.database))

    def teardown(self) -> None:
        """What lies in the tables is what the model says."""
        try:
            query = (
                "SELECT carrier, payload, state, attempts, coalesce(owner, ''), done IS NULL FROM outbox ORDER BY id"
            )
            for place in PLACES:
                stored = self.run(self.store.conversation(self.address(place)))
                expected = self.model.conversations.get(self.address(place))
                assert (stored and (stored.rev, stored.document)) == (expected and (expected[0], expected[1].document))
            found = self.run(rows(self.database, query))
            kept = [(*most, bool(pending)) for carrier, *most, pending in found if carrier in self.carriers]
            assert kept == [
                (r.out.payload.decode(), r.state, r.attempts, r.owner or "", r.state in {"queued", "sending"})
                for r in self.model.rows
            ]
        finally:
            self.run(self.store.close())

    def address(self, place: str) -> str:
        """A conversation of this run."""
        return f"console:{self.prefix}:{place}:"

    # --- rules ----------------------------------------------------------------------------------------------------

    @rule(batch=batches, apart=st.booleans())
    def commit(self, batch: dict[str, Any], *, apart: bool) -> None:
        """Events, some of them known, some poisoned; their steps are taken within the store or elsewhere."""
        arrivals = [Arrival(self.address(p), str(key), self.payload(p, does)) for p, (key, does) in batch.items()]
        self.apply(arrivals, apart=apart)

    def payload(self, place: str, does: Any) -> Change | Exception | None:
        """What the step shall do."""
        if does is None or does == "fails":
            return ValueError() if does else None
        outgoing, timers, moves, about = does
        _, before = self.model.conversations.get(self.address(place), (0, change()))
        due = {name: None if pause is None else self.now + pause for name, pause in timers.items()}
        self.set += [(self.address(place), name, at) for name, at in due.items() if at is not None]
        return change(
            *(
                Outgoing(
                    carrier=f"{self.prefix}.{carrier}",
                    destination=self.address(to),
                    kind=kind,
                    payload=str(next(self.texts)).encode(),
                    priority=priority,
                    epoch=None if lag is None else before.epoch + moves - lag,
                )
                for carrier, to, priority, lag, kind in outgoing
            ),
            document=f'"{next(self.texts)}"',
            epoch=before.epoch + moves,
            case=None if about is None else case(f"T-{place}", queue=self.prefix, **about),
            **due,
        )

    def apply(self, batch: list[Arrival], *, apart: bool = False) -> None:
        """Commit, and compare the verdicts."""
        expected = self.model.commit(batch)

        async def commit() -> Any:
            if apart:
                return await self.store.commit_apart(batch, here(step), self.now)
            return await self.store.commit(batch, step, self.now)

        if isinstance(expected, int):
            with pytest.raises(Poisoned) as caught:
                self.run(commit())
            assert caught.value.index == expected
        else:
            assert self.run(commit()) == expected

    @rule(place=st.sampled_from(PLACES), early=st.booleans(), twice=st.booleans())
    def fire(self, place: str, *, early: bool, twice: bool) -> None:
        """What is due is found, and fires once."""
        address = self.address(place)
        due = self.run(self.store.due(self.now + 100 * early, 10, address))
        assert sorted(due) == sorted(self.model.due(address, self.now + 100 * early))
        for each in due:
            for n in range(1 + twice):
                self.apply([alarm(address, each.name, each.due)._replace(key=f"{each.name}:{each.due}:{n}")])

    @rule(n=st.integers(0))
    def fire_late(self, n: int) -> None:
        """A timer that was set once fires, though it may have been set anew since, or called off."""
        if self.set:
            each = self.set[n % len(self.set)]
            self.apply([alarm(*each)._replace(key=f"late:{n}")])

    @rule(
        owner=st.sampled_from(OWNERS),
        settled=st.lists(st.tuples(st.integers(0, 30), STATES, st.integers(0, 200), st.booleans()), max_size=4),
        limit=st.sampled_from([0, 1, 2, 50]),
        slow=st.booleans(),
    )
    def exchange(self, owner: str, settled: list[Any], limit: int, *, slow: bool) -> None:
        """Settle any rows, of this owner or not, and take up others."""
        owner = f"{self.prefix}.{owner}"
        seen = [n for n, row in enumerate(self.model.rows) if row.out.payload.decode() in self.ids]
        ours = [n for n in seen if self.model.rows[n].owner == owner]
        settlements: dict[int, Settlement] = {}
        for n, state, pause, strange in settled:
            rows = seen if strange else ours
            if rows:
                number = rows[n % len(rows)]
                id_ = self.ids[self.model.rows[number].out.payload.decode()]
                shut = self.slow.rate.bucket if slow and state == "queued" else ""
                until = self.now + pause if state == "queued" else 0
                settlements[number] = Settlement(id_, state, not_before=until, bucket=shut)
        ration = self.slow if slow else self.fast
        self.model.settle(owner, settlements)
        expected = self.model.claim(owner, self.carriers, limit, self.now, ration) if limit else []
        call = self.store.exchange(owner, self.carriers, list(settlements.values()), limit, self.now, ration)
        self.compare(self.run(call), expected)
        assert self.run(self.store.next_delivery(self.carriers)) == self.model.next_delivery(self.carriers)

    @rule(owner=st.sampled_from(OWNERS))
    def adopt(self, owner: str) -> None:
        """Take over from those without a lease."""
        owner = f"{self.prefix}.{owner}"
        call = self.store.adopt(owner, self.carriers, 50, self.now)
        self.compare(self.run(call), self.model.adopt(owner, self.carriers, self.now))

    def compare(self, taken: list[Delivery], expected: list[Row]) -> None:
        """They are the same."""
        assert sorted((d.payload, d.address, d.destination, d.attempts) for d in taken) == sorted(
            (row.out.payload.decode(), row.address, row.out.destination, row.attempts) for row in expected
        )
        self.ids |= {each.payload: each.id for each in taken}

    @rule(
        assignee=st.sampled_from([None, "", "p"]),
        statuses=st.lists(st.sampled_from(CASE_STATUSES)),
        access_open=st.booleans(),
        due_before=st.none() | st.integers(0, 300),
    )
    def list_cases(self, **wanted: Any) -> None:
        """Cases are as the last event of their conversation left them, and in order."""
        found = self.run(self.store.cases(CaseFilter(queues=[self.prefix], **wanted), 10))
        assert [(each.address, each.case) for each in found] == self.model.listed(CaseFilter(**wanted))

    @rule(lease=st.sampled_from(OWNERS), owner=st.sampled_from(OWNERS), ttl=st.integers(0, 300), back=st.booleans())
    def lease(self, lease: str, owner: str, ttl: int, *, back: bool) -> None:
        """Take a lease, or give it back."""
        names = f"{self.prefix}.{lease}", f"{self.prefix}.{owner}"
        if back:
            self.run(self.store.release(*names))
            self.model.release(*names)
        else:
            got = self.run(self.store.acquire(*names, self.now, ttl))
            assert got == self.model.acquire(*names, self.now, ttl)

    @rule(milliseconds=st.integers(-50, 400))
    def wait(self, milliseconds: int) -> None:
        """Time passes; a clock may also be put back."""
        self.now = max(1, self.now + milliseconds)

    @rule()
    def reopen(self) -> None:
        """A restart changes nothing."""
        self.run(self.store.close())
        self.open()

    # --- always ---------------------------------------------------------------------------------------------------

    @invariant()
    def a_lane_has_one_under_way(self) -> None:
        """And that is its first."""
        firsts = self.model.firsts()
        assert all(row in firsts for row in self.model.rows if row.state == "sending")


@pytest.mark.hypothesis
def test_the_store_does_what_the_model_says(database: str) -> None:
    """Exactly once for a key; lanes in order, one of each under way; no bucket over its rate; timers fire once."""
    with asyncio.Runner() as runner:
        machine = type("Machine", (Machine,), {"run": staticmethod(runner.run), "database": database})
        run_state_machine_as_test(
            machine, settings=settings(max_examples=examples(40), stateful_step_count=50, deadline=None)
        )
