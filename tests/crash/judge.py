"""The judge: what people saw, what the platform was told and what is stored, held against each other.

Whatever it finds is a broken promise. `Broken.rule` names the promise:

| rule | broken if |
| --- | --- |
| lost event | an event was acknowledged, and the store knows neither it nor what came of it |
| doubled event | an event was applied more than once |
| keys | keys, log and revisions of a conversation do not fit together |
| replay | the log of a conversation does not lead to its document, byte for byte |
| case | the row of a case, by which lists find it, is not what the document of its conversation says |
| lost message | what the log says goes out is not in the outbox, or was sent by nobody's account |
| doubled message | a message was taken twice where no answer was lost and no process killed in between |
| order | messages of a conversation to one place were taken in another order than they were said |
| unfinished | a message did not end as sent, refused, uncertain or suppressed |
| untrue | a message ended otherwise than the platform says |
| transcript | what a merchant saw is not what a crash-free conversation shows |
| timer | a timer fired twice, is forgotten, or outlived its conversation's need of it |
| parked | an event is parked that could be applied, or not parked that could not |
| audit | the seals of the audit trail do not follow from one another |
| stuck | somebody waited in vain |
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from bot.chat.events import AnyEvent
from bot.conversation import STARTED, Opening, begin, encode, reduce, replay
from bot.engine.ids import Ids
from bot.engine.session import Record
from bot.service import listed
from bot.service.outgoing import outgoing, timers
from bot.store.cases import read
from bot.store.rows import CARD, CaseRow
from tests.crash.channel import FINDS, HARMLESS_TWICE
from tests.crash.platform import refuses
from tests.crash.rehearsal import POISON, ROUTES, STAFF, Line, library, line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tests.crash.rehearsal import Talk
    from tests.crash.snapshot import Row, Snapshot
    from tests.crash.truth import Shown, Truth

_ENDS: Final = frozenset({"sent", "refused", "uncertain", "suppressed"})


class Broken(NamedTuple):
    """A promise that was not kept, and where."""

    rule: str
    what: str


def judge(truth: Truth, stored: Snapshot, talks: Sequence[Talk]) -> list[Broken]:
    """Every broken promise of a run that is over. `talks` are those that were begun."""
    case = _Case(truth, stored)
    return [
        *(Broken("stuck", each) for each in truth.stuck),
        *_events(case),
        *_conversations(case),
        *_messages(case),
        *_transcripts(case, talks),
        *_parked(case),
        *_audit(case),
    ]


class _Case:
    """Truth and store, arranged for looking things up."""

    def __init__(self, truth: Truth, stored: Snapshot) -> None:
        self.truth = truth
        self.stored = stored
        self.conversations: dict[str, Row] = {row["address"]: row for row in stored.conversations}
        self.addresses: dict[int, str] = {row["id"]: row["address"] for row in stored.conversations}
        self.keys = {(row["conversation"], row["key"]) for row in stored.events}
        self.outbox: dict[int, list[Row]] = _grouped(sorted(stored.outbox, key=lambda row: int(row["id"])))
        self.timers: dict[int, list[Row]] = _grouped(stored.timers)
        self.cases = {
            (row["conversation"], row["id"]): read([row[name] for name in CaseRow._fields]) for row in stored.cases
        }
        self.rows: dict[int, Row] = {row["id"]: row for row in stored.outbox}
        self.events: dict[int, list[Row]] = _grouped(stored.events)
        self.log: dict[int, list[Row]] = _grouped(sorted(stored.log, key=lambda row: int(row["id"])))
        self.parked = {(row["address"], row["key"]) for row in stored.parked}
        self.shown: dict[int, list[Shown]] = defaultdict(list)
        for each in truth.shown:
            self.shown[each.outbox].append(each)

    def records(self, conversation: int) -> list[Record]:
        """The whole log of a conversation."""
        found: list[Record] = []
        for row in self.log.get(conversation, ()):
            found += msgspec.json.decode(row["records"], type=list[Record])
        return found


def _grouped(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["conversation"]].append(row)
    return found


# --- events -----------------------------------------------------------------------------------------------------------


def _events(case: _Case) -> Iterator[Broken]:
    """Each acknowledged event has its effect, once."""
    received: Counter[tuple[str, str]] = Counter()
    for id_, address in case.addresses.items():
        for record in case.records(id_):
            if record.kind == "event_received":
                received[address, record.data["event"]["key"]] += 1
    for each in case.truth.posted:
        if each.key.startswith(POISON):
            continue
        where = f"{each.address} {each.key}"
        conversation = case.conversations.get(each.address)
        known = conversation is not None and (conversation["id"], each.key) in case.keys
        if each.results and not (known and received[each.address, each.key]):
            yield Broken("lost event", where)
        # whose commit was cut off cannot tell its own earlier attempt from another worker's
        if Counter(each.results)["applied"] > 1 and not case.truth.unheard:
            yield Broken("doubled event", f"{where} was acknowledged as new twice")
    yield from (Broken("doubled event", f"{a} {key}: {n} times") for (a, key), n in received.items() if n > 1)
    sent = {(each.address, each.key) for each in case.truth.posted}
    for address, key in received:
        if (address, key) not in sent and not key.startswith(("due:", "delivered:")):
            yield Broken("keys", f"{address} {key} was never sent")


def _parked(case: _Case) -> Iterator[Broken]:
    """What cannot be applied is parked, and nothing else is."""
    bad = {(each.address, each.key) for each in case.truth.posted if each.key.startswith(POISON) and each.results}
    yield from (Broken("parked", f"{address} {key}") for address, key in sorted(case.parked - bad))
    yield from (Broken("parked", f"{address} {key} is not") for address, key in sorted(bad - case.parked))


# --- conversations ----------------------------------------------------------------------------------------------------


def _conversations(case: _Case) -> Iterator[Broken]:
    for id_, address in case.addresses.items():
        row = case.conversations[address]
        yield from _keys(case, row)
        records = case.records(id_)
        try:
            conversation = replay(library(), records)
        except (LookupError, msgspec.ValidationError) as failure:
            yield Broken("replay", f"{address}: {failure}")
            continue
        if encode(conversation).decode() != row["document"]:
            yield Broken("replay", address)
        wanted_case = listed.row(conversation)
        if wanted_case != case.cases.get((id_, wanted_case.id if wanted_case is not None else "")):
            yield Broken("case", address)
        said, set_ = _consequences(records, address)
        wanted = [(each.destination, each.kind, each.payload, each.epoch) for each in said]
        have = [
            (each["destination"], each["kind"], each["payload"], each["epoch"]) for each in case.outbox.get(id_, ())
        ]
        if wanted != have:
            kinds = [[each[1] for each in side] for side in (wanted, have)]
            yield Broken("lost message", f"{address}: its log says {kinds[0]}, its outbox holds {kinds[1]}")
        waiting = {each["name"]: each["due"] for each in case.timers.get(id_, ())}
        if waiting != set_:
            yield Broken("timer", f"{address}: its log leaves {set_}, {waiting} wait")
        yield from _fired(records, address)


def _keys(case: _Case, row: Row) -> Iterator[Broken]:
    """Revisions are counted without a gap, each with the row of the log that its event leads to, in order."""
    led = sorted((each["rev"], each["log"]) for each in case.events.get(row["id"], ()) if each["log"] is not None)
    logged = [each["id"] for each in case.log.get(row["id"], ())]
    if led != list(zip(range(1, row["rev"] + 1), logged, strict=False)) or len(logged) != row["rev"]:
        yield Broken("keys", f"{row['address']} is at revision {row['rev']}: {led} lead to {logged}")
    if any(each["rev"] > row["rev"] for each in case.events.get(row["id"], ())):
        yield Broken("keys", f"{row['address']} has a key of a revision to come")


def _consequences(records: Sequence[Record], address: str) -> tuple[list[Any], dict[str, int]]:
    """What goes out by the log, computed anew, and the timers it leaves."""
    conversation = None
    said: list[Any] = []
    waiting: dict[str, int] = {}
    for record in records:
        data = msgspec.to_builtins(record.data)
        if record.kind == STARTED:
            conversation = begin(msgspec.convert(data["opening"], Opening), record.at, Ids(data["ids"])).conversation
        elif record.kind == "event_received" and conversation is not None:
            event: Any = msgspec.convert(data["event"], AnyEvent)
            if event.key.startswith("due:"):
                waiting.pop(event.timer, None)
            outcome = reduce(library(), conversation, event, record.at, Ids(data["ids"]))
            conversation = outcome.conversation
            said += outgoing(outcome.effects, address, conversation.epoch, ROUTES)
            for name, due in timers(outcome.effects).items():
                if due is None:
                    waiting.pop(name, None)
                else:
                    waiting[name] = due
    return said, waiting


def _fired(records: Sequence[Record], address: str) -> Iterator[Broken]:
    keys = [
        record.data["event"]["key"]
        for record in records
        if record.kind == "event_received" and record.data["event"]["key"].startswith("due:")
    ]
    yield from (Broken("timer", f"{address}: {key} fired {n} times") for key, n in Counter(keys).items() if n > 1)


# --- messages ---------------------------------------------------------------------------------------------------------


def _messages(case: _Case) -> Iterator[Broken]:
    for row in case.stored.outbox:
        shown = case.shown.get(row["id"], [])
        name = f"{row['id']} ({row['kind']} to {row['destination']})"
        yield from _ended(case, row, shown, name)
        for before, after in pairwise(shown):
            if not _may_repeat(case, before, after, row):
                yield Broken("doubled message", f"{name} by {before.worker} and {after.worker}")
    for each in case.truth.shown:
        known = case.rows.get(each.outbox, {})
        if [known.get(name) for name in ("destination", "kind", "payload")] != [each.place, each.kind, each.payload]:
            yield Broken("untrue", f"{each.outbox} was taken, and is not in the outbox as it was")
    lanes: dict[tuple[int, str], list[int]] = defaultdict(list)
    for each in case.truth.shown:
        if each.outbox in case.rows:
            lanes[case.rows[each.outbox]["conversation"], each.place].append(each.outbox)
    for (id_, place), taken in lanes.items():
        if taken != sorted(taken):
            yield Broken("order", f"{case.addresses[id_]} to {place}: {taken}")


def _ended(case: _Case, row: Row, shown: Sequence[Shown], name: str) -> Iterator[Broken]:
    state = row["state"]
    if state not in _ENDS:
        yield Broken("unfinished", f"{name} is {state}")
    elif state == "sent" and not shown:
        yield Broken("untrue", f"{name} was sent, and nobody has it")
    elif state == "suppressed" and shown:
        yield Broken("untrue", f"{name} was held back, and is there")
    elif state == "suppressed" and not _overtaken(case, row):
        yield Broken("lost message", f"{name} was held back for no reason")
    elif state == "refused" and (shown or not refuses(row["destination"], row["kind"])):
        yield Broken("untrue", f"{name} was refused, says nobody else")
    elif state == "uncertain" and (
        row["carrier"] == FINDS or (row["kind"] in HARMLESS_TWICE and not _overtaken(case, row))
    ):
        yield Broken("lost message", f"{name} is uncertain, and need not be")
    if state == "sent":
        links = {each["native"] for each in case.stored.links if each["outbox"] == row["id"]}
        if row["kind"] != "edit" and shown and shown[-1].native not in links:
            yield Broken("untrue", f"{name} is not linked to {shown[-1].native}")


def _overtaken(case: _Case, row: Row) -> bool:
    """Control was passed meanwhile, or a newer card of the same lane shows what this one would have shown."""
    if row["reason"] == "newer":
        lane = [each for each in case.outbox[row["conversation"]] if each["destination"] == row["destination"]]
        return row["kind"] == CARD and any(each["kind"] == CARD and each["id"] > row["id"] for each in lane)
    conversation = case.conversations[case.addresses[row["conversation"]]]
    return row["epoch"] is not None and int(row["epoch"]) < int(conversation["epoch"])


def _may_repeat(case: _Case, before: Shown, after: Shown, row: Row) -> bool:
    """Nobody can know of it that it was taken before: its answer was lost, or who heard it, and it cannot be found."""
    died = before.worker in case.truth.killed and after.worker != before.worker
    unknown = not before.answered or died or before.worker in case.truth.unheard
    return unknown and row["carrier"] != FINDS and row["kind"] in HARMLESS_TWICE


# --- what people saw --------------------------------------------------------------------------------------------------


def _transcripts(case: _Case, talks: Sequence[Talk]) -> Iterator[Broken]:
    """Each merchant saw what was rehearsed, but for what is marked as refused, uncertain or suppressed."""
    for talk in talks:
        row = case.conversations.get(talk.address)
        rows = case.outbox.get(row["id"], []) if row is not None else []
        ids = _ids(rows)
        there = {each["ref"] for each in rows if each["kind"] == "relay" and each["state"] in {"sent", "uncertain"}}
        for each in filter(_is_receipt, rows):
            if f"relay:{msgspec.json.decode(each['payload'])['origin']}" not in there:
                yield Broken("untrue", f"{talk.address}: staff have not what message {each['id']} marks as theirs")
        for place in dict.fromkeys(each.place for each in talk.lines):
            wanted = [each for each in talk.lines if each.place == place]
            have = list(_seen(case, [each for each in rows if each["destination"] == place], *ids))
            if wanted != have:
                at = next((n for n, (a, b) in enumerate(zip(wanted, have, strict=False)) if a != b), None)
                where = f"message {at}" if at is not None else f"{len(have)} messages instead of {len(wanted)}"
                yield Broken("transcript", f"{talk.address} in {place}: {where}")


def _is_receipt(row: Row) -> bool:
    """Whether it shows merchants that staff have what they wrote."""
    return bool(row["kind"] == "mark" and row["destination"] != STAFF)


def _seen(case: _Case, rows: Sequence[Row], session: str, number: str) -> Iterator[Line]:
    """What stands in a place, a repeated message once; and what is marked as not there, where it would stand."""
    for row in rows:
        if _is_receipt(row):
            continue  # it comes as soon as the staff have the words, whatever is said meanwhile
        shown = case.shown.get(row["id"], [])
        if shown:
            yield line(shown[0].place, shown[0].kind, shown[0].payload, session, number)
        elif row["state"] in {"refused", "uncertain", "suppressed"}:
            yield line(row["destination"], row["kind"], row["payload"], session, number)


def _ids(rows: Iterable[Row]) -> tuple[str, str]:
    """The ids of the session and the case, as they stand in what went out."""
    session = number = ""
    for row in rows:
        payload: Mapping[str, Any] = msgspec.json.decode(row["payload"])
        if row["kind"] == "ask" and not session:
            session = str(payload["ref"]).partition(".")[0]
        if row["kind"] == "open_case":
            number = str(payload["case"])
    return session, number


# --- the audit trail --------------------------------------------------------------------------------------------------


def _audit(case: _Case) -> Iterator[Broken]:
    """Nobody did anything that would be in it."""
    yield from (Broken("audit", f"row {row['id']}: {row['action']}") for row in case.stored.audit)
