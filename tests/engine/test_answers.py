"""Typed answers, type by type: what is kept, what is refused and with which words, and what is asked back."""

from __future__ import annotations

from typing import Any

import pytest

from bot.chat.effects import Edit
from bot.chat.events import File, Message
from bot.engine import limits
from bot.text.plain import plain
from tests.engine.talk import Talk

TYPES = ["number", "version", "url", "email", "date", "text", "files"]


def ask(slot: str, question: str = "", locale: str = "en") -> Talk:
    """A conversation at a question about one slot of these properties, with another question behind it."""
    return Talk(
        f"""
flow: test
version: 1
title: T
slots: {{x: {{{slot}}}, end: {{type: text}}}}
steps:
  - {{id: x, collect: x, prompt: X?{question and ", " + question}}}
  - {{id: end, collect: end, prompt: End?}}
""",
        locale=locale,
    ).send("/start")


def sent(*names: str, text: str = "", key: str = "") -> Message:
    """A message with files."""
    return Message(key or f"f{'-'.join(names)}{text[:20]}", text, tuple(File(f"id-{name}", name, 7) for name in names))


@pytest.mark.parametrize(
    ("slot", "reply", "answer"),
    [
        ("type: number", "5", 5),
        ("type: number", "about 1,234.50 EUR", 1234.5),
        ("type: version", "it is v4.1.0-beta2", "4.1.0-beta2"),
        ("type: url", "Shop.Example/Cart", "https://shop.example/Cart"),
        ("type: email", "Ana <ana@Shop.Example>", "ana@shop.example"),
        ("type: date", "24 December 2025", {"typed": "24 December 2025", "date": "2025-12-24"}),
        ("type: date", "yesterday", {"typed": "yesterday", "date": "2026-01-04"}),
        ("type: text", "  some\r\nwords ", "some\nwords"),
    ],
)
def test_an_answer_is_kept_as_its_type_is(slot: str, reply: str, answer: Any) -> None:
    """Each type reads what people write and keeps it in its own form; a date keeps what was typed beside it."""
    assert ask(slot).send(reply).slots["x"] == answer


@pytest.mark.parametrize(
    ("slot", "reply", "told"),
    [
        ("type: number", "many", "type it in digits"),
        ("type: number, max: 10", "11", "outside what is possible"),
        ("type: number, min: 1", "-3", "outside what is possible"),
        ("type: version", "the newest", "looks like 4.1.0"),
        ("type: version", "4.1.0 and 4.2.0", "looks like 4.1.0"),
        ("type: url", "my shop", "looks like https"),
        ("type: url", "https://ana:secret1@shop.example", "removed it"),
        ("type: email", "ana at shop", "name@example.com"),
        ("type: date", "soon", "could not read a date"),
        ("type: date", "12 March 2031", "still to come"),
        ("type: text, max_chars: 5", "too much", "fewer words"),
        ("type: text", "x" * 641, "fewer words"),
        ("type: text, pattern: '[A-Z]{3}'", "abc", "could not use that answer"),
        ("type: number, pattern: '[0-9]{3}'", "12", "could not use that answer"),
    ],
)
def test_what_cannot_be_read_is_told_by_its_reason(slot: str, reply: str, told: str) -> None:
    """Meaning 4: an invalid answer has words for what is wrong with it, and the question comes again."""
    talk = ask(slot).send(reply)
    assert told in talk.said
    assert talk.said.endswith("X?")
    assert talk.slots == {}


def test_a_pattern_must_match_the_whole_answer() -> None:
    """A pattern that matches a part is not enough; one that matches all is."""
    assert ask("type: text, pattern: '[A-Z]{3}'").send("ABCD").slots == {}
    assert ask("type: text, pattern: '[A-Z]{3}'").send("ABC").slots["x"] == "ABC"
    assert ask("type: version, pattern: '4[.].*'").send("version 4.1.0").slots["x"] == "4.1.0"


