"""The aggregate: one in control at a time, fenced by the epoch, and the whole of it in its log."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.chat.effects import Ask, Card, Edit, Mark, Notice, OpenCase, Relay, Rewrite, Say, Schedule, Unschedule
from bot.chat.events import Command, Delivered, Due, File, Message, Tap, Written
from bot.chat.people import CONSOLE, SLACK, Person, User
from bot.conversation import STARTED, Conversation, Opening, begin, decode, encode, reduce, replay
from bot.desk.commands import COMMANDS
from bot.engine.ids import Ids
from bot.engine.session import MASK, Record
from bot.engine.turn import Turn, advance
from bot.text.nodes import paragraph
from bot.text.plain import plain
from tests.engine.talk import CALLING, START, library
from tests.engine.wild import Wild, moves
from tests.searching import examples

if TYPE_CHECKING:
    from bot.chat.events import AnyEvent, Event
    from bot.conversation import Outcome
    from bot.desk.case import Case

NOOR, KIM = Person("slack:T1:noor", "Noor"), Person("telegram:1:kim", "Kim", ("specialist", "lead"))
OPENING = Opening("test", User("u1", "Ana"), CONSOLE, "en")


def stored(log: tuple[Record, ...]) -> list[Record]:
    """Records as a store gives them back."""
    return msgspec.json.decode(msgspec.json.encode(log), type=list[Record])


class Talk:
    """A conversation and its log, one event after the other, each under a key and a seed of its own."""

    def __init__(self) -> None:
        """It has begun, and nothing was said."""
        begun = begin(OPENING, START, Ids("begin"))
        self.conversation = begun.conversation
        self.log = stored(begun.log)
        self.count = 0

    def send(self, event: AnyEvent | str) -> Outcome:
        """Apply an event."""
        self.count += 1
        made = Message(f"k{self.count}", event) if isinstance(event, str) else event
        outcome = reduce(library(CALLING), self.conversation, made, START, Ids(f"seed{self.count}"))
        self.conversation = outcome.conversation
        self.log += stored(outcome.log)
        return outcome

    def hand_off(self) -> Outcome:
        """Answer all questions, so that a person is called."""
        for said in ("/start", "Ana"):
            self.send(said)
        return self.send("yes")

    def command(self, name: str, person: Person = NOOR, **arguments: str) -> Outcome:
        """Give a command at the desk."""
        return self.send(Command(f"c{self.count}", person, name, arguments))

    def write(self, text: str, person: Person = NOOR, origin: str = "", **more: Any) -> Outcome:
        """Write at the place of the case."""
        return self.send(Written(f"w{self.count}", person, origin or f"o{self.count}", text, **more))

    @property
    def case(self) -> Case:
        """The case there is."""
        assert self.conversation.case is not None
        return self.conversation.case


def kinds(outcome: Outcome) -> list[str]:
    """What the log says of an event."""
    return [record.kind for record in outcome.log]


def test_while_the_bot_is_in_control_the_engine_answers() -> None:
    """An event is a turn of the engine: the same session, effects and log."""
    talk = Talk()
    session = talk.conversation.session
    outcome = talk.send("/start")
    turn = advance(library(CALLING), session, Message("k1", "/start"), START, Ids("seed1"))
    assert (outcome.conversation.session, outcome.effects, outcome.log) == (turn.session, turn.effects, turn.log)
    assert (outcome.conversation.control, outcome.conversation.epoch) == ("bot", 0)


def test_a_hand_off_is_a_case_that_nobody_has() -> None:
    """The flow calls a person: the case is new, the bot still in control, and nothing of what it said is fenced off."""
    talk = Talk()
    outcome = talk.hand_off()
    others = [each for each in outcome.effects if not isinstance(each, (Schedule, Unschedule, Say, Edit))]
    assert [type(each) for each in others] == [OpenCase, Card]
    assert others[1] == Card(talk.case.id, "merchant")
    assert (talk.case.status, talk.case.queue, talk.case.assignee) == ("new", "integrations", None)
    assert (talk.conversation.control, talk.conversation.epoch) == ("bot", 0)


def test_while_a_person_is_in_control_the_bot_is_silent() -> None:
    """A claim passes control; what the merchant writes is passed on with its files, and the flow stands still."""
    talk = Talk()
    talk.hand_off()
    before = talk.conversation.session
    claimed = talk.command("claim")
    assert (talk.conversation.control, talk.conversation.epoch, talk.case.assignee) == ("staff", 1, NOOR)
    assert {type(each) for each in claimed.effects} == {Notice, Say, Card}
    outcome = talk.send(Message("m", "Are you there?", (File("f", "log.txt"),), origin="77"))
    assert outcome.effects == (
        Relay(talk.case.id, (paragraph("Are you there?"),), (File("f", "log.txt"),), "Ana", "relay:77"),
    )
    assert talk.conversation.session.stack == before.stack


@pytest.mark.parametrize("event", [Tap("t", "abc.1"), Due("d", "a timer")])
def test_buttons_and_timers_of_the_flow_rest_meanwhile(event: Event) -> None:
    """Neither does anything while a person is in control; the log says that it came."""
    talk = Talk()
    talk.hand_off()
    talk.command("claim")
    outcome = talk.send(event)
    assert outcome.effects == ()
    assert kinds(outcome) == ["event_received", "event_ignored"]


def test_what_goes_to_a_person_is_guarded() -> None:
    """A secret in the merchant's words is taken out before it is passed on or written to the log."""
    talk = Talk()
    talk.hand_off()
    talk.command("claim")
    outcome = talk.send("my password is Hunter2!x")
    assert isinstance(outcome.effects[0], Relay)
    assert "Hunter2" not in repr(outcome.effects)
    assert "Hunter2" not in repr(outcome.log)


