"""What goes out: lanes in order, once, as fast as the rates allow, taken over from the dead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.store.rows import CARD, LOST, NAMES, Backlog, Queue, Settlement
from tests.store.made import (
    CARRIERS,
    OWNER,
    A,
    B,
    Bucket,
    C,
    arrival,
    change,
    commit,
    exchange,
    message,
    rows,
    texts,
)

if TYPE_CHECKING:
    from bot.store.port import Store
    from bot.store.rows import Outgoing


async def test_a_delivery_says_all_that_is_needed(store: Store) -> None:
    """What was committed comes out as it went in, with its conversation and the number of the attempt."""
    await commit(store, arrival(A, "1", change(message("hello", to=B), message("reply", ref="reply:1"))))
    delivery, reply = await exchange(store)
    stored = await store.conversation(A)
    assert stored is not None
    assert delivery[1:] == (stored.id, A, "console", B, "say", "hello", 1, (), "")
    assert (reply.payload, reply.ref) == ("reply", "reply:1")
    assert [each.ref for each in await store.adopt(OWNER, CARRIERS, 10, 0)] == ["", "reply:1"]


async def test_one_of_a_lane_at_a_time(store: Store) -> None:
    """The next of a lane is taken up when the one before it is settled; other lanes do not wait."""
    lane = change(message("a1"), message("a2"), message("b1", to=B), message("a3"))
    await commit(store, arrival(A, "1", lane), arrival(B, "1", change(message("c1"))))
    first = {each.payload: each.id for each in await exchange(store)}
    assert sorted(first) == ["a1", "b1", "c1"]
    assert await exchange(store) == []
    assert await texts(store, Settlement(first["a1"], "sent")) == ["a2"]
    assert await texts(store, Settlement(first["b1"], "refused", reason="no")) == []


async def test_what_came_first_leaves_first(store: Store) -> None:
    """Also where conversations begin in one batch, whatever their names, and beside one that is there already."""
    await commit(store, arrival(B, "1", change(message("0", to=B))))
    await texts(store, *(Settlement(each.id, "sent") for each in await exchange(store)))
    batch = [arrival(each, "2", change(message(str(n), to=each))) for n, each in enumerate((C, B, A), 1)]
    await commit(store, *batch)
    assert [await texts(store, limit=1) for _ in batch] == [["1"], ["2"], ["3"]]


async def test_a_call_beside_the_messages_takes_its_token(store: Store) -> None:
    """Whatever is no message of the outbox and counts like one: taken once, from the tokens that messages wait for."""
    ration = Bucket(2, 0.001)
    await commit(store, arrival(A, "1", change(message("a"))), arrival(B, "1", change(message("b"))))
    assert await store.spend(A, ration, 0)
    (first,) = await exchange(store, ration=ration)
    assert first.payload == "a"
    assert not await store.spend(A, ration, 0)
    assert await exchange(store, Settlement(first.id, "sent"), ration=ration) == []
    assert await store.spend(A, ration, 1_000_000)


async def test_every_end_frees_the_lane(store: Store, database: str) -> None:
    """Sent, refused and uncertain are ends: the next of the lane leaves, and what became of it is written down."""
    await commit(store, arrival(A, "1", change(*map(message, "1234"))))
    ends = {"1": ("sent", ""), "2": ("refused", "blocked"), "3": ("uncertain", "lost")}
    (delivery,) = await exchange(store)
    for state, reason in ends.values():
        (delivery,) = await exchange(store, Settlement(delivery.id, state, reason=reason), now=5)  # type: ignore[arg-type]
    assert delivery.payload == "4"
    query = "SELECT payload, state, coalesce(reason, ''), done, owner FROM outbox WHERE done IS NOT NULL ORDER BY id"
    assert await rows(database, query) == [(text, *end, 5, None) for text, end in ends.items()]


async def test_put_off_holds_its_whole_lane(store: Store) -> None:
    """What is queued again is not taken up before its time, nor what is behind it, and counts its attempts."""
    await commit(
        store, arrival(A, "1", change(message("1"), message("2"))), arrival(B, "1", change(message("b", to=B)))
    )
    first, other = await exchange(store)
    again = Settlement(first.id, "queued", not_before=100)
    assert await exchange(store, again, now=50) == []
    assert await store.next_delivery(CARRIERS) == 100
    (second,) = await exchange(store, Settlement(other.id, "sent"), now=100)
    assert (second.payload, second.attempts) == ("1", 2)
    assert await texts(store, Settlement(first.id, "sent"), now=100) == ["2"]


async def test_a_new_message_waits_behind_one_that_is_put_off(store: Store) -> None:
    """What is committed into a lane whose first is put off does not overtake it."""
    await commit(store, arrival(A, "1", change(message("1"))))
    (first,) = await exchange(store)
    await exchange(store, Settlement(first.id, "queued", not_before=100))
    await commit(store, arrival(A, "2", change(message("2"))))
    assert await exchange(store, now=99) == []
    assert await store.next_delivery(CARRIERS) == 100
    assert await texts(store, now=100) == ["1"]


async def test_the_backlog(store: Store) -> None:
    """Messages are counted by carrier and state, with the lanes that they stand in; what is done is not counted."""
    assert await store.backlog() == Backlog(0, [])
    lane = change(message("a1"), message("a2"), message("b1", to=B), message("h1", carrier="hooks"))
    await commit(store, arrival(A, "1", lane), arrival(B, "1", change(message("c1"))))
    (first, *_) = await exchange(store, limit=1)
    assert await store.backlog() == Backlog(0, [Queue("console", 3, 1, 3), Queue("hooks", 1, 0, 1)])
    await store.park(arrival(C, "1"), "", "", 0)
    await exchange(store, Settlement(first.id, "sent"), limit=0)
    assert await store.backlog() == Backlog(1, [Queue("console", 3, 0, 3), Queue("hooks", 1, 0, 1)])


async def test_next_delivery_is_the_earliest_first(store: Store) -> None:
    """None while nothing is queued or all lanes are busy, 0 for what may leave at once."""
    assert await store.next_delivery(CARRIERS) is None
    await commit(store, arrival(A, "1", change(message("1"), message("2"))))
    assert await store.next_delivery(CARRIERS) == 0
    assert await store.next_delivery(["hooks"]) is None
    await exchange(store)
    assert await store.next_delivery(CARRIERS) is None


async def test_only_the_named_carriers(store: Store) -> None:
    """A deliverer gets what its carriers can take; the others' waits."""
    both = change(message("c"), message("h", to="hooks:x", carrier="hooks"))
    await commit(store, arrival(A, "1", both))
    assert await texts(store, carriers=["hooks"]) == ["h"]
    assert await texts(store, carriers=["console"]) == ["c"]


