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
| copies | staff are told otherwise how a reply ended than the outbox and the platform have it, or it left not once |
| note | what staff wrote for themselves is anywhere but at their place |
| fence | the bot said something at a merchant's that it computed before a person's turn which was there already |
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

from bot.chat.effects import REPLIED, relayed
from bot.chat.places import TYPED
from bot.store.cases import read
from bot.store.rows import CARD, CaseRow
from tests.crash.channel import FINDS, HARMLESS_TWICE
from tests.crash.platform import refuses
from tests.crash.rehearsal import ASIDE, POISON, STAFF, Line, line
from tests.crash.walks import records, walk

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from tests.crash.rehearsal import Talk
    from tests.crash.snapshot import Row, Snapshot
    from tests.crash.truth import Shown, Truth

REPORT: Final = "delivered:"
"""How the key of an event begins that tells how a reply ended."""
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
        *_receipts(case),
        *_apart(case),
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
        self.links = {(row["outbox"], row["native"]) for row in stored.links}
        self.marks = {said["origin"]: said["state"] for said in _payloads(truth.shown, "mark")}
        self.eras: dict[int, int] = {}
        """By message the epoch in which it was said, once the logs have been looked at."""
        self.causes: dict[int, str] = {}
        """By message the key of the event that it follows from, once the logs have been looked at."""
        self.rows: dict[int, Row] = {row["id"]: row for row in stored.outbox}
        self.events: dict[int, list[Row]] = _grouped(stored.events)
        logged = [row for row in stored.events if row["records"] is not None]
        self.log: dict[int, list[Row]] = _grouped(sorted(logged, key=lambda row: int(row["rev"])))
        self.parked = {(row["address"], row["key"]) for row in stored.parked}
        self.shown: dict[int, list[Shown]] = defaultdict(list)
        for each in truth.shown:
            self.shown[each.outbox].append(each)


def _payloads(shown: Iterable[Shown], kind: str) -> list[dict[str, Any]]:
    return [msgspec.json.decode(each.payload) for each in shown if each.kind == kind]


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
        for record in records([each["records"] for each in case.log.get(id_, ())]):
            if record.kind == "event_received":
                received[address, record.data["event"]["key"]] += 1
    for each in case.truth.posted:
        if each.key.startswith(POISON):
            continue
        where = f"{each.address} {each.key}"
        conversation = case.conversations.get(each.address)
        key = f"staff:{each.key}" if each.thread else each.key
        known = conversation is not None and (conversation["id"], key) in case.keys
        if each.results and not (known and received[each.address, each.key]):
            yield Broken("lost event", where)
        # whose commit was cut off cannot tell its own earlier attempt from another process's
        if Counter(each.results)["applied"] > 1 and not case.truth.unheard:
            yield Broken("doubled event", f"{where} was acknowledged as new twice")
    yield from (Broken("doubled event", f"{a} {key}: {n} times") for (a, key), n in received.items() if n > 1)
    sent = {(each.address, each.key) for each in case.truth.posted}
    for address, key in received:
        if (address, key) not in sent and not key.startswith(("due:", REPORT)):
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
        try:
            walked = walk(address, tuple(each["records"] for each in case.log.get(id_, ())))
        except (LookupError, msgspec.ValidationError) as failure:
            yield Broken("replay", f"{address}: {failure}")
            continue
        if walked.document != row["document"]:
            yield Broken("replay", address)
        if walked.listed != case.cases.get((id_, walked.listed.id if walked.listed is not None else "")):
            yield Broken("case", address)
        wanted = [(each.destination, each.kind, each.payload.decode(), each.epoch) for each, *_ in walked.said]
        for stored, (_, cause, era) in zip(case.outbox.get(id_, ()), walked.said, strict=False):
            case.causes[stored["id"]], case.eras[stored["id"]] = cause, era
        if walked.listed is not None:
            yield from _copies(case, id_, walked.copies)
        have = [
            (each["destination"], each["kind"], each["payload"], each["epoch"]) for each in case.outbox.get(id_, ())
        ]
        if wanted != have:
            kinds = [[each[1] for each in side] for side in (wanted, have)]
            yield Broken("lost message", f"{address}: its log says {kinds[0]}, its outbox holds {kinds[1]}")
        waiting = {each["name"]: each["due"] for each in case.timers.get(id_, ())}
        if waiting != walked.timers:
            yield Broken("timer", f"{address}: its log leaves {walked.timers}, {waiting} wait")
        fired = Counter(key for key in walked.events if key.startswith("due:"))
        yield from (Broken("timer", f"{address}: {key} fired {n} times") for key, n in fired.items() if n > 1)


def _keys(case: _Case, row: Row) -> Iterator[Broken]:
    """Revisions are counted without a gap, each with the records of one event."""
    logged = [each["rev"] for each in case.log.get(row["id"], ())]
    if logged != list(range(1, row["rev"] + 1)):
        yield Broken("keys", f"{row['address']} is at revision {row['rev']}, its log holds {logged}")
    if any(each["rev"] > row["rev"] for each in case.events.get(row["id"], ())):
        yield Broken("keys", f"{row['address']} has a key of a revision to come")


# --- messages ---------------------------------------------------------------------------------------------------------


