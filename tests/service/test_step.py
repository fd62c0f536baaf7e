"""The step: from an arrival to a change, pure but for a clock and seeds that it is given."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from bot.chat.events import Command, Message
from bot.chat.people import SLACK, Person, User
from bot.conversation import decode, encode, replay
from bot.engine.session import Record
from bot.service import step as module
from bot.service.outgoing import Routes
from bot.service.step import Received, Recent, Stepper, Unlearned
from bot.store.rows import Arrival, Change, Stored
from tests.engine.talk import CALLING, library
from tests.service.world import START, Clock

OTHER = CALLING.replace("id: name", "id: called").replace("id: end", "id: last")
A = "slack:T1:C1:"


def stepper(flow: str = CALLING) -> Stepper:
    """A step with seeds that are numbers."""
    seeds = iter(range(10**6))
    routes = Routes({"slack": "slack"}, {"slack": lambda effect: (effect,)})
    return Stepper(library(flow), "test", routes, {"slack": SLACK}, Clock(), lambda: str(next(seeds)))


def case_of(change: Change) -> str:
    """The id of the case in a change's document."""
    case = decode(change.document).case
    assert case is not None
    return case.id


def arrival(text: str, locale: str = "") -> Arrival:
    """A message."""
    return Arrival(A, f"k {text}", Received(Message(f"k {text}", text), User("u1", "Ana"), locale))


def stored(change: Change) -> Stored:
    """A conversation as that change leaves it."""
    return Stored(1, 1, change.document)


def test_the_first_event_begins_a_conversation() -> None:
    """It has the merchant, the channel's abilities and the nearest language; its log begins with all that it takes."""
    change = stepper()(arrival("/start", "es-MX"), None)
    assert change is not None
    session = decode(change.document).session
    assert (session.user, session.channel, session.locale) == (User("u1", "Ana"), SLACK, "es")
    assert session.started == datetime.fromtimestamp(START / 1000, UTC)
    log = msgspec.json.decode(change.log, type=list[Record])
    assert [each.kind for each in log[:2]] == ["conversation_started", "event_received"]
    assert encode(replay(library(CALLING), log)) == change.document


def test_a_change_says_all_that_the_store_has_to_know() -> None:
    """Status, control and epoch beside the document, messages for the channel, and timers by their names."""
    step = stepper()
    begun = step(arrival("/start"), None)
    assert begun is not None
    assert (begun.status, begun.control, begun.epoch, len(begun.timers)) == ("active", "bot", 0, 2)
    assert [(each.carrier, each.destination, each.epoch) for each in begun.outgoing] == [("slack", A, 0)]
    change = begun
    for said in ("Ana", "yes"):
        change = step(arrival(said), stored(change)) or change
    assert ("open_case", f"case:{case_of(change)}") in {(each.kind, each.ref) for each in change.outgoing}
    noor = Person("slack:T1:noor", "Noor")
    claimed = step(Arrival(A, "c", Received(Command("c", noor, "claim"), User("s"))), stored(change))
    assert claimed is not None
    assert (claimed.control, claimed.epoch) == ("staff", 1)
    # what is for staff is fenced by nothing, and finds the thread of its case
    assert {(each.kind, each.epoch, each.edits) for each in claimed.outgoing} == {
        ("notice", None, f"case:{case_of(claimed)}"),
        ("card", None, f"case:{case_of(claimed)}"),
        ("say", 1, ""),
    }


def test_what_changes_nothing_is_no_change() -> None:
    """An event that the engine has seen leaves no rows behind."""
    step = stepper()
    begun = step(arrival("/start"), None)
    assert begun is not None
    assert step(arrival("/start"), stored(begun)) is None


def test_what_is_remembered_only_saves_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A step comes to the same whether its conversation was just left here or is read; few are remembered, and once."""
    monkeypatch.setattr(module, "RECENT", 1)
    recent, left = Recent(), list[Change]()
    grounds = stepper().grounds
    for said in ("/start", "Ana", "yes", "and more"):
        given = arrival(said), left[-1].document if left else None, module.moment(Clock()())
        change = module.step(grounds, *given, iter("ab").__next__, recent)
        assert change == module.step(grounds, *given, iter("ab").__next__, Recent())
        assert change is not None
        left.append(change)
    first, last = left[0].document, left[-1].document
    assert recent.read(A, last) is not recent.read(A, last)
    recent.leave(A, first, decode(first))
    assert recent.read(A, last) == decode(last)  # somebody else has changed it meanwhile
    kept = decode(last)
    recent.leave(A, last, decode(last))
    recent.leave("slack:T1:other", last, kept)
    assert (recent.read("slack:T1:other", last) is kept, recent.read(A, last) is kept) == (True, False)


def test_a_payload_that_is_none_is_poison() -> None:
    """What no inbound made is refused by its type."""
    with pytest.raises(TypeError, match="a payload is Received, not dict"):
        stepper()(Arrival(A, "k", {}), None)


def test_an_unknown_version_is_learned_first_where_somebody_can_be_asked() -> None:
    """It is named, unless it is known that nobody has it, or nobody can be asked."""
    begun = stepper()(arrival("/start"), None)
    assert begun is not None
    step = stepper(OTHER)
    assert step(arrival("Bea"), stored(begun)) is not None
    step.grounds = step.grounds._replace(lost=frozenset())
    with pytest.raises(Unlearned) as unknown:
        step(arrival("Bea"), stored(begun))
    ((flow, structure),) = unknown.value.versions
    assert (flow, library(CALLING).pinned(flow, structure) is not None) == ("test", True)
    step.grounds = step.grounds._replace(lost=unknown.value.versions)
    assert step(arrival("Bea"), stored(begun)) is not None