@pytest.mark.parametrize("kind", TYPES)
def test_no_idea_is_an_answer_of_every_type(kind: str) -> None:
    """Not to know is offered where the author says so, and kept as such: by button, in words, in any language."""
    for reply in ("I don't know", "no idea", "weiß ich nicht", "unsure"):
        assert ask(f"type: {kind}", "unsure: true").send(reply).slots["x"] == "unsure"
    talk = ask(f"type: {kind}", "unsure: true")
    assert talk.labels == ["I don't know"]
    assert talk.tap("I don't know").slots["x"] == "unsure"
    assert "x" not in ask("type: version").send("no idea").slots


@pytest.mark.parametrize("kind", TYPES)
def test_an_optional_question_can_be_skipped(kind: str) -> None:
    """Skipping is kept as no answer, and the question is not asked again."""
    for reply in ("skip", "Skip", "none", "geen"):
        talk = ask(f"type: {kind}", "optional: true").send(reply)
        assert talk.slots == {"x": None}
        assert talk.at == "test.end"
    assert ask(f"type: {kind}", "optional: true, unsure: true").labels == ["I don't know", "Skip"]


@pytest.mark.parametrize("kind", [*TYPES, "yes_no"])
def test_a_rejection_refuses_in_the_authors_words(kind: str) -> None:
    """A well-formed answer that makes no sense here is invalid, of whatever type; "I don't know" and "skip" are not."""
    replies = {
        "number": "5",
        "version": "1.2.3",
        "url": "https://a.example",
        "email": "a@b.example",
        "date": "yesterday",
        "yes_no": "yes",
    }
    rejections = "unsure: true, optional: true, rejections: [{if: value is not none, say: Not like this.}]"
    talk = ask(f"type: {kind}, also: text" if kind == "files" else f"type: {kind}", rejections)
    talk.send(replies.get(kind, "words"))
    assert talk.said.startswith("Not like this.")
    assert talk.slots == {}
    assert talk.tap("Skip").slots == {"x": None}


def test_invalid_and_unrecognised_share_the_tries() -> None:
    """Meaning 4: after `max_attempts` of both together a person is offered."""
    talk = ask("type: date", "max_attempts: 2").send("soon", "later")
    assert "Shall I call a person" in talk.said


# --- dates ------------------------------------------------------------------------------------------------------------


def test_an_ambiguous_date_is_asked_about() -> None:
    """What can mean two days is asked, with both; the button, the number or the date itself chooses."""
    talk = ask("type: date").send("since 03/04/2025")
    assert talk.said == 'Which day do you mean by "since 03/04/2025"?'
    assert talk.labels == ["2025-04-03", "2025-03-04", "None of these"]
    assert talk.slots == {}
    chosen = {"typed": "since 03/04/2025", "date": "2025-03-04"}
    assert ask("type: date").send("since 03/04/2025", "2").slots["x"] == chosen
    assert ask("type: date").send("since 03/04/2025", "2025-03-04").slots["x"] == chosen
    assert talk.tap("2025-03-04").slots["x"] == chosen
    assert talk.send("/back").said == "X?\n\nYour answer was: since 03/04/2025 (2025-03-04)"


def test_another_date_may_be_typed_instead() -> None:
    """The question about the days is no trap: another day is read afresh, and none of them puts the question again."""
    assert ask("type: date").send("03/04/2025", "24 Dec 2025").slots["x"] == {
        "typed": "24 Dec 2025",
        "date": "2025-12-24",
    }
    assert ask("type: date").send("03/04/2025").tap("None of these").said == "X?"
    assert ask("type: date").send("03/04/2025", "no").said == "X?"
    assert ask("type: date").send("03/04/2025", "05/06/2025").labels[:2] == ["2025-06-05", "2025-05-06"]


def test_the_days_are_offered_again_after_an_aside() -> None:
    """After /why the same days stand there, so that numbers mean what they meant; a wrong reply takes them away."""
    talk = ask("type: date").send("03/04/2025", "/why")
    assert talk.labels == ["2025-04-03", "2025-03-04", "None of these"]
    assert talk.send("1").slots["x"] == {"typed": "03/04/2025", "date": "2025-04-03"}
    talk = ask("type: date").send("03/04/2025", "soon")
    assert talk.said.endswith("X?")
    assert talk.send("2").slots == {}