async def test_the_limit_holds_and_nobody_starves(store: Store) -> None:
    """At most `limit` are taken up: the urgent first, then each carrier in its turn, however long a queue is."""
    await commit(
        store,
        *(arrival(f"console:1:{n}:", "1", change(message(f"c{n}", carrier="console"))) for n in range(5)),
        arrival(B, "1", change(message("hook", carrier="hooks"))),
        arrival(C, "1", change(message("later", priority=2), message("x", to=B, priority=0))),
    )
    assert await texts(store, limit=3) == ["x", "c0", "hook"]
    assert await exchange(store, limit=0) == []
    assert await texts(store) == ["c1", "c2", "c3", "c4", "later"]


async def test_what_is_urgent_goes_first_beyond_its_carriers_share(store: Store) -> None:
    """Where one carrier has all that is urgent it gets all the room, and what is left of that goes round as well."""
    urgent = (change(message(f"u{n}", priority=0)) for n in range(3))
    await commit(
        store,
        arrival(B, "1", change(message("hook", carrier="hooks"))),
        *(arrival(f"console:1:{n}:", "1", made) for n, made in enumerate(urgent)),
        *(arrival(f"console:2:{n}:", "1", change(message(f"c{n}"))) for n in range(3)),
    )
    assert await texts(store, limit=2) == ["u0", "u1"]
    assert await texts(store, limit=4) == ["u2", "c0", "hook", "c1"]


