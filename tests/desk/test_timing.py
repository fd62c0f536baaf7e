"""The clocks of a case follow what happens to it, through the whole core: opened, answered, waited for, late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.effects import Notice, Schedule, Unschedule
from bot.chat.events import Command, Due, Message, Written
from bot.chat.people import CONSOLE, Person, User
from bot.conversation import Opening, begin, decode, encode, reduce, replay
from bot.desk import timing
from bot.desk.calendars import Calendar, Hours
from bot.desk.office import PLAIN, Escalation, Office, Terms
from bot.desk.targets import Targets
from bot.desk.work import token
from bot.engine.ids import Ids
from bot.engine.session import Record
from bot.text.plain import plain
from tests.desk.talk import FLOW
from tests.engine.talk import library

if TYPE_CHECKING:
    from bot.chat.events import AnyEvent
    from bot.conversation import Outcome
    from bot.desk.case import Case

STEPS = ("claim", "reply", "write", "note", "hold", "solve", "reopen", "priority", "close", "wait")
HOUR = timedelta(hours=1)
MONDAY = datetime(2026, 5, 4, 7, tzinfo=UTC)  # nine o'clock in Amsterdam
DAYTIME = Calendar(Hours("Europe/Amsterdam", (((9 * 60, 17 * 60),),) * 5 + ((), ())))
NOOR, LEE = Person("slack:T1:noor", "Noor"), Person("lee", "Lee", ("lead",))
TERMS = Terms(
    "Integration Team",
    "day",
    {"normal": Targets(2 * HOUR, 4 * HOUR, 16 * HOUR), "urgent": Targets(HOUR, HOUR, 4 * HOUR)},
    (Escalation(50, "queue"), Escalation(75, "assignee"), Escalation(100, "lead"), Escalation(150, "specialist")),
)
OFFICE = Office(people={"slack:T1:lee": LEE}, calendars={"day": DAYTIME}, queues={"integrations": TERMS})


class Desk:
    """A conversation that was handed over, and what goes on about it."""

    def __init__(self, office: Office = OFFICE, now: datetime = MONDAY) -> None:
        """A person is called."""
        self.office, self.now, self.count = office, now, 0
        begun = begin(Opening("test", User("u1", "Ana"), CONSOLE, "en"), now, Ids("begin"))
        self.conversation = begun.conversation
        self.log = list(begun.log)
        self.due: datetime | None = None
        self.told: list[str] = []
        for said in ("/start", "Ana"):
            self.send(Message(f"m{said}", said))

    def send(self, event: AnyEvent) -> Outcome:
        """Apply an event."""
        self.count += 1
        ids = Ids(f"seed{self.count}")
        outcome = reduce(library(FLOW), decode(encode(self.conversation)), event, self.now, ids, self.office)
        self.conversation = outcome.conversation
        self.log += outcome.log
        for effect in outcome.effects:
            if isinstance(effect, Schedule) and effect.timer == token(timing.CLOCK):
                self.due = effect.due
            elif isinstance(effect, Unschedule) and effect.timer == token(timing.CLOCK):
                self.due = None
            elif isinstance(effect, Notice):
                self.told.append(plain(effect.document))
        return outcome

    def command(self, name: str, **arguments: str) -> None:
        """Noor gives a command."""
        self.send(Command(f"c{self.count}", NOOR, name, arguments))

    def wait(self, length: timedelta) -> list[str]:
        """Let time go by, and timers fire; what staff are told."""
        end, before = self.now + length, len(self.told)
        while self.due is not None and self.due <= end:
            self.now, self.due = self.due, None
            self.send(Due(f"d{self.count}", token(timing.CLOCK)))
        self.now = end
        return self.told[before:]

    @property
    def case(self) -> Case:
        """The case there is."""
        assert self.conversation.case is not None
        return self.conversation.case


def test_without_an_office_no_clock_runs() -> None:
    """A deployment without settings promises nothing and sets no timer."""
    desk = Desk(PLAIN)
    desk.command("claim")
    desk.command("reply", text="Hello")
    assert (desk.case.clocks, desk.due, timing.due(desk.case)) == ({}, None, None)


def test_used_up_time_is_told_to_whom_it_concerns() -> None:
    """The queue at half of it, the assignee's queue while there is none, leads at the end, each once."""
    desk = Desk()
    assert desk.wait(2 * HOUR) == [
        "Integration Team: 50 %\u00a0of the time for the first answer is used up.",
        "Integration Team: 75 %\u00a0of the time for the first answer is used up.",
        "Lee: the time for the first answer is over.",
    ]
    assert desk.case.clocks["first_response"].breached == MONDAY + 2 * HOUR
    assert desk.wait(HOUR) == ["Integration Team: 150 %\u00a0of the time for the first answer is used up."]


