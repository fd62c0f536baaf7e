"""The desk's turn: clocks, macros, snoozing, and notes that never leave."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.chat.effects import Echo, Mark, Notice, Relay, Rewrite, Say
from bot.chat.events import Command, Delivered, Due, Message, Piece, Tap
from bot.desk import typed
from bot.desk.card import state
from bot.desk.commands import COMMANDS
from bot.desk.office import Office
from bot.desk.reading import read
from bot.text.nodes import Link, List, paragraph
from bot.text.plain import plain, plain_inlines
from tests.desk.talk import FLOW, KIM, LEA, NOOR, Talk, said, told
from tests.engine.talk import library
from tests.searching import examples

if TYPE_CHECKING:
    from bot.chat.people import Person
    from bot.conversation import Outcome
    from bot.text.nodes import Inline

DESK = b"""
targets:
  normal: {first_response: 1h, next_response: 2h, resolution: 8h}
macros:
  logs:
    title: Logs
    text:
      en: "Dear {{ merchant.name }}, send the logs of {{ case.id }}."
      es: "{{ merchant.name }}: {{ case.id }}."
"""


def with_desk(*, claimed: bool = True) -> Talk:
    """A case at a desk that promises something."""
    desk, problems = read(DESK, "desk.yaml", ("en", "es"))
    assert problems == ()
    assert desk is not None
    return Talk(desk.build(), claimed=claimed)


def test_the_first_answer_is_awaited_and_its_time_told() -> None:
    """Three quarters and all of the hour are told once each; an answer ends it."""
    talk = with_desk()
    assert "75 %" in told(*talk.wait(timedelta(minutes=50)))
    assert "time for the first answer" in told(*talk.wait(timedelta(minutes=20)))
    talk.command("reply Hello")
    assert talk.case.clocks["first_response"].met is not None
    assert "first" not in told(*talk.wait(timedelta(hours=20)))


def test_the_solution_s_time_stands_still_while_the_merchant_is_awaited() -> None:
    """After an answer it is their turn; when they write the clock goes on, and the next answer is awaited."""
    talk = with_desk()
    talk.command("reply Which version?")
    assert talk.case.clocks["resolution"].paused is not None
    talk.wait(timedelta(days=2))
    talk.says("4.2")
    assert talk.case.clocks["resolution"].running
    assert talk.case.clocks["next_response"].running
    assert talk.replayed()


def test_without_settings_nothing_is_promised() -> None:
    """No clock runs, and nothing is told however much time passes."""
    talk = Talk()
    assert talk.case.clocks == {}
    assert told(*talk.wait(timedelta(days=30))) == ""


def test_a_macro_is_sent_in_the_merchant_s_language() -> None:
    """Its places are filled; an unknown one is answered with those there are."""
    talk = with_desk()
    assert said(talk.command("macro logs")) == f"Noor: Dear Ana, send the logs of {talk.case.id}."
    assert "logs (Logs)" in told(talk.command("macro nothing"))


def test_what_was_written_first_leaves_first() -> None:
    """However the platform mixes messages up; what is asked about, or is not to leave yet, holds up no other."""
    talk = with_desk()
    for origin in ("1700.9", "1700.10", "1699.5", "1700.1"):
        talk.write(f"words {origin}", origin=origin)
    talk.write("// aside", origin="1600.1")
    talk.wait(timedelta(seconds=3))
    talk.write("words later", origin="1700.11")
    left = [each.split("words ")[1] for each in said(*talk.wait(timedelta(seconds=3))).splitlines()]
    assert left == ["1699.5", "1700.1", "1700.9", "1700.10"]
    assert list(talk.case.held) == ["1600.1", "1700.11"]
    for origin in ("a/9", "a/10"):
        talk.write(f"words {origin}", origin=origin)
        talk.wait(timedelta(seconds=3))
    assert list(talk.case.held) == ["1600.1", "a/10"]


def test_what_was_typed_with_a_command_can_be_changed() -> None:
    """A note at the other places, a reply also at the merchant's: the words behind the command, under the same name."""
    talk = Talk()
    for name, origin in (("note", "slack/7"), ("reply", "slack/8")):
        outcome = talk.send(Command("", NOOR, name, {"text": "Varnish"}, origin=origin))
        assert [each.origin for each in outcome.effects if isinstance(each, (Echo, Mark))] == [origin, origin]
        edited = talk.write(f"{name} Apache", origin=origin, edited=True, typed=True).effects
        changed = [(each.ref, plain(each.document)) for each in edited if isinstance(each, Rewrite)]
        theirs = [("reply:slack/8", "Noor: Apache")] if name == "reply" else []
        assert changed == [*theirs, (f"echo:{origin}", "Noor: Apache")]
    assert talk.replayed()