async def test_what_is_outdated_is_suppressed(store: Store, database: str) -> None:
    """A message of an earlier epoch is not sent any more, and says so; one without an epoch is."""
    await commit(store, arrival(A, "1", change(message("old", epoch=0), message("always", to=B))))
    await commit(store, arrival(A, "2", change(message("new", epoch=1), epoch=1)))
    assert await texts(store, now=9) == ["always"]
    assert await texts(store) == ["new"]
    query = "SELECT payload, state, reason, done FROM outbox WHERE state = 'suppressed'"
    assert await rows(database, query) == [("old", "suppressed", "epoch", 9)]


async def test_what_may_have_been_sent_is_uncertain_not_suppressed(store: Store, database: str) -> None:
    """Nobody can say of an outdated message that it was held back, if the answer to sending it was lost once."""
    await commit(store, arrival(A, "1", change(message("old", epoch=0))))
    for reason in (LOST, "slow down"):
        (delivery,) = await exchange(store)
        await exchange(store, Settlement(delivery.id, "queued", reason=reason), limit=0)
    await commit(store, arrival(A, "2", change(message("new", epoch=1), epoch=1)))
    assert await texts(store) == []
    assert await rows(database, "SELECT state, reason FROM outbox WHERE payload = 'old'") == [("uncertain", LOST)]


def card(text: str, to: str = A) -> Outgoing:
    """A message that shows how a case stands."""
    return message(text, to=to, kind=CARD, priority=2)


async def test_only_the_newest_card_is_sent(store: Store, database: str) -> None:
    """Of cards that wait in one lane the last is sent, behind all else; the others say that there was a newer one.

    Those of another place, or of another conversation, are not touched.
    """
    lane = [card("1"), card("2"), message("between"), card("3"), message("after"), card("b", to=B)]
    await commit(store, arrival(A, "1", change(*lane)), arrival(C, "1", change(card("other"))))
    taken = await exchange(store)
    assert sorted(each.payload for each in taken) == ["b", "between", "other"]
    (after,) = await exchange(store, *(Settlement(each.id, "sent") for each in taken))
    assert after.payload == "after"
    assert await texts(store, Settlement(after.id, "sent"), now=9) == []
    assert await texts(store) == ["3"]
    query = "SELECT payload, state, reason, done FROM outbox WHERE state = 'suppressed' ORDER BY id"
    assert await rows(database, query) == [("1", "suppressed", "newer", 9), ("2", "suppressed", "newer", 9)]


async def test_a_card_holds_nothing_up(store: Store) -> None:
    """Not while it waits, nor while it is put off, nor where there is one token: what people read goes before it."""
    await commit(store, arrival(A, "1", change(card("1"))))
    (first,) = await exchange(store)
    await commit(store, arrival(A, "2", change(message("words"), message("more"))))
    assert await texts(store) == []  # one of a lane at a time
    ration = Bucket(1, 0.001)
    (words,) = await exchange(store, Settlement(first.id, "queued", not_before=1_000), now=5, ration=ration)
    assert words.payload == "words"
    assert await texts(store, Settlement(words.id, "sent"), now=5) == ["more"]
    await commit(store, arrival(A, "3", change(message("later"))))
    assert await texts(store, now=2_000) == []
    (more,) = await store.adopt("other", CARRIERS, 10, 10**9)
    assert await texts(store, Settlement(more.id, "sent"), now=2_000, owner="other") == ["later"]
    (later,) = await store.adopt(OWNER, CARRIERS, 10, 10**9)
    assert await texts(store, Settlement(later.id, "sent"), now=2_000) == ["1"]


async def test_a_card_under_way_is_finished(store: Store) -> None:
    """A newer card waits for the one that is being sent; one that was put off gives way to it."""
    await commit(store, arrival(A, "1", change(card("1"))))
    (first,) = await exchange(store)
    await commit(store, arrival(A, "2", change(card("2"))))
    assert await exchange(store) == []
    assert await texts(store, Settlement(first.id, "queued", not_before=5)) == []
    assert await texts(store, now=5) == []
    assert await texts(store, now=5) == ["2"]


