"""Cases as rows, lists of them, and the way from a platform's message to its case and back."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bot.store.admin import administered
from bot.store.cases import place
from bot.store.opening import open_store
from bot.store.port import StoreError, Unavailable
from bot.store.postgres import server
from bot.store.rows import ACCESS_GONE, ACTIVE, CASE_STATUSES, URGENCIES, CaseFilter, CaseRow, Poisoned, Settlement
from tests.searching import examples
from tests.store.made import A, B, C, arrival, case, change, commit, exchange, message, rows

if TYPE_CHECKING:
    from bot.store.port import Store
    from bot.store.rows import Listed

STAFF = "console:1:staff:"
ALL = CaseFilter(statuses=())


async def listed(store: Store, wanted: CaseFilter = ALL, limit: int = 100) -> list[str]:
    """The references of the cases in a list."""
    return [each.case.id for each in await store.cases(wanted, limit)]


async def test_a_case_is_written_with_its_event(store: Store) -> None:
    """It comes back as it was given, with its conversation and when it changed; the next event may change all of it."""
    first = case("T-1", title="Ana's \0 shop", due=7, override="\0")
    await commit(store, arrival(A, "1", change(case=first)), arrival(B, "1", change()), now=5)
    (found,) = await store.cases(ALL, 10)
    assert found == (first._replace(title="Ana's \ufffd shop", override="\ufffd"), A, 5)
    last = CaseRow("T-1", "closed", "p", "q", "low", "nl", "in_use", "ended", None, 1, "Bo", "a reason")
    await commit(store, arrival(A, "2", change(case=last)), now=6)
    await commit(store, arrival(A, "3", change()), now=7)
    assert await store.cases(ALL, 10) == [(last, A, 6)]


async def test_a_conversation_has_one_after_the_other(store: Store) -> None:
    """Each keeps its row, and its reference leads to the conversation; one that two have, to where it is newer."""
    assert await store.case("T-1") is None
    await commit(store, arrival(A, "1", change(case=case("T-1", status="closed"))))
    await commit(store, arrival(A, "2", change(case=case("T-2", opened=1))))
    assert (await store.case("T-1"), await store.case("T-2")) == (A, A)
    await commit(store, arrival(B, "1", change(case=case("T-2", opened=2))))
    assert await store.case("T-2") == B
    assert await listed(store) == ["T-1", "T-2", "T-2"]


async def test_an_event_that_is_not_applied_writes_no_case(store: Store) -> None:
    """A duplicate, or a batch with a poisoned event in it, leaves every case as it was."""
    await commit(store, arrival(A, "1", change(case=case("T-1"))))
    await commit(store, arrival(A, "1", change(case=case("T-1", status="solved"))))
    with pytest.raises(Poisoned):
        await commit(store, arrival(B, "1", change(case=case("T-2"))), arrival(C, "1", ValueError()))
    assert [each.case for each in await store.cases(ALL, 10)] == [case("T-1")]


WRONG = [
    case("T-1", status="closed", access="in_use"),
    case("T-1", status="closed", access="expired"),
    case("T-1", status="lost"),
    case("T-1", priority="none"),
]


@pytest.mark.parametrize("wrong", WRONG)
async def test_what_the_database_would_refuse_is_one_events_fault(store: Store, wrong: CaseRow) -> None:
    """A case that cannot be, such as one closed while access may be left, poisons its own event and no other."""
    with pytest.raises(Poisoned) as caught:
        await commit(store, arrival(B, "1", change()), arrival(A, "1", change(case=wrong)))
    assert caught.value.index == 1
    right = wrong._replace(status="closed", priority="low", override="the shop is gone")
    assert await commit(store, arrival(A, "1", change(case=right))) == ["applied"]


@pytest.mark.parametrize("access", ACCESS_GONE)
async def test_a_case_without_access_closes(store: Store, access: str) -> None:
    """No reason is asked for."""
    assert await commit(store, arrival(A, "1", change(case=case("T-1", status="closed", access=access)))) == ["applied"]


@pytest.mark.parametrize(
    "values",
    [
        "status = 'closed', access = 'provided'",
        "status = 'closed', access = ''",
        "status = 'gone'",
        "priority = 'highest'",
        "rank = 4",
        "conversation = 99",
    ],
)
async def test_the_database_itself_keeps_the_rules(store: Store, database: str, values: str) -> None:
    """Whoever writes past the program cannot close a case with open access either."""
    await commit(store, arrival(A, "1", change(case=case("T-1"))))

    async def update() -> None:
        async with administered(database) as connection:
            await connection.execute(text(f"UPDATE cases SET {values}"))

    with pytest.raises(StoreError):
        await update()


async def test_no_note_goes_out(store: Store, database: str) -> None:
    """A message of that kind cannot even be written into the outbox."""
    await commit(store, arrival(A, "1", change()))

    async def write(kind: str) -> None:
        columns = "conversation, carrier, destination, kind, payload, priority, state, created"
        async with administered(database) as connection:
            row = f"SELECT id, 'c', 'd', '{kind}', '', 0, 'queued', 0 FROM conversations"
            await connection.execute(text(f"INSERT INTO outbox ({columns}) {row}"))

    await write("say")
    with pytest.raises(StoreError):
        await write("note")
    assert await rows(database, "SELECT kind FROM outbox") == [("say",)]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (CaseFilter(), "abcd"),
        (ALL, "abcdef"),
        (CaseFilter(assignee="p1"), "bc"),
        (CaseFilter(assignee=""), "ad"),
        (CaseFilter(assignee="p1", statuses=["solved"]), "e"),
        (CaseFilter(statuses=["open", "closed", "open"]), "bf"),
        (CaseFilter(statuses=CASE_STATUSES), "abcdef"),
        (CaseFilter(queues=["tech"]), "ab"),
        (CaseFilter(queues=["tech", "general"], locales=["nl", "de"]), "bcd"),
        (CaseFilter(access_open=True), "cd"),
        (CaseFilter(time_box_running=True), "b"),
        (CaseFilter(due_before=20), "a"),
        (CaseFilter(merchant="console:b"), "b"),
        (CaseFilter(assignee="", queues=["general"], locales=["de"], access_open=True, due_before=31), "d"),
    ],
)
async def test_a_list_shows_what_is_wanted(store: Store, wanted: CaseFilter, found: str) -> None:
    """Each condition, alone and with others; without any, all that somebody has to do something about."""
    cases = [
        case("a", queue="tech", due=10, opened=1),
        case("b", queue="tech", due=20, status="open", assignee="p1", locale="nl", time_box="running", opened=2),
        case("c", status="pending", assignee="p1", locale="nl", access="expired", opened=3),
        case("d", status="on_hold", locale="de", access="requested", due=30, opened=4),
        case("e", status="solved", assignee="p1", access="removed_confirmed", opened=5),
        case("f", status="closed", opened=6),
    ]
    await commit(
        store,
        *(
            arrival(f"console:1:{each.id}:", "1", change(case=each)._replace(merchant=f"console:{each.id}"))
            for each in cases
        ),
    )
    assert sorted(await listed(store, wanted)) == list(found)


async def test_a_list_is_in_order(store: Store) -> None:
    """The most urgent first, whatever their status; of those what is due first, what never is last; then the oldest."""
    cases = [
        case("f", priority="low", due=1, status="open"),
        case("d", opened=1),
        case("c", opened=2, due=30, status="pending"),
        case("e", opened=2),
        case("b", priority="high", status="on_hold"),
        case("a", priority="urgent", opened=9),
    ]
    await commit(store, *(arrival(f"console:1:{each.id}:", "1", change(case=each)) for each in cases))
    assert await listed(store) == list("abcdef")
    assert await listed(store, limit=2) == list("ab")


made = st.fixed_dictionaries(
    {
        "status": st.sampled_from(ACTIVE),
        "priority": st.sampled_from(URGENCIES),
        "due": st.none() | st.integers(0, 3),
        "opened": st.integers(0, 2),
        "assignee": st.sampled_from(["", "p"]),
    }
)


async def page_through(database: str, cases: list[dict[str, Any]], size: int, wanted: CaseFilter) -> None:
    """Make the cases, and read their pages."""
    async with administered(database) as connection:
        for table in ("cases", "events", "conversations"):
            await connection.execute(text(f"DELETE FROM {table}"))
    store = await open_store(database)
    try:
        made = [case(f"T-{n}", **each) for n, each in enumerate(cases)]
        await commit(store, *(arrival(f"console:1:{each.id}:", "1", change(case=each)) for each in made))
        pages: list[Listed] = []
        while page := await store.cases(wanted, size, place(pages[-1].case) if pages else None):
            assert len(page) <= size
            pages += page
        mine = [each for each in made if wanted.assignee in {None, each.assignee}]
        assert [each.case for each in pages] == sorted(mine, key=place)
    finally:
        await store.close()


@pytest.mark.hypothesis
def test_pages_follow_one_another(database: str) -> None:
    """Page after page gives the whole list, each case once, in the order that `place` says."""
    with asyncio.Runner() as runner:

        @settings(max_examples=examples(15))
        @given(st.lists(made, max_size=9), st.integers(1, 4), st.sampled_from([None, "", "p"]))
        def check(cases: list[dict[str, Any]], size: int, assignee: str | None) -> None:
            runner.run(page_through(database, cases, size, CaseFilter(assignee)))

        check()


async def test_a_message_leads_to_its_case(store: Store) -> None:
    """At the staff's place, one that opened it or is a copy of somebody's names its conversation; no other does."""
    opened = message("opened", to=STAFF, ref="case:T-1")
    copy, other = message("copy", to=STAFF, ref="relay:m1"), message("other", to=STAFF, ref="hold:m1")
    echo = message("echo", to=STAFF, ref="echo:slack/1")
    await commit(store, arrival(A, "1", change(opened, other)), arrival(B, "1", change(copy, echo)))
    natives = {"opened": ("s1", "s2"), "copy": ("s3",), "other": ("s4",), "echo": ("s6",)}
    while taken := await exchange(store):
        await exchange(store, *(Settlement(each.id, "sent", natives[each.payload]) for each in taken), limit=0)
    assert [await store.whose(STAFF, f"s{number}") for number in range(1, 6)] == [A, A, B, None, None]
    assert (await store.whose(STAFF, "s6"), await store.whose(A, "s1")) == (B, None)


async def test_a_case_that_is_being_opened(store: Store) -> None:
    """While a message that opens a case is under way at a place, nobody can say that a message there is of none."""
    opened = message("opened", to=STAFF, ref="case:T-1", kind="open_case")
    await commit(store, arrival(A, "1", change(opened, message("told", to=C))))
    seen = [await store.opening(STAFF)]
    taken = await exchange(store)
    seen += [await store.opening(STAFF), await store.opening(C)]
    await exchange(store, *(Settlement(each.id, "sent", ("s1",)) for each in taken))
    assert [*seen, await store.opening(STAFF)] == [False, True, False, False]


async def test_a_place_that_is_opened_anew_is_the_newest_ones(store: Store) -> None:
    """Where the platform gives a message's id again, the case that was opened last is meant."""
    for address in (A, B):
        await commit(store, arrival(address, "1", change(message("opened", to=STAFF, ref="case:T-1"))))
        (opened,) = await exchange(store)
        await exchange(store, Settlement(opened.id, "sent", ("s1",)))
    assert await store.whose(STAFF, "s1") == B