@pytest.mark.parametrize("words", ["// hush", "/note hush"])
def test_a_reply_that_is_made_a_note_stays_as_it_is(words: str) -> None:
    """What the merchant has cannot be unseen, and must not become what is not for them; its writer is told."""
    talk = Talk()
    talk.command("reply Which version?")
    origin = next(iter(talk.case.copies))
    outcome = talk.write(words, origin=origin, edited=True, typed=words.startswith("/note"))
    assert "still sees the earlier one" in told(outcome)
    assert not any(isinstance(each, Rewrite) and not each.case for each in outcome.effects)


@pytest.mark.parametrize("how", ["refused", "uncertain"])
def test_what_did_not_arrive_can_be_sent_again(how: Any) -> None:
    """All of its pieces, once, by whoever has the case; the mark follows. What arrived cannot."""
    talk = Talk()
    talk.command("reply Which version?")
    origin = next(iter(talk.case.copies))
    pieces = [Piece((paragraph(each),)) for each in ("Noor: Which", "version?")]
    failing = talk.send(Delivered("", f"reply:{origin}", how, "blocked", lacking=pieces[0]))
    assert told(talk.send(Delivered("", f"reply:{origin}", how, "blocked", lacking=pieces[1]))) == ""
    (notice,) = [each for each in failing.effects if isinstance(each, Notice)]
    assert [each.label for each in notice.buttons] == ["Send again"]
    assert "has this case" in told(talk.command("retry", KIM))
    pressed = typed.pressed(notice.buttons[0].token)
    assert pressed is not None
    again = talk.send(Command("", NOOR, *pressed))
    assert said(again) == "Noor: Which\nversion?"
    assert Mark(talk.case.id, origin, "queued", again=True) in again.effects
    assert Rewrite(f"failed:{origin}", case=talk.case.id) in again.effects
    talk.send(Delivered("", f"reply:{origin}", "sent"))
    assert talk.case.copies[origin] == "sent"
    assert "does not wait" in told(talk.send(Command("", NOOR, *pressed)))
    assert told(talk.command("retry")) == "Nothing waits to be sent again."
    assert talk.replayed()


def test_what_did_not_arrive_is_sent_again_as_it_reads_now() -> None:
    """Its words can be changed before; once it is deleted there is nothing to send. What arrived in part is changed."""
    talk = Talk()
    talk.send(Command("", NOOR, "reply", {"text": "Wich version?"}, origin="7"))
    lacking = Piece((paragraph("Noor: Wich version?"),))
    talk.send(Delivered("", "reply:7", "refused", "blocked", lacking=lacking))
    edited = talk.write("Which version?", origin="7", edited=True)
    assert not any(isinstance(each, Rewrite) and each.ref == "reply:7" for each in edited.effects)
    assert said(talk.command("retry")) == "Noor: Which version?"
    talk.send(Delivered("", "reply:7", "sent"))
    talk.send(Delivered("", "reply:7", "refused", "blocked", lacking=lacking))
    edited = talk.write("Which one?", origin="7", edited=True)
    assert any(isinstance(each, Rewrite) and each.ref == "reply:7" for each in edited.effects)
    talk.write("", origin="7", deleted=True)
    assert "Nothing waits" in told(talk.command("retry"))


