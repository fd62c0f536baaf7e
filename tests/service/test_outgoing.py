"""From effects to rows: to whom, by whom, how urgent, fenced by what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.effects import (
    ECHOED,
    WAITING,
    Ask,
    Card,
    Edit,
    Effect,
    Entrust,
    Mark,
    Notice,
    OpenCase,
    Perform,
    Relay,
    Rewrite,
    Say,
    Schedule,
    Unschedule,
    echoed,
)
from bot.chat.places import TYPED, Places
from bot.desk.office import Office
from bot.service.outgoing import ANSWERS, CHANGES, HOOKS, PEOPLE, Routes, outgoing, timers
from bot.text.nodes import paragraph
from bot.text.plain import plain
from tests.desk.talk import KIM, NOOR, Talk
from tests.searching import examples

if TYPE_CHECKING:
    from bot.chat.people import Person
    from bot.conversation import Outcome
    from bot.store.rows import Outgoing

HERE, TEAM = "telegram:bot:42:", "slack:T1:C9:"
ROUTES = Routes(
    {"telegram": "telegram", "slack": "slack", "console": "console.{account}"},
    {name: lambda effect: (effect,) for name in ("telegram", "slack", "console")},
    Places((TEAM,)),
)
ASK, EDIT, SAY = Ask("r1", ()), Edit("r0", ()), Say(())
CASE, WORDS = OpenCase("T-1", "s", "q", "normal"), Relay("T-1", (paragraph("hello"),))


def test_what_the_bot_says_goes_back_fenced() -> None:
    """A text and a question go to the conversation's own place, after what people wrote, under the epoch."""
    for effect in (SAY, ASK):
        (row,) = outgoing([effect], HERE, 3, ROUTES)
        assert (row.carrier, row.destination, row.priority, row.epoch) == ("telegram", HERE, ANSWERS, 3)
        assert msgspec.json.decode(row.payload, type=Effect) == effect


def test_an_edit_names_the_question_it_changes() -> None:
    """A question is named by its reference, an edit looks for that name, and may wait for both others."""
    asked, edited = outgoing([ASK, EDIT], HERE, 0, ROUTES)
    assert (asked.ref, asked.edits, edited.ref, edited.edits) == ("r1", "", "", "r0")
    assert edited.priority == CHANGES


def test_what_holds_an_answer_up_is_as_urgent() -> None:
    """The change of a question before the next one in the same lane, but no card: that holds nothing up."""
    effects: list[Effect] = [EDIT, ASK, EDIT, Card("T-1", "merchant"), SAY, EDIT, CASE]
    urgency = [each.priority for each in outgoing(effects, HERE, 0, ROUTES)]
    assert urgency == [ANSWERS, ANSWERS, ANSWERS, CHANGES, ANSWERS, CHANGES, PEOPLE]


def test_what_is_for_the_team_is_never_fenced() -> None:
    """A case and the merchant's words go to the team, before all else, whoever is in control meanwhile."""
    for row in outgoing([CASE, WORDS], HERE, 3, ROUTES):
        assert (row.carrier, row.destination, row.priority, row.epoch) == ("slack", TEAM, PEOPLE, None)


def test_without_a_team_the_case_stays_in_its_place() -> None:
    """Where no address of staff is set, the conversation's own place gets the case."""
    (row,) = outgoing([CASE], HERE, 3, msgspec.structs.replace(ROUTES, staff=Places()))
    assert (row.carrier, row.destination, row.epoch) == ("telegram", HERE, None)


def test_each_terminal_has_a_carrier_of_its_own() -> None:
    """The carrier of a channel may hold the account."""
    (row,) = outgoing([SAY], "console:ana:chat:", 0, ROUTES)
    assert row.carrier == "console.ana"