async def test_a_card_that_may_have_been_sent_is_uncertain(store: Store, database: str) -> None:
    """Nobody can say of an older card that it was held back, if the answer to sending it was lost once."""
    await commit(store, arrival(A, "1", change(card("1"))))
    (first,) = await exchange(store)
    await exchange(store, Settlement(first.id, "queued", reason=LOST), limit=0)
    await commit(store, arrival(A, "2", change(card("2"), card("3"))))
    assert await texts(store) == []
    assert await texts(store) == ["3"]
    query = "SELECT payload, state, reason FROM outbox WHERE done IS NOT NULL ORDER BY id"
    assert await rows(database, query) == [("1", "uncertain", LOST), ("2", "suppressed", "newer")]


async def test_an_edit_names_its_target(store: Store) -> None:
    """A message that edits another one of its lane is told the platform's ids of it."""
    ask = message("ask", ref="r1")
    await commit(store, arrival(A, "1", change(ask, message("elsewhere", to=B, ref="r1"), message("edit", edits="r1"))))
    first, other = await exchange(store)
    settled = [Settlement(first.id, "sent", ("m2", "m1")), Settlement(other.id, "sent", ("x",))]
    (edit,) = await exchange(store, *settled)
    assert edit.target == ("m1", "m2")


async def test_a_target_is_replaced(store: Store) -> None:
    """What is queued again with ids has those for its target, and so have all later ones; others keep their own."""
    opened = (message("card", ref="case:1"), message("other", ref="case:2"))
    edits = (message("edit", edits="case:1"), message("next", edits="case:1"), message("other", edits="case:2"))
    await commit(store, arrival(A, "1", change(*opened, *edits)))
    for natives in (("t1", "m1"), ("m2",)):
        (sent,) = await exchange(store)
        await exchange(store, Settlement(sent.id, "sent", natives), limit=0)
    (edit,) = await exchange(store)
    (again,) = await exchange(store, Settlement(edit.id, "queued", ("t3", "m4"), not_before=1), now=1)
    assert (again.payload, again.target) == ("edit", ("m4", "t3"))
    (following,) = await exchange(store, Settlement(again.id, "sent", ("m5",)), now=1)
    assert following.target == ("m4", "t3")
    assert (await store.whose(A, "t1"), await store.whose(A, "t3")) == (None, A)
    (other,) = await exchange(store, Settlement(following.id, "sent"), now=1)
    assert other.target == ("m2",)


async def test_each_file_of_an_album_is_found_by_its_own_name(store: Store) -> None:
    """By the names behind its own, in their order; the last one is that of all that is left, and "" is none."""
    album = message("album", ref=NAMES.join(["relay:5", "relay:4", "relay:5", ""]))
    later = (message("one", edits="relay:4"), message("two", edits="relay:5"))
    await commit(store, arrival(A, "1", change(album, *later)))
    (sent,) = await exchange(store)
    assert (sent.name, sent.files) == ("relay:5", ("relay:4", "relay:5", ""))
    (one,) = await exchange(store, Settlement(sent.id, "sent", ("m4", "m5", "m6", "m7"), refs=sent.files))
    assert one.target == ("m4",)
    (two,) = await exchange(store, Settlement(one.id, "sent"))
    assert two.target == ("m5",)
    found = [await store.source(A, A, native) for native in ("m4", "m5", "m6", "m7")]
    assert found == ["relay:4", "relay:5", None, None]
    assert [await store.asked(A, ref) for ref in ("relay:4", "relay:5", "relay:6")] == ["album", "album", None]


async def test_only_its_owner_settles_a_delivery(store: Store) -> None:
    """A settlement by somebody else, or a second one, changes nothing."""
    await commit(store, arrival(A, "1", change(message("1"), message("2"))))
    (first,) = await exchange(store)
    assert await exchange(store, Settlement(first.id, "sent"), owner="other") == []
    assert await texts(store, Settlement(first.id, "sent")) == ["2"]
    assert await exchange(store, Settlement(first.id, "queued", not_before=0)) == []


