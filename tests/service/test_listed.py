"""The row of a case, as the document of its conversation has it."""

from __future__ import annotations

from bot.chat.events import Command
from bot.chat.people import Person, User
from bot.conversation import decode
from bot.service.listed import row
from bot.service.step import Received
from bot.store.rows import Arrival, CaseRow, Change
from tests.service.test_step import A, arrival, stepper, stored
from tests.service.world import START

EVE = Person("slack:T1:eve", "Eve")


def do(change: Change, name: str, **arguments: str) -> Change:
    """What a command of staff makes of a conversation."""
    event = Command(f"k {name}", EVE, name, arguments)
    after = stepper()(Arrival(A, event.key, Received(event, User(""))), stored(change))
    assert after is not None
    return after


def test_a_case_is_listed_from_its_first_moment() -> None:
    """Before there is one nothing is listed; when there is, all of it."""
    first = stepper()(arrival("/start"), None)
    assert first is not None
    assert (first.case, row(decode(first.document))) == (None, None)
    called = stepper()(arrival("/human"), stored(first))
    assert called is not None
    case = decode(called.document).case
    assert case is not None
    assert called.case == CaseRow(case.id, "new", "", case.queue, "normal", "en", "none", "none", None, START, "Ana")


def test_only_what_has_changed_is_written() -> None:
    """A claim changes the row; words of the merchant, which wait for staff all the same, do not."""
    first = stepper()(arrival("/start"), None)
    assert first is not None
    called = stepper()(arrival("/human"), stored(first))
    assert called is not None
    claimed = do(called, "claim")
    assert claimed.case is not None
    assert (claimed.case.assignee, claimed.case.status) == (EVE.id, "open")
    more = stepper()(arrival("more"), stored(claimed))
    assert more is not None
    assert more.case is None