@pytest.mark.parametrize("command", ["undo", "send", "keep"])
def test_where_nothing_waits_it_says_so(command: str) -> None:
    """Without a name there is no message that it could be about."""
    assert "No message waits" in told(Talk().command(command))


def test_what_waits_leaves_before_the_bot_goes_on() -> None:
    """In the order it was written; if it came later, it would take the conversation from the bot again."""
    talk = Talk()
    talk.write("Which version is it?", origin="7")
    talk.write("// for us", origin="8")
    talk.write("The bot asks for the rest.", origin="9")
    outcome = talk.command("bot name")
    assert said(outcome).startswith("Noor: Which version is it?\nNoor: The bot asks for the rest.")
    kinds = [type(each).__name__ for each in outcome.effects]
    assert max(n for n, each in enumerate(kinds) if each == "Relay") < kinds.index("Ask")
    talk.wait(timedelta(minutes=1))
    assert talk.conversation.control == "bot"
    assert talk.replayed()


def test_what_cannot_be_passed_on_is_named_to_its_sender() -> None:
    """To the merchant in their words, and to staff, who would not know that there was something."""
    talk = Talk()
    outcome = talk.send(Message("", kind="voice"))
    assert "cannot pass that on to the team (voice message)" in said(outcome)
    assert "cannot be passed on (voice message)" in told(outcome)
    outcome = talk.write("", kind="poll")
    assert (said(outcome), "to the merchant (poll)" in told(outcome)) == ("", True)


def test_who_comes_second_hears_who_was_first_and_when() -> None:
    """By the clock of the desk."""
    talk = with_desk()
    talk.wait(timedelta(hours=1))
    at = f"{talk.now - timedelta(hours=1):%Y-%m-%d %H:%M} UTC"
    assert f"Noor was first and has this case, since {at}." in told(talk.command("claim", KIM))


@pytest.mark.parametrize("claimed", [True, False])
def test_what_is_too_long_to_pass_is_said(claimed: bool) -> None:
    """To whoever wrote it, on either side, by a message or with a command; replaying the log says the same."""
    talk, words = Talk(claimed=claimed), "word " * 1_700
    assert "longer than 8000" in said(talk.says(words))
    assert "longer than 8000" in told(talk.write(words))
    assert "longer than 8000" in told(talk.command(f"note {words}"))
    assert "longer than" not in said(talk.says("word " * 1_600)) + told(talk.write("word " * 1_600))
    assert talk.replayed()


def test_a_case_is_set_aside_with_a_link() -> None:
    """The card leads to what it waits for, as long as it does; who gives neither link nor reason learns how."""
    talk = Talk()
    assert "with a link" in told(talk.command("hold"))
    assert "set the case aside: see" in told(talk.command("hold see https://github.com/a/b/issues/5."))
    (line,) = [each for each in _lines(talk) if plain_inlines(each).startswith("Waits for:")]
    (link,) = [each for each in line if isinstance(each, Link)]
    assert (link.url, plain_inlines(line)) == (
        "https://github.com/a/b/issues/5",
        "Waits for: see https://github.com/a/b/issues/5.",
    )
    talk.command("reopen")
    assert not any(plain_inlines(each).startswith("Waits for:") for each in _lines(talk))
    assert talk.replayed()


def _lines(talk: Talk) -> tuple[tuple[Inline, ...], ...]:
    """The lines of the card about the case itself."""
    (lines,) = state(library(FLOW), talk.case, "en", asking=False)
    assert isinstance(lines, List)
    return lines.items


