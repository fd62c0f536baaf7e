"""A judge that cannot fail is worthless: each kind of broken promise is planted, and found."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import pytest

from tests.crash.judge import judge
from tests.crash.rehearsal import ASIDE, POISON, STAFF, Talk

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.crash.run import Outcome
    from tests.crash.snapshot import Row, Snapshot
    from tests.crash.truth import Shown, Truth

pytestmark = pytest.mark.usefixtures("anyio_backend")  # the run is an asynchronous fixture


class Evidence(NamedTuple):
    """What the judge looks at, to be tampered with."""

    truth: Truth
    stored: Snapshot
    talks: list[Talk]

    def rules(self) -> set[str]:
        """The rules that the judge finds broken."""
        return {each.rule for each in judge(self.truth, self.stored, self.talks)}

    def row(self, **wanted: Any) -> Row:
        """A message of the outbox, the last one that is so."""
        return next(
            row for row in reversed(self.stored.outbox) if all(row[name] == value for name, value in wanted.items())
        )

    def shown(self, row: Row) -> Shown:
        """The message as the platform has it."""
        return next(each for each in self.truth.shown if each.outbox == row["id"])

    def key(self) -> Row:
        """The key of an event that a merchant brought."""
        return next(row for row in self.stored.events if row["records"] is not None and row["rev"] == 3)


@pytest.fixture(scope="module")
def left(on_sqlite: Outcome) -> bytes:
    """What a run left, to be had as often as it is tampered with: many times sooner than by `copy.deepcopy`."""
    return pickle.dumps(Evidence(on_sqlite.truth, on_sqlite.stored, on_sqlite.talks))


@pytest.fixture
def evidence(left: bytes) -> Evidence:
    """What a run left, in which nothing is wrong."""
    found: Evidence = pickle.loads(left)  # noqa: S301  (written right here)
    return found


def _forget_key(case: Evidence) -> None:
    case.stored.events.remove(case.key())


def _forget_log(case: Evidence) -> None:
    case.key()["records"] = None


def _apply_twice(case: Evidence) -> None:
    case.stored.events.append({**case.key(), "key": "again"})


def _acknowledge_twice(case: Evidence) -> None:
    next(each for each in case.truth.posted if each.results[:1] == ["applied"]).results.append("applied")


def _forget_message(case: Evidence) -> None:
    case.stored.outbox.remove(case.row(kind="ask"))


def _invent_message(case: Evidence) -> None:
    case.stored.outbox.append({**case.row(kind="ask"), "id": 10**9})


def _send_nothing(case: Evidence) -> None:
    case.truth.shown.remove(case.shown(case.row(kind="say", state="sent", attempts=1)))


def _send_uncommitted(case: Evidence) -> None:
    case.shown(case.row(kind="ask", state="sent", attempts=1)).outbox = 10**9


def _send_other_words(case: Evidence) -> None:
    case.shown(case.row(kind="ask", state="sent", attempts=1)).payload = "{}"


def _send_twice(case: Evidence) -> None:
    _again(case, case.row(kind="ask", state="sent", carrier="telegram"), answered=True)


def _send_twice_before_it_was_killed(case: Evidence) -> None:
    row = case.row(kind="ask", state="sent", carrier="telegram")
    case.truth.killed.add("alive")
    _again(case, row, answered=True)


def _send_twice_after_a_lost_answer(case: Evidence) -> None:
    _again(case, case.row(kind="say", state="sent", carrier="telegram"), answered=False)


def _send_twice_what_can_be_found(case: Evidence) -> None:
    _again(case, case.row(kind="ask", state="sent", carrier="slack"), answered=False)


def _again(case: Evidence, row: Row, *, answered: bool) -> None:
    """Let the platform take a message again, right after it did so."""
    shown = case.shown(row)
    shown.answered, shown.process = answered, "alive"
    case.truth.shown.insert(case.truth.shown.index(shown), shown)


def _swap(case: Evidence) -> None:
    place = case.row(kind="ask", state="sent")["destination"]
    first, second = [n for n, each in enumerate(case.truth.shown) if each.place == place and each.kind != "card"][-2:]
    shown = case.truth.shown
    shown[first], shown[second] = shown[second], shown[first]


def _never_finish(case: Evidence) -> None:
    case.row(kind="ask")["state"] = "sending"


def _doubt_what_can_be_found(case: Evidence) -> None:
    case.row(kind="say", state="sent", carrier="slack")["state"] = "uncertain"


def _doubt_what_can_be_repeated(case: Evidence) -> None:
    case.row(kind="ask", state="sent", carrier="telegram", epoch=0)["state"] = "uncertain"
    for row in case.stored.conversations:
        row["epoch"] = 0


def _refuse_alone(case: Evidence) -> None:
    case.row(kind="ask", state="sent")["state"] = "refused"


def _suppress_for_nothing(case: Evidence) -> None:
    row = case.row(kind="open_case", state="sent")
    case.truth.shown[:] = [each for each in case.truth.shown if each.outbox != row["id"]]
    row["state"] = "suppressed"


def _suppress_what_is_there(case: Evidence) -> None:
    case.row(kind="ask", state="sent")["state"] = "suppressed"


def _suppress_the_newest_card(case: Evidence) -> None:
    row = case.row(kind="card")
    case.truth.shown[:] = [each for each in case.truth.shown if each.outbox != row["id"]]
    row.update(state="suppressed", reason="newer")


def _reply(case: Evidence) -> Row:
    """A reply of staff, as a merchant has it."""
    return next(
        row
        for row in case.stored.outbox
        if row["kind"] == "relay" and row["destination"] != STAFF and row["state"] == "sent"
    )


def _tell_otherwise(case: Evidence) -> None:
    _reply(case).update(state="refused")


def _mark_otherwise(case: Evidence) -> None:
    mark = next(
        each
        for each in reversed(case.truth.shown)
        if each.place == STAFF and each.kind == "mark" and '"state":"sent"' in each.payload
    )
    mark.payload = mark.payload.replace('"sent"', '"uncertain"')


def _reply_twice(case: Evidence) -> None:
    case.stored.outbox.append({**_reply(case), "id": 10**9})


def _show_a_note(case: Evidence) -> None:
    case.shown(case.row(kind="ask", state="sent", attempts=1)).payload = f'"{ASIDE}"'


def _talk_over_a_person(case: Evidence) -> None:
    shown = next(each for each in case.truth.shown if each.outbox == _reply(case)["id"])
    earlier = next(each for each in case.truth.shown if each.place == shown.place)
    case.truth.shown.remove(earlier)
    case.truth.shown.insert(case.truth.shown.index(shown) + 1, earlier)


def _list_wrongly(case: Evidence) -> None:
    case.stored.cases[0]["status"] = "solved"


def _list_nothing(case: Evidence) -> None:
    case.stored.cases.pop()


def _link_wrongly(case: Evidence) -> None:
    row = case.row(kind="ask", state="sent")
    next(each for each in case.stored.links if each["outbox"] == row["id"])["native"] = "m-1"


def _change_document(case: Evidence) -> None:
    case.stored.conversations[0]["document"] += " "


def _garble_log(case: Evidence) -> None:
    case.key()["records"] = "[]"


def _skip_revision(case: Evidence) -> None:
    case.stored.conversations[0]["rev"] += 1


def _know_the_future(case: Evidence) -> None:
    case.stored.events.append({**case.key(), "key": "later", "rev": 10**6, "records": None})


def _invent_event(case: Evidence) -> None:
    key = case.key()["key"]
    case.truth.posted[:] = [each for each in case.truth.posted if each.key != key]


def _leave_timer(case: Evidence) -> None:
    conversation = case.stored.conversations[0]
    case.stored.timers.append({"conversation": conversation["id"], "name": "x.expiry", "shard": 0, "due": 1})


def _fire_twice(case: Evidence) -> None:
    key = next(row for row in case.stored.events if row["key"].startswith("due:"))
    key["records"] = msgspec.json.encode(msgspec.json.decode(key["records"]) * 2).decode()


def _park(case: Evidence) -> None:
    case.stored.parked.append({**case.stored.parked[0], "key": "1.1"})


def _drop_poison(case: Evidence) -> None:
    case.stored.parked.clear()
    assert any(each.key.startswith(POISON) for each in case.truth.posted)


def _act_unseen(case: Evidence) -> None:
    case.stored.audit.append({"id": 1, "action": "drop"})


def _leave_waiting(case: Evidence) -> None:
    case.truth.stuck.append("somebody")


def _show_something_else(case: Evidence) -> None:
    talk = case.talks[0]
    other = talk.lines[3]._replace(text=talk.lines[3].text + " ")
    case.talks[0] = talk._replace(lines=(*talk.lines[:3], other, *talk.lines[4:]))


def _show_less(case: Evidence) -> None:
    talk = case.talks[0]
    case.talks[0] = talk._replace(lines=(*talk.lines, talk.lines[-1]))


@pytest.mark.parametrize(
    ("tamper", "rule"),
    [
        (_forget_key, "lost event"),
        (_forget_log, "lost event"),
        (_apply_twice, "doubled event"),
        (_acknowledge_twice, "doubled event"),
        (_forget_message, "lost message"),
        (_invent_message, "lost message"),
        (_send_nothing, "untrue"),
        (_send_uncommitted, "untrue"),
        (_send_other_words, "untrue"),
        (_send_twice, "doubled message"),
        (_send_twice_before_it_was_killed, "doubled message"),
        (_send_twice_after_a_lost_answer, "doubled message"),
        (_send_twice_what_can_be_found, "doubled message"),
        (_swap, "order"),
        (_never_finish, "unfinished"),
        (_doubt_what_can_be_found, "lost message"),
        (_doubt_what_can_be_repeated, "lost message"),
        (_refuse_alone, "untrue"),
        (_suppress_for_nothing, "lost message"),
        (_suppress_the_newest_card, "lost message"),
        (_tell_otherwise, "copies"),
        (_mark_otherwise, "copies"),
        (_reply_twice, "copies"),
        (_show_a_note, "note"),
        (_talk_over_a_person, "fence"),
        (_list_wrongly, "case"),
        (_list_nothing, "case"),
        (_suppress_what_is_there, "untrue"),
        (_link_wrongly, "untrue"),
        (_change_document, "replay"),
        (_garble_log, "replay"),
        (_skip_revision, "keys"),
        (_know_the_future, "keys"),
        (_invent_event, "keys"),
        (_leave_timer, "timer"),
        (_fire_twice, "timer"),
        (_park, "parked"),
        (_drop_poison, "parked"),
        (_act_unseen, "audit"),
        (_leave_waiting, "stuck"),
        (_show_something_else, "transcript"),
        (_show_less, "transcript"),
    ],
)
def test_a_broken_promise_is_found(evidence: Evidence, tamper: Callable[[Evidence], None], rule: str) -> None:
    """What is wrong is found, under the promise that it breaks."""
    tamper(evidence)
    assert rule in evidence.rules()


def test_the_evidence_is_clean_before(evidence: Evidence) -> None:
    """Whatever the other tests find was planted by them."""
    assert evidence.rules() == set()