def test_a_date_is_read_in_the_language_of_the_conversation() -> None:
    """Day first where people write so; only English has two ways."""
    assert ask("type: date", locale="es").send("03/04/2025").slots["x"] == {"typed": "03/04/2025", "date": "2025-04-03"}
    assert ask("type: date", locale="nl").send("gisteren").slots["x"] == {"typed": "gisteren", "date": "2026-01-04"}


def test_a_date_may_be_words_where_the_slot_takes_them() -> None:
    """`also: text`: what holds no day is kept as words; a day to come and an ambiguous one are still asked about."""
    assert ask("type: date, also: text").send("since the launch").slots["x"] == {
        "typed": "since the launch",
        "date": None,
    }
    assert "still to come" in ask("type: date, also: text").send("12 March 2031").said
    assert ask("type: date, also: text").send("03/04/2025").labels[-1] == "None of these"
    assert "fewer words" in ask("type: date, also: text, max_chars: 20").send("long ago " * 200).said


def test_a_rejection_looks_at_the_chosen_day() -> None:
    """A day that was chosen among two is refused like one that was typed."""
    question = "rejections: [{if: \"value.date == '2025-03-04'\", say: A Tuesday.}]"
    assert ask("type: date", question).send("03/04/2025", "2").said == "A Tuesday.\n\nX?"
    assert ask("type: date", question).send("03/04/2025").tap("2025-03-04").said == "A Tuesday.\n\nX?"
    assert ask("type: date", question).send("03/04/2025", "1").at == "test.end"


# --- skipping, and slips ----------------------------------------------------------------------------------------------


def test_skipping_replaces_the_buttons() -> None:
    """A question that was skipped shows so in place of its buttons, like one that was answered."""
    talk = ask("type: text", "optional: true")
    ref = talk.question.ref
    talk.tap("Skip")
    edits = [each for each in talk.effects if isinstance(each, Edit)]
    assert [(each.ref, "Skip" in plain(each.document)) for each in edits] == [(ref, True)]
    assert talk.at == "test.end"


@pytest.mark.parametrize(("typed", "meant"), [("/bakc", "/back"), ("/Summry", "/summary"), ("/strat", "/start")])
def test_a_mistyped_command_is_no_answer(typed: str, meant: str) -> None:
    """One slashed word that is nearly a command is asked about; the question still waits and no try is counted."""
    talk = ask("type: text").send(typed)
    assert f"Did you mean {meant}?" in talk.said
    assert talk.at == "test.x"
    assert talk.slots == {}
    assert "answer_unmatched" not in talk.log


@pytest.mark.parametrize("typed", ["/checkout", "/cart/error", "/a"])
def test_a_path_is_an_answer(typed: str) -> None:
    """Other words behind a slash are an answer like any other."""
    assert ask("type: text").send(typed).slots["x"] == typed


# --- files ------------------------------------------------------------------------------------------------------------


def kept(*names: str, text: str = "") -> dict[str, Any]:
    """An answer of files, as it is stored."""
    return {"files": [{"id": f"id-{name}", "name": name, "size": 7} for name in names], "text": text}


def test_files_come_in_as_many_messages_as_one_likes() -> None:
    """Each message is confirmed with the number so far; "Done" ends it; captions are kept."""
    talk = ask("type: files").send(sent("a.png"))
    assert talk.said == "Received so far: 1. Send more, or choose Done.\n\nX?"
    assert talk.labels == ["Done"]
    assert talk.slots == {}
    talk.send(sent("b.png", "c.png", text="the order page"), sent("d.png", text="and the log"))
    assert "so far: 4" in talk.said
    assert talk.tap("Done").slots["x"] == kept("a.png", "b.png", "c.png", "d.png", text="the order page\nand the log")
    assert talk.at == "test.end"