def test_an_answer_in_time_ends_the_first_clock() -> None:
    """After an answer the merchant is waited for: the solution's clock stands still and nothing is due."""
    desk = Desk()
    desk.wait(HOUR / 2)
    desk.command("claim")
    desk.command("reply", text="Which version is it?")
    assert desk.case.status == "pending"
    assert (desk.due, timing.due(desk.case)) == (None, None)
    assert desk.case.clocks["first_response"].met == desk.now
    assert desk.case.clocks["resolution"].left == 15 * HOUR + HOUR / 2


def test_a_message_of_the_merchant_awaits_an_answer() -> None:
    """The next answer is due in the hours of the queue, and the solution's clock goes on."""
    desk = Desk()
    desk.command("claim")
    desk.command("reply", text="Which version is it?")
    desk.wait(timedelta(days=4, hours=9))  # Friday, six in the evening
    desk.send(Message("m1", "2.4"))
    assert desk.case.clocks["next_response"].due == MONDAY + timedelta(days=7) + 4 * HOUR
    assert desk.case.clocks["resolution"].running
    assert timing.due(desk.case) == MONDAY + timedelta(days=7) + 4 * HOUR
    assert desk.wait(timedelta(days=3)) == [
        "Integration Team: 50 %\u00a0of the time for the next answer is used up.",
        "Noor: 75 %\u00a0of the time for the next answer is used up.",
        "Lee: the time for the next answer is over.",
        "Integration Team: 150 %\u00a0of the time for the next answer is used up.",
        "Integration Team: 50 %\u00a0of the time for the solution is used up.",
    ]


def test_another_priority_has_other_targets() -> None:
    """What was used up stays used up."""
    desk = Desk()
    desk.wait(HOUR / 2)
    desk.command("priority", to="urgent")
    assert desk.case.clocks["first_response"].due == MONDAY + HOUR
    desk.command("assign", to="sales")
    assert desk.case.clocks["first_response"].due == MONDAY + HOUR  # promised, although that queue promises nothing


def test_a_solved_case_has_no_clock_that_runs() -> None:
    """Solving ends all; the merchant's word brings the solution's clock back."""
    desk = Desk()
    desk.command("claim")
    desk.command("solve")
    assert (desk.due, timing.due(desk.case)) == (None, None)
    desk.wait(timedelta(days=1))
    desk.send(Message("m1", "It is back"))
    assert desk.case.clocks["resolution"].due == MONDAY + timedelta(days=2, hours=8)
    assert desk.case.clocks["next_response"].running


def test_a_timer_that_comes_late_or_twice_tells_once() -> None:
    """The service was down for a day: each clock tells its last mark, and another firing tells nothing."""
    desk = Desk()
    desk.now += timedelta(days=1)
    fired = Due("late", token(timing.CLOCK), late=True)
    desk.send(fired)
    told = list(desk.told)
    assert told == [
        "Integration Team: 150 %\u00a0of the time for the first answer is used up.",
        "Integration Team: 50 %\u00a0of the time for the solution is used up.",
    ]
    desk.send(msgspec.structs.replace(fired, key="again"))
    assert desk.told == told


def test_the_bot_calls_a_person_again() -> None:
    """Given back to the bot and called again: the clocks go on."""
    desk = Desk()
    desk.command("claim")
    desk.command("bot", at="name")
    assert timing.due(desk.case) == MONDAY + 2 * HOUR  # the first answer is still owed
    desk.send(Message("m1", "Ana Maria"))
    assert desk.case.clocks["resolution"].running
    assert desk.due is not None


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["claim", "reply", "write", "note", "hold", "solve", "reopen", "priority", "close", "wait"]
            ),
            st.timedeltas(timedelta(), timedelta(days=2)),
        ),
        max_size=15,
    )
)
def test_the_timer_is_always_set_for_the_next_mark(steps: list[tuple[str, timedelta]]) -> None:
    """After anything: the timer that is set is the one the case needs, and a replay of the log gives the same case."""
    desk = Desk()
    for step, length in steps:
        desk.wait(length)
        match step:
            case "write":
                desk.send(Message(f"m{desk.count}", "Hello?"))
            case "note":
                desk.send(Written(f"w{desk.count}", LEE, f"o{desk.count}", "Look at this"))
            case "reply":
                desk.command("reply", text="Hello")
            case "priority":
                desk.command("priority", to="urgent")
            case "wait":
                pass
            case _:
                desk.command(step)
        assert desk.due == timing.wakes(desk.case, desk.office)
        running = any(clock.running for clock in desk.case.clocks.values())
        assert running or desk.case.status not in {"new", "open"}
    assert encode(replay(library(FLOW), stored(desk.log), OFFICE)) == encode(desk.conversation)


def stored(log: list[Record]) -> list[Record]:
    """Records as a store gives them back."""
    found: Any = msgspec.json.decode(msgspec.json.encode(log), type=list[Record])
    return list(found)


@pytest.mark.parametrize("office", [OFFICE, PLAIN])
def test_a_case_is_kept_with_its_clocks(office: Office) -> None:
    """The document of a conversation holds them, and reads back as it was."""
    desk = Desk(office)
    assert decode(encode(desk.conversation)) == desk.conversation