async def test_copies_are_found_from_both_ends(store: Store) -> None:
    """What a message was copied to, in order, and of which message a copy is; only within its conversation."""
    copies = [
        message("1", ref="reply:9"),
        message("2", ref="reply:9"),
        message("3"),
        message("4", STAFF, ref="relay:m"),
    ]
    await commit(store, arrival(A, "1", change(*copies)), arrival(B, "1", change()))
    natives = {"1": ("m2", "m1"), "2": ("m3",), "3": ("m4",), "4": ("s1",)}
    while taken := await exchange(store):
        await exchange(store, *(Settlement(each.id, "sent", natives[each.payload]) for each in taken), limit=0)
    assert await store.copies(A, "reply:9") == [(A, "m1"), (A, "m2"), (A, "m3")]
    assert await store.copies(A, "relay:m") == [(STAFF, "s1")]
    assert await store.texts(A, A, "reply:9") == [("m1", "1"), ("m2", "1"), ("m3", "2")]
    assert await store.texts(A, STAFF, "reply:9") == await store.texts(B, A, "reply:9") == []
    assert (await store.copies(A, "reply:8"), await store.copies(B, "reply:9"), await store.copies(C, "x")) == (
        [],
        [],
        [],
    )
    assert await store.source(A, A, "m1") == await store.source(A, A, "m3") == "reply:9"
    assert await store.source(A, STAFF, "s1") == "relay:m"
    missing = [(A, A, "m4"), (A, STAFF, "m1"), (B, A, "m1"), (C, A, "m1"), (A, A, "m9")]
    assert [await store.source(*each) for each in missing] == [None] * 5


async def test_a_store_that_was_let_go_of_is_away(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever still asks it, as the service ends, is told so as of any database that is away."""
    monkeypatch.setattr(server, "PATIENCE_S", 0.1)
    other = await open_store(store.url)
    await other.close()
    with pytest.raises(Unavailable):
        await other.case("T-1")