def test_an_action_is_a_message_for_the_hooks() -> None:
    """Each hook is a lane; an epoch does not stop what the flow waits for."""
    (row,) = outgoing([Perform("key", "look_up", {"a": 1})], HERE, 3, ROUTES)
    assert (row.carrier, row.destination, row.epoch) == (HOOKS, f"{HOOKS}:look_up", None)


def test_an_effect_in_parts_is_as_many_rows_in_order() -> None:
    """What a channel cannot send in one call leaves as several, one behind the other."""
    parts = {"telegram": lambda effect: (SAY, effect)}
    rows = outgoing([ASK, EDIT], HERE, 0, Routes({"telegram": "telegram"}, parts))
    assert [row.kind for row in rows] == ["say", "ask", "say", "edit"]
    assert [row.ref for row in rows] == ["", "r1", "", ""]


effects = st.sampled_from(
    [SAY, ASK, EDIT, CASE, WORDS, Perform("k", "h"), Unschedule("t"), Schedule("t", datetime(2026, 1, 1, tzinfo=UTC))]
)


@given(st.lists(effects, max_size=8))
def test_order_is_kept_and_nothing_is_lost(what: list[Effect]) -> None:
    """Every effect but those about timers is a row, in the order of the effects."""
    rows = outgoing(what, HERE, 0, ROUTES)
    wanted = [each for each in what if not isinstance(each, (Schedule, Unschedule))]
    assert [msgspec.json.decode(row.payload, type=Effect) for row in rows] == wanted


@pytest.mark.parametrize("hours", [0, 2, -11])
def test_timers_are_moments_whatever_the_zone(hours: int) -> None:
    """A due time is one moment in milliseconds UTC; the last word on a timer counts."""
    due = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    there = due.astimezone(timezone(timedelta(hours=hours)))
    assert timers([Unschedule("a"), Schedule("a", there), Schedule("b", due), Unschedule("b"), SAY]) == {
        "a": 1_774_747_800_000,
        "b": None,
    }


TWINS = msgspec.structs.replace(ROUTES, staff=Places((TEAM, "telegram:bot:-1:")))


def test_what_belongs_to_a_message_is_where_that_was_written() -> None:
    """What waits is there, what became of it also on its copy, an account where it was asked for; all else anywhere."""
    slack, forum = TWINS.staff.addresses
    said = Mark("T-1", "telegram/7", "sent")
    assert [(each.destination, each.edits) for each in outgoing([said], HERE, 0, TWINS)] == [
        (forum, ""),
        (slack, "echo:telegram/7"),
    ]
    assert b'"origin":"7"' in outgoing([said], HERE, 0, TWINS)[0].payload
    for effect, where in (
        (Notice("T-1", (), ref=f"{WAITING}telegram/7"), [forum]),
        (Rewrite(f"{WAITING}telegram/7", case="T-1"), [forum]),
        (Rewrite(f"{ECHOED}telegram/7", case="T-1"), [slack]),
        (Entrust("T-1", "d", "noor", "telegram"), [forum]),
        (Mark("T-1", f"{TYPED}k1", "sent"), [slack, forum]),
        (Notice("T-1", ()), [slack, forum]),
        (Mark("T-1", "1700.5", "sent"), [slack, forum]),  # from before there was another place
    ):
        assert [each.destination for each in outgoing([effect], HERE, 0, TWINS)] == where
        alone = outgoing([effect], HERE, 0, ROUTES)
        assert len(alone) == (0 if getattr(effect, "origin", getattr(effect, "ref", "")).startswith(_COPIES) else 1)


_COPIES = (ECHOED, TYPED)