def _messages(case: _Case) -> Iterator[Broken]:
    for row in case.stored.outbox:
        shown = case.shown.get(row["id"], [])
        name = f"{row['id']} ({row['kind']} to {row['destination']})"
        yield from _ended(case, row, shown, name)
        for before, after in pairwise(shown):
            if not _may_repeat(case, before, after, row):
                yield Broken("doubled message", f"{name} by {before.process} and {after.process}")
    for each in case.truth.shown:
        known = case.rows.get(each.outbox, {})
        if [known.get(name) for name in ("destination", "kind", "payload")] != [each.place, each.kind, each.payload]:
            yield Broken("untrue", f"{each.outbox} was taken, and is not in the outbox as it was")
    lanes: dict[tuple[int, str], list[int]] = defaultdict(list)
    for each in case.truth.shown:
        if case.rows.get(each.outbox, {}).get("kind", CARD) != CARD:  # these go behind all else
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
    if state == "sent" and row["kind"] != "edit" and shown and (row["id"], shown[-1].native) not in case.links:
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
    died = before.process in case.truth.killed and after.process != before.process
    unknown = not before.answered or died or before.process in case.truth.unheard
    return unknown and row["carrier"] != FINDS and row["kind"] in HARMLESS_TWICE


# --- what people saw --------------------------------------------------------------------------------------------------


def _transcripts(case: _Case, talks: Sequence[Talk]) -> Iterator[Broken]:
    """Each merchant saw what was rehearsed, but for what is marked as refused, uncertain or suppressed.

    What time brings after their last act is not rehearsed.
    """
    for talk in talks:
        row = case.conversations.get(talk.address)
        rows = case.outbox.get(row["id"], [])[:] if row is not None else []
        while rows and case.causes.get(rows[-1]["id"], "").startswith(("due:", REPORT)):
            rows.pop()
        ids = _ids(rows)
        rows = [each for each in rows if _is_timely(case, each)]
        failed = {each["ref"] for each in rows if each["kind"] == "relay" and each["state"] in {"refused", "uncertain"}}
        for place in dict.fromkeys(each.place for each in talk.lines):
            wanted = [each for each in talk.lines if each.place == place and not _changes(each, failed)]
            seen = _seen(case, [each for each in rows if each["destination"] == place], *ids)
            have = [each for each in seen if not _changes(each, failed)]
            if wanted != have:
                at = next((n for n, (a, b) in enumerate(zip(wanted, have, strict=False)) if a != b), None)
                where = f"message {at}" if at is not None else f"{len(have)} messages instead of {len(wanted)}"
                yield Broken("transcript", f"{talk.address} in {place}: {where}")


def _changes(line: Line, failed: Collection[str]) -> bool:
    """Whether it changes one of those that failed: once that is reported there is nothing that could be changed."""
    return line.kind == "rewrite" and msgspec.json.decode(line.text)["ref"] in failed


def _is_timely(case: _Case, row: Row) -> bool:
    """Whether it is seen in the order in which it was rehearsed."""
    apart = (REPORT, "due:desk:") if row["destination"] == STAFF else REPORT
    return row["kind"] != CARD and not case.causes.get(row["id"], "").startswith(apart)


def _seen(case: _Case, rows: Sequence[Row], session: str, number: str) -> Iterator[Line]:
    """What stands in a place, a repeated message once; and what is marked as not there, where it would stand."""
    for row in rows:
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


# --- staff -----------------------------------------------------------------------------------------------------------


def _copies(case: _Case, id_: int, copies: Mapping[str, str]) -> Iterator[Broken]:
    """Each reply left once; its writer is shown what became of it, which is what the outbox says."""
    rows = [row for row in case.outbox.get(id_, ()) if row["kind"] == "relay" and row["destination"] != STAFF]
    ended = {str(row["ref"]).removeprefix(REPLIED): row["state"] for row in rows}
    if len(ended) != len(rows) or ended != copies:
        yield Broken(
            "copies", f"{case.addresses[id_]}: {ended} of {len(rows)} replies, and the case has {dict(copies)}"
        )
    for origin, state in ended.items():
        if not origin.startswith(TYPED) and case.marks.get(origin) != state:
            yield Broken("copies", f"{case.addresses[id_]}: {origin} is {state}, and marked {case.marks.get(origin)}")


def _receipts(case: _Case) -> Iterator[Broken]:
    """Merchants are only told that staff have what staff have."""
    there = {(row["conversation"], row["ref"]) for row in case.stored.outbox if row["state"] in {"sent", "uncertain"}}
    for row in case.stored.outbox:
        if row["kind"] == "mark" and row["destination"] != STAFF:
            ref = relayed(msgspec.json.decode(row["payload"])["origin"])
            if (row["conversation"], ref) not in there:
                yield Broken("untrue", f"staff have not what {row['id']} at {row['destination']} marks as theirs")


def _apart(case: _Case) -> Iterator[Broken]:
    """No note is at a merchant's, and nothing of the bot's that is older than a person's turn."""
    latest: dict[tuple[int, str], int] = {}
    for each in case.truth.shown:
        row = case.rows.get(each.outbox)
        if row is None or each.place == STAFF:
            continue
        if ASIDE in each.payload:
            yield Broken("note", f"{each.outbox} at {each.place}")
        lane, era = (row["conversation"], each.place), case.eras.get(each.outbox, 0)
        if row["epoch"] is not None and era < latest.get(lane, 0):
            yield Broken("fence", f"{each.outbox} at {each.place} is of {era}, after one of {latest[lane]}")
        latest[lane] = max(era, latest.get(lane, 0))


# --- the audit trail --------------------------------------------------------------------------------------------------


def _audit(case: _Case) -> Iterator[Broken]:
    """Nobody did anything that would be in it."""
    yield from (Broken("audit", f"row {row['id']}: {row['action']}") for row in case.stored.audit)