def test_what_a_person_writes_is_guarded() -> None:
    """A secret in the words of staff is neither kept nor sent: the rest waits until they decide."""
    talk = Talk()
    talk.hand_off()
    talk.command("claim")
    outcome = talk.write("the password is Hunter2!x", origin="5")
    assert "Hunter2" not in repr(outcome)
    assert "Hunter2" not in encode(talk.conversation).decode()
    assert talk.case.held["5"].asked


def test_the_assignee_s_words_leave_after_their_hold() -> None:
    """They wait five seconds, then they go to the merchant under the writer's name, and the card follows."""
    talk = Talk()
    talk.hand_off()
    talk.command("claim")
    held = talk.write("Which version is it?", origin="5")
    assert not any(isinstance(each, Relay) for each in held.effects)
    assert Schedule("desk:hold:5", START + timedelta(seconds=5)) in held.effects
    sent = talk.send(Due("d", "desk:hold:5"))
    assert Relay(talk.case.id, (paragraph("Which version is it?"),), (), "Noor", "reply:5", "merchant") in sent.effects
    assert talk.case.status == "pending"
    told = talk.send(Delivered("r", "reply:5", "refused", "bot was blocked by the user"))
    assert Mark(talk.case.id, "5", "refused") in told.effects


@pytest.mark.parametrize(
    ("person", "text", "more"),
    [
        (KIM, "Have you seen this before?", {}),
        (NOOR, "// hm", {}),
        (NOOR, "note: ask Kim", {}),
        (NOOR, "hi", {"aside": True}),
    ],
)
def test_a_note_never_reaches_the_merchant(person: Person, text: str, more: dict[str, Any]) -> None:
    """What another one writes is a note at once; what may be one waits for a decision, however much time passes."""
    talk = Talk()
    talk.hand_off()
    talk.command("claim")
    outcomes = [
        talk.write(text, person, origin="5", **more),
        talk.send(Due("d", "desk:hold:5")),
        talk.command("keep", id="5"),
        talk.send(Due("e", "desk:hold:5")),
    ]
    assert not any(isinstance(each, (Relay, Say)) for outcome in outcomes for each in outcome.effects)


def test_taken_back_in_time_it_never_leaves() -> None:
    """Undo within the hold: the message stays where it was written."""
    talk = Talk()
    talk.hand_off()
    talk.command("claim")
    talk.write("Oops", origin="5")
    outcome = talk.command("undo", id="5")
    assert Mark(talk.case.id, "5", "undone") in outcome.effects
    assert Unschedule("desk:hold:5") in outcome.effects
    assert talk.send(Due("d", "desk:hold:5")).effects == ()