class _History:
    """What a place of staff shows, by the names of its messages, and what stands on those that staff wrote."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.shown: dict[str, str] = {}
        self.written: list[str] = []
        self.marks: dict[str, str] = {}

    def take(self, row: Outgoing) -> None:
        """A message arrives."""
        effect = msgspec.json.decode(row.payload, type=Effect)
        name = row.ref or f"#{len(self.shown)}"
        match effect:
            case Mark(_, origin, state):
                key = echoed(TWINS.staff.origin(self.place.partition(":")[0], origin)) if origin else row.edits
                assert key in self.shown
                self.marks[key] = state
            case Relay(to="staff"):
                self.shown[name] = plain(effect.words)
            case Notice() if not effect.ref.startswith(WAITING):
                self.shown[name] = plain(effect.document)
            case Rewrite(ref) if not ref.startswith(WAITING):
                self.rewrite(ref, plain(effect.document))

    def rewrite(self, name: str, words: str) -> None:
        """A message says something else now, or is taken away."""
        if name in self.shown:
            self.shown[name] = words


doings = st.tuples(
    st.sampled_from(["write", "write", "aside", "edit", "delete", "says", "wait", "wait", "poll"])
    | st.sampled_from(["claim", "note", "reply", "undo", "keep", "send", "assign", "solve", "reopen", "close", "who"]),
    st.sampled_from([NOOR, KIM]),
    st.integers(0, 9),
)


@settings(max_examples=examples(100), deadline=None)
@given(st.lists(doings, max_size=25))
def test_both_places_of_staff_show_the_same_and_no_note_goes_to_the_merchant(
    what: list[tuple[str, Person, int]],
) -> None:
    """Noor in Slack and Kim on Telegram: word for word and mark for mark, whatever they do, in the same order."""
    talk = Talk(Office(people={NOOR.id: NOOR, KIM.id: KIM}), claimed=False)
    histories = [_History(each) for each in TWINS.staff.addresses]
    notes: set[str] = set()
    replies: set[str] = set()
    for number, (name, person, which) in enumerate(what):
        own = histories[person is KIM]
        channel = own.place.partition(":")[0]
        origin = TWINS.staff.origin(channel, str(number))
        if name in {"edit", "delete"} and own.written:
            origin = own.written[which % len(own.written)]
        key = echoed(origin)
        if name in {"write", "aside", "poll"}:
            own.written.append(origin)
            own.shown[key] = f"{person.name}: {_WORDS.get(name, f'words {number}')}"
        for outcome in _done(talk, name, person, number, origin):
            for row in outgoing(outcome.effects, HERE, 0, TWINS):
                if row.destination == HERE:
                    assert not (row.ref + row.edits).startswith((ECHOED, WAITING))
                    replies |= {row.ref.partition(":")[2]} if row.kind == "relay" else set()
                    assert row.kind != "rewrite" or row.edits.partition(":")[2] in replies
                else:
                    next(each for each in histories if each.place == row.destination).take(row)
            notes |= {each.origin for each in outcome.effects if isinstance(each, Mark) and each.state == "note"}
        if name in {"edit", "delete"}:
            own.rewrite(key, f"{person.name}: other words" if name == "edit" else "")
        assert not notes & replies
        first, second = histories
        assert list(first.shown.values()) == list(second.shown.values())
        assert first.marks == second.marks
        assert first.marks.keys() == {each for each in first.shown if each.startswith(ECHOED)}
    assert talk.replayed()


_WORDS = {"aside": "// hm", "poll": "poll"}
_ARGUMENTS = {"assign": "Kim", "note": "It is Varnish", "reply": "Hello"}


def _done(talk: Talk, name: str, person: Person, number: int, origin: str) -> list[Outcome]:
    match name:
        case "write":
            return [talk.write(f"words {number}", person, origin)]
        case "aside":
            return [talk.write("// hm", person, origin)]
        case "poll":
            return [talk.write("", person, origin, kind="poll")]
        case "edit":
            return [talk.write("other words", person, origin, edited=True)]
        case "delete":
            return [talk.write("", person, origin, deleted=True)]
        case "says":
            return [talk.says(f"Hello {number}")]
        case "wait":
            return talk.wait(timedelta(seconds=6))
    return [talk.command(f"{name} {_ARGUMENTS.get(name, '')}", person)]