def test_done_may_be_typed() -> None:
    """Being done has names in every language, once there is a file; a number is no option beside what may be words."""
    for reply in ("done", "ready", "listo"):
        assert ask("type: files").send(sent("a.png"), reply).slots["x"] == kept("a.png")
    assert ask("type: files").send(sent("a.png"), "1").slots["x"] == kept("a.png", text="1")


def test_words_after_files_are_part_of_the_answer() -> None:
    """Text that follows the files ends the answer and is kept with them."""
    assert ask("type: files").send(sent("a.png"), "that is the page").slots["x"] == kept(
        "a.png", text="that is the page"
    )


def test_words_alone_need_a_slot_that_takes_them() -> None:
    """Without `also: text` a file is asked for; with it, words are an answer."""
    talk = ask("type: files").send("order 123")
    assert "send a file" in talk.said
    assert talk.slots == {}
    assert ask("type: files, also: text").send("order 123").slots["x"] == kept(text="order 123")


def test_too_many_files_are_refused_and_those_before_kept() -> None:
    """More files than an answer holds are not taken, and what came before can still be handed in."""
    talk = ask("type: files").send(sent(*map(str, range(limits.FILES_PER_ANSWER))), sent("one more"))
    assert "more files than I can keep" in talk.said
    answer = talk.send("done").slots["x"]
    assert isinstance(answer, dict)
    assert len(answer["files"]) == limits.FILES_PER_ANSWER


def test_captions_are_held_to_the_length_of_the_answer() -> None:
    """Words with files are as long as the slot says, all together; what is longer is refused, never cut in silence."""
    talk = ask("type: files, max_chars: 20").send(
        sent("a.png", text="twelve chars"), sent("b.png", text="twelve chars")
    )
    assert "fewer words" in talk.said
    assert "fewer words" in talk.send("twelve chars").said
    assert talk.send("short").slots["x"] == kept("a.png", text="twelve chars\nshort")


def test_a_file_where_none_is_expected() -> None:
    """A file without words goes to a person, and the question waits on; one with words is answered by its words."""
    alone = ask("type: text").send(sent("a.png"))
    assert "goes to the person" in alone.said
    assert [each["name"] for each in alone.session.files] == ["a.png"]
    assert ask("type: text").send(sent("a.png", text="words")).slots["x"] == "words"


@pytest.mark.parametrize("kind", ["sticker", "voice", "video_note", "contact", "location", "other"])
@pytest.mark.parametrize("slot", ["text", "files", "date", "yes_no"])
def test_what_has_no_words_is_of_the_wrong_kind(slot: str, kind: Any) -> None:
    """Meaning 4: a voice note or a sticker is answered as what it is, at every type, and is no try."""
    talk = ask(f"type: {slot}", "max_attempts: 1").send(Message("m", kind=kind))
    assert "cannot read that here" in talk.said
    wait = talk.session.stack[-1].wait
    assert wait is not None
    assert (wait.wrong_kind, wait.unrecognised, wait.invalid) == (1, 0, 0)


def test_files_and_ticks_survive_an_aside() -> None:
    """What was sent so far is still there after help and in another language."""
    talk = ask("type: files").send(sent("a.png"), "/help", "/language es", "/language en", sent("b.png"))
    assert talk.send("done").slots["x"] == kept("a.png", "b.png")


def test_keeping_a_former_answer_of_every_type() -> None:
    """After back, "keep" gives the very same answer again, of whatever type it is."""
    replies: dict[str, Any] = {
        "number": "5",
        "version": "1.2.3",
        "date": "yesterday",
        "text": "words",
        "url": "https://a.example",
    }
    for kind, reply in replies.items():
        talk = ask(f"type: {kind}").send(reply)
        before = dict(talk.slots)
        talk.send("/back")
        assert talk.labels == ["Keep this answer"]
        assert talk.send("keep it").slots == before
    talk = ask("type: files").send(sent("a.png"), "done", "/back", "keep")
    assert talk.slots["x"] == kept("a.png")