def test_a_changed_message_changes_what_the_merchant_sees() -> None:
    """An edit before it left changes what leaves; one afterwards rewrites the copy, a delete takes it away."""
    talk = Talk()
    talk.hand_off()
    talk.command("claim")
    talk.write("Wich version?", origin="5")
    talk.write("Which version?", origin="5", edited=True)
    sent = talk.send(Due("d", "desk:hold:5"))
    assert any(isinstance(each, Relay) and plain(each.document) == "Which version?" for each in sent.effects)
    edited = talk.write("Which version is it?", origin="5", edited=True)
    assert [each.ref for each in edited.effects if isinstance(each, Rewrite) and not each.case] == ["reply:5"]
    assert Rewrite("reply:5") in talk.write("", origin="5", deleted=True).effects


def test_two_claims_have_one_winner() -> None:
    """Whoever comes second is told who was first."""
    talk = Talk()
    talk.hand_off()
    talk.command("claim")
    outcome = talk.command("claim", KIM)
    assert talk.case.assignee == NOOR
    assert ["Noor" in repr(each) for each in outcome.effects] == [True]
    assert kinds(outcome) == ["event_received", "command_denied"]


def test_given_back_the_bot_asks_again_what_it_is_told_to() -> None:
    """Back at a question the later answers are kept, and the same case goes on when the flow calls a person again."""
    talk = Talk()
    talk.hand_off()
    case = talk.case.id
    talk.command("claim")
    returned = talk.command("bot", at="name")
    assert (talk.conversation.control, talk.conversation.epoch) == ("bot", 2)
    assert any(isinstance(each, Ask) for each in returned.effects)
    again = talk.send("Bea")
    assert talk.conversation.session.stack[0].slots == {"name": "Bea", "end": "yes"}
    assert not any(isinstance(each, OpenCase) for each in again.effects)
    assert any(isinstance(each, Notice) for each in again.effects)
    assert (talk.case.id, talk.case.status) == (case, "open")


def test_given_back_without_a_question_the_flow_goes_on_behind_the_hand_off() -> None:
    """The next step of the flow is taken."""
    talk = Talk()
    talk.hand_off()
    talk.command("claim")
    outcome = talk.command("bot")
    assert "Goodbye." in repr(outcome.effects)
    assert talk.conversation.session.status == "ended"


def test_solved_closed_and_followed_up() -> None:
    """A reply reopens a solved case; after a closed one it opens another that follows it."""
    talk = Talk()
    talk.hand_off()
    talk.command("claim")
    states: list[str] = []
    for outcome in (
        talk.command("solve"),
        talk.send("It is still broken"),
        talk.command("close", reason="no_response"),
    ):
        assert outcome.conversation.case is not None
        states.append(outcome.conversation.case.status)
    assert states == ["solved", "open", "closed"]
    assert (talk.case.reason, talk.conversation.control) == ("no_response", "bot")
    first = talk.case.id
    outcome = talk.send("Hello again")
    assert [type(each) for each in outcome.effects][:2] == [OpenCase, Relay]
    assert (talk.case.follows, talk.case.status, talk.case.id != first) == (first, "new", True)


def test_begun_anew_the_same_case_goes_on() -> None:
    """A merchant who starts over before anybody has claimed their case comes back to that case."""
    talk = Talk()
    talk.hand_off()
    case = talk.case.id
    for words in ("/restart", "yes", "Bea", "no"):
        outcome = talk.send(words)
    assert (talk.case.id, talk.case.status) == (case, "open")
    assert not any(isinstance(each, OpenCase) for each in outcome.effects)


def test_staff_events_without_a_case_are_nothing() -> None:
    """What cannot be about anything changes nothing."""
    talk = Talk()
    talk.send("/start")
    before = talk.conversation
    assert talk.command("claim").conversation is before