def test_a_case_that_was_put_off_comes_back() -> None:
    """By time, or earlier because the merchant writes."""
    talk = Talk()
    talk.command("snooze 4h")
    assert talk.case.status == "on_hold"
    assert "put off is over" in told(*talk.wait(timedelta(hours=5)))
    talk.command("snooze 4h")
    assert talk.says("Hello?").conversation.case is not None
    assert "open" in repr(talk.case)


doings = st.tuples(
    st.sampled_from(["write", "write", "aside", "edit", "delete", "says", "tap", "due", "wait", *COMMANDS]),
    st.sampled_from([NOOR, KIM, LEA]),
    st.sampled_from(["1", "2", "3", "requested production", "provided", "removed", "propose 4h", "begin", "solved"]),
)


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(doings, max_size=25))
@example([("write", NOOR, "1"), ("bot", NOOR, "1")])
def test_whatever_staff_do_no_note_leaves_and_the_rules_hold(what: list[tuple[str, Person, str]]) -> None:
    """Over random doings of three people: what is marked as a note has no copy, and nobody talks over a person."""
    talk = Talk()
    notes: set[str] = set()
    copies: set[str] = set()
    for name, person, words in what:
        before = talk.conversation
        outcome = _do(talk, name, person, words)
        after, case = talk.conversation, talk.case
        assert after.epoch - before.epoch == (after.control != before.control)
        for effect in outcome.effects:
            if isinstance(effect, Mark) and effect.state == "note":
                notes.add(effect.origin)
            if isinstance(effect, Relay) and effect.by and effect.to == "merchant":
                copies.add(effect.ref.partition(":")[2])
                # what waits when somebody hands over to the bot leaves first
                assert after.control == "staff" or name == "bot"
            if isinstance(effect, Rewrite) and not effect.case:
                assert effect.ref.partition(":")[2] in copies
        assert not notes & copies
        if case.status == "closed":
            assert case.access.state in {"none", "removed_confirmed"} or case.override
        approval = case.access.approval
        assert approval is None or (approval.by != case.access.requested_by and case.access.backup_by)
        if case.access.state in {"provided", "in_use"} and case.access.environment == "production":
            assert approval is not None
        assert not any(isinstance(each, Say) for each in outcome.effects) or name not in {"write", "aside", "note"}
    assert talk.replayed()


def _do(talk: Talk, name: str, who: Person, words: str) -> Outcome:
    match name:
        case "write":
            return talk.write(f"words {talk.count}", who, origin=f"o{talk.count}")
        case "aside":
            return talk.write("// hm", who, origin=f"o{talk.count}")
        case "edit":
            return talk.write("other words", who, origin=f"o{words}", edited=True)
        case "delete":
            return talk.write("", who, origin=f"o{words}", deleted=True)
        case "says":
            return talk.send(Message("", words))
        case "tap":
            return talk.send(Tap("", f"desk:{words}"))
        case "due":
            return talk.send(Due("", f"desk:hold:o{words}"))
        case "wait":
            found = talk.wait(timedelta(hours=9))
            return found[-1] if found else talk.send(Due("", "desk:nothing"))
    return talk.command(f"{name} {words}", who)


def test_a_case_is_given_to_a_person_by_name_id_or_mention() -> None:
    """Their words go to the merchant from then on, who is told; the one who had it is a colleague like any other."""
    talk = Talk(Office(people={KIM.id: KIM, LEA.id: LEA}))
    outcome = talk.command("assign @Kim")
    assert "Noor gave the case to Kim" in told(outcome)
    assert "Kim" in said(outcome)
    assert "has this case" in told(talk.command("reply Hello"))
    assert said(talk.command("reply Hello", KIM)) == "Kim: Hello"
    assert "has this case" in told(talk.command("assign kim"))
    talk.command("assign lea", KIM)
    assert told(talk.command("who")) == "Lea has this case."
    talk.command("assign returns", LEA)
    assert "Nobody has claimed" in told(talk.command("who"))
    assert talk.case.queue == "returns"
    assert talk.replayed()