async def test_the_dead_are_taken_over_from(store: Store) -> None:
    """What is under way with an owner without a lease is adopted once, as it is; the living keep theirs."""
    await commit(store, arrival(A, "1", change(message("a"))), arrival(B, "1", change(message("b", to=B))))
    await store.acquire("dead", "dead", 0, 100)
    await store.acquire("alive", "alive", 0, 1000)
    (lost,) = await exchange(store, owner="dead", limit=1)
    (kept,) = await exchange(store, owner="alive")
    assert await store.adopt("alive", CARRIERS, 10, 99) == []
    assert await store.adopt("alive", ["hooks"], 10, 100) == []
    assert await store.adopt("alive", CARRIERS, 10, 100) == [lost]
    assert await store.adopt("third", CARRIERS, 10, 100) == []
    assert await exchange(store, Settlement(lost.id, "sent"), owner="dead") == []
    await exchange(store, Settlement(lost.id, "sent"), Settlement(kept.id, "sent"), owner="alive")
    assert await store.adopt("third", CARRIERS, 10, 10_000) == []


async def test_a_bucket_limits_all_lanes_together(store: Store) -> None:
    """No more leave than the bucket has tokens, and the others when it has them again."""
    for n, address in enumerate((A, B, C)):
        await commit(store, arrival(address, "1", change(message(str(n), to=address))))
    slow = Bucket(burst=2, per_second=1)
    assert await texts(store, now=1000, ration=slow) == ["0", "1"]
    assert await exchange(store, now=1500, ration=slow) == []
    due = await store.next_delivery(CARRIERS)
    assert due is not None
    assert due > 1500
    assert await exchange(store, now=due - 1, ration=slow) == []
    assert await texts(store, now=due, ration=slow) == ["2"]


async def test_a_settlement_can_shut_a_bucket(store: Store) -> None:
    """Where a platform says when it takes messages again, nothing of that bucket leaves before."""
    for n, address in enumerate((A, B)):
        await commit(store, arrival(address, "1", change(message(str(n), to=address))))
    fast = Bucket(burst=100, per_second=100)
    (first,) = await exchange(store, ration=fast, limit=1)
    shut = Settlement(first.id, "queued", not_before=500, bucket="all")
    assert await exchange(store, shut, ration=fast, now=0) == []
    assert await exchange(store, ration=fast, now=499) == []
    assert sorted(await texts(store, ration=fast, now=600)) == ["0", "1"]


async def test_what_was_sent_is_found(store: Store) -> None:
    """The last messages to a conversation's own place, oldest first, each once; none that was not sent or elsewhere."""
    here = [message("1"), message("2"), message("3"), message("4"), message("elsewhere", to=B)]
    await commit(store, arrival(A, "1", change(*here)))
    first, other = await exchange(store)
    (second,) = await exchange(store, Settlement(first.id, "sent", ("m1", "m2")), Settlement(other.id, "sent", ("x",)))
    (third,) = await exchange(store, Settlement(second.id, "sent", ("m3",)))
    await exchange(store, Settlement(third.id, "refused", reason="no"))
    assert await store.sent(A, 10) == ["1", "2"]
    assert await store.sent(A, 1) == ["2"]
    assert await store.sent(B, 10) == []


async def test_what_was_asked_is_found(store: Store) -> None:
    """The newest message of a name, whether it was sent or waits to be; none of another name or conversation."""
    first, second = (message(each, ref="q") for each in "12")
    await commit(store, arrival(A, "1", change(first, message("other", ref="r"), second)))
    await commit(store, arrival(B, "1", change(message("b", ref="s", to=B))))
    assert await store.asked(A, "q") == "2"
    taken = await exchange(store)
    while taken:
        taken = await exchange(store, *(Settlement(each.id, "sent", (str(each.id),)) for each in taken))
    assert [await store.asked(A, "q"), await store.asked(A, "r"), await store.asked(B, "s")] == ["2", "other", "b"]
    assert [await store.asked(A, "s"), await store.asked(C, "q")] == [None, None]


async def test_what_is_being_sent_is_found(store: Store) -> None:
    """Somebody may press its button before it is written down that the message was sent; one refused is gone."""
    await commit(store, arrival(A, "1", change(message("1", ref="q"))))
    (taken,) = await exchange(store)
    assert await store.asked(A, "q") == "1"
    await exchange(store, Settlement(taken.id, "refused", reason="no"))
    assert await store.asked(A, "q") is None