def test_a_key_seen_before_is_no_outcome() -> None:
    """What the engine knows already leaves the conversation as it is, without a log."""
    talk = Talk()
    talk.send("/start")
    outcome = reduce(library(CALLING), talk.conversation, Message("k1", "again"), START, Ids("other"))
    assert (outcome.conversation is talk.conversation, outcome.effects, outcome.log) == (True, (), ())


def test_a_log_without_its_beginning_is_refused() -> None:
    """Nothing can be made of no log, or of one that begins in the middle."""
    talk = Talk()
    talk.send("/start")
    for log in ([], talk.log[1:]):
        with pytest.raises(LookupError, match="no beginning"):
            replay(library(CALLING), log)
    assert talk.log[0].kind == STARTED


def test_a_document_that_is_none_is_refused() -> None:
    """A document of another shape is an error of whoever reads it."""
    with pytest.raises(msgspec.ValidationError):
        decode(b'{"session": 1}')


class Watched(Wild):
    """The walker through the aggregate: whatever the engine can go through, and persons who take over."""

    def __init__(self, *, forms: bool) -> None:
        """It has begun."""
        super().__init__(SLACK if forms else CONSOLE)
        begun = begin(Opening("test", User("u1", "Ana"), self.first.channel, "en"), self.now, Ids("begin"))
        self.conversation = begun.conversation
        self.records = stored(begun.log)

    def _staff(self, what: tuple[str, Person, str]) -> None:
        name, person, argument = what
        if name == "write":
            self.send(Written("", person, argument, argument))
        elif name == "tap":
            self.send(Tap("", f"desk:{argument}"))
        elif name == "due":
            self.send(Due("", f"desk:{argument}:1"))
        else:
            keys = {"access": "to", "solve": "reason", "bot": "at"}
            self.send(Command("", person, name, {keys.get(name, "id"): argument}))

    def send(self, event: Any) -> Turn:
        """Apply an event under a key of its own, and look at what may change and what may not."""
        self.count += 1
        event = msgspec.structs.replace(event, key=f"k{self.count}")
        before, seed = self.conversation, f"seed{self.count}"
        outcome = reduce(self.library, before, event, self.now, Ids(seed))
        again = reduce(self.library, decode(encode(before)), event, self.now, Ids(seed))
        assert (encode(again.conversation), again.effects) == (encode(outcome.conversation), outcome.effects)
        after = self.conversation = outcome.conversation
        self.records += stored(outcome.log)
        assert after.epoch - before.epoch == (after.control != before.control)
        if before.control == "staff" == after.control:
            assert after.session.stack == before.session.stack
            assert not any(isinstance(each, (Ask, Edit)) for each in outcome.effects)
        self.turn, self.session = Turn(after.session, outcome.effects, outcome.log), after.session
        for effect in outcome.effects:
            self._effect(effect)
        return self.turn


at_the_desk = st.tuples(
    st.just("staff"),
    st.tuples(
        st.sampled_from(["claim", "claim", "write", "tap", "due", *COMMANDS]),
        st.sampled_from([NOOR, KIM]),
        st.sampled_from(["1", "2", "name", "requested", "removal_requested", "removed", "solved", "hold", "close"]),
    ),
)
walks = moves.filter(lambda move: move[0] != "renew")
happenings = st.lists(st.one_of(walks, walks, at_the_desk), max_size=30)


@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(happenings, st.booleans())
def test_the_whole_log_is_the_conversation(what: list[tuple[str, object]], forms: bool) -> None:
    """Whatever happened, whoever was in control: the log alone makes the same document, byte for byte.

    Under one version of the flows, and unless a sensitive answer is masked in it.
    """
    walk = Watched(forms=forms)
    for kind, details in what:
        walk.step(kind, details)
    if not any(MASK in repr(record.data) for record in walk.records):
        assert encode(replay(walk.library, walk.records)) == encode(walk.conversation)


def test_the_document_is_small_at_first() -> None:
    """What is as it begins is not written: control, epoch and person cost a conversation nothing until a hand-off."""
    assert list(msgspec.to_builtins(Talk().conversation)) == ["session"]
    assert msgspec.json.decode(encode(Talk().conversation), type=Conversation) == Talk().conversation
