"""Forms: several questions at once where the channel has forms, one after another elsewhere, and in between."""

from __future__ import annotations

import pytest

from bot.chat.effects import Ask, Edit, Form, Relay, Say
from bot.chat.events import File, Message, Submit
from bot.chat.people import SLACK
from bot.engine import tokens
from bot.engine.ahead import slots_ahead
from tests.engine.talk import Talk, library

FLOW = """
flow: test
version: 1
title: T
slots:
  size: {type: number, label: Size, min: 1, max: 99}
  mail: {type: email, label: Mail}
  kind: {type: choice, label: Kind}
  parts: {type: choices, label: Parts}
  word: {type: text, sensitive: true, label: Word}
  day: {type: date, label: Day}
  after: {type: text, label: After}
  check: {type: choice}
steps:
  - {id: hello, say: Hello.}
  - id: form
    form: details
    title: The details
    submit: Send them
    fields:
      - {collect: size, prompt: Size?, hint: About 5., optional: true, invalid: A size is from 1 to 99.}
      - {collect: mail, prompt: Mail?}
      - id_placeholder
      - {collect: parts, prompt: Parts?, choices: [{id: x, label: Ex}, {id: y, label: Why}, {id: z, label: Zed}]}
      - {collect: word, prompt: Word?, rejections: [{if: "value == 'abc'", say: Not that word.}]}
      - {collect: day, prompt: Day?, unsure: true}
    next: after
  - {id: never, say: Never.}
  - {id: after, collect: after, prompt: "After {{ slots.kind }}?"}
  - {id: check, collect: check, prompt: "{{ summary }}", corrections: true, choices: [{id: done, label: Done with it}]}
""".replace(
    "- id_placeholder",
    "- {collect: kind, prompt: Kind?, choices: [{id: y, label: Yes it is}, {id: e, label: Else}], reprompt: Kind!}",
)

GOOD: dict[str, str | list[str]] = {
    "size": "5",
    "mail": "a@example.com",
    "kind": "y",
    "parts": ["z", "x"],
    "word": "opensesame",
    "day": "2025-12-24",
}


def slack() -> Talk:
    """A conversation at the form, in a channel that has forms."""
    return Talk(FLOW, channel=SLACK).send("/start")


def form(talk: Talk) -> Form:
    """The form that the last turn shows."""
    assert talk.question.form is not None
    return talk.question.form


def submit(talk: Talk, token: str = "", **values: str | list[str]) -> Talk:
    """Send the form of the last turn, or of another token, filled in well but for some values."""
    talk.sent += 1
    return talk.send(Submit(f"s{talk.sent}", token or talk.question.buttons[0].token, {**GOOD, **values}))


def test_a_form_is_one_question_with_all_its_fields() -> None:
    """Where the channel has forms, all fields come at once: types, texts, choices by id, what is optional."""
    talk = slack()
    assert talk.at == "test.form"
    assert (form(talk).title, form(talk).submit, talk.question.expects) == ("The details", "Send them", "form")
    assert [(field.slot, field.type, field.optional) for field in form(talk).fields] == [
        ("size", "number", True),
        ("mail", "email", False),
        ("kind", "choice", False),
        ("parts", "choices", False),
        ("word", "text", False),
        ("day", "date", False),
    ]
    assert [field.choices for field in form(talk).fields[2:4]] == [
        (("y", "Yes it is"), ("e", "Else")),
        (("x", "Ex"), ("y", "Why"), ("z", "Zed")),
    ]
    assert len(form(talk).fields[0].document) == 2  # the hint stands below the prompt
    assert talk.labels == ["The details"]


def test_a_submitted_form_answers_all_its_questions() -> None:
    """All values are taken in one turn, typed as their slots are, and the flow goes on where the form leads."""
    talk = submit(slack())
    assert talk.slots == {
        "size": 5,
        "mail": "a@example.com",
        "kind": "y",
        "parts": ["x", "z"],
        "word": "opensesame",
        "day": {"typed": "2025-12-24", "date": "2025-12-24"},
    }
    assert talk.said == "After y?"
    (edit,) = [each for each in talk.effects if isinstance(each, Edit)]
    assert edit.ref == tokens.reference(talk.session.id, 1)
    assert talk.log.count("answer_accepted") == 6


@pytest.mark.parametrize("parts", [["y"], "y", ["x", "y"], ["y", "x", "z"]])
def test_several_choices_come_by_id(parts: str | list[str]) -> None:
    """Ids are taken as they are: one alone is an answer, and none is read as a word, not even a Spanish "and"."""
    talk = submit(slack(), parts=parts)
    assert talk.slots["parts"] == sorted(parts)


def test_every_refused_value_is_told_in_one_go() -> None:
    """The form comes back with an error for each value that was not taken, in the author's words if any."""
    talk = submit(slack(), size="100", mail="nobody", kind="perhaps", parts=["x", "q"], word="abc", day="03/04/2025")
    assert talk.at == "test.form"
    assert talk.slots == {}
    assert form(talk).errors == {
        "size": "A size is from 1 to 99.",
        "mail": "Please check this answer.",
        "kind": "Kind!",
        "parts": "Please check this answer.",
        "word": "Not that word.",
        "day": "Please check this answer.",
    }
    assert "form_refused" in talk.log
    assert "answer_accepted" not in talk.log


def test_a_refused_form_keeps_what_was_entered() -> None:
    """Nothing needs to be typed again, except what is sensitive."""
    talk = submit(slack(), mail="nobody")
    assert [field.former for field in form(talk).fields] == ["5", "nobody", "y", "z, x", "", "2025-12-24"]
    assert submit(talk).said == "After y?"


def test_an_empty_field_is_an_error_unless_it_is_optional() -> None:
    """What is optional may be left out; anything else is missed."""
    talk = submit(slack(), size="", mail="", parts=[])
    assert set(form(talk).errors) == {"mail", "parts"}
    assert submit(talk, size="").slots["size"] is None


def test_a_choice_of_no_idea_is_an_answer() -> None:
    """What is offered beside the author's choices comes by id like any choice."""
    assert submit(slack(), day="unsure", size="skip").slots["day"] == "unsure"


def test_a_sensitive_field_is_not_in_the_log() -> None:
    """Neither the event nor the answer shows it, be the form taken or refused, or an aside open above it."""
    talk = submit(slack(), mail="nobody")
    submit(talk)
    other = slack()
    token = other.question.buttons[0].token
    submit(other.send("/language"), token)
    for turn in (*talk.turns, *other.turns):
        assert "opensesame" not in repr(turn.log)
    assert talk.slots["word"] == other.slots["word"] == "opensesame"


def test_a_secret_in_a_field_is_removed() -> None:
    """A password in a field is neither taken nor shown again nor logged, and the merchant reads why."""
    talk = submit(slack(), mail="a@example.com", day="password: Hunter2!x")
    assert "removed it" in talk.said
    assert set(form(talk).errors) == {"day"}
    assert "Hunter2" not in repr(talk.turn)


def test_what_is_no_field_is_ignored() -> None:
    """Values of other names, and missing ones, are no trouble."""
    talk = slack()
    talk.send(Submit("s", talk.question.buttons[0].token, {"other": "x", "mail": "a@example.com"}))
    assert set(form(talk).errors) == {"kind", "parts", "word", "day"}


def test_back_shows_the_form_with_its_answers() -> None:
    """Meaning 5: back undoes the whole form, and it comes with what was entered, but for what is sensitive."""
    talk = submit(slack()).send("/back")
    assert talk.at == "test.form"
    assert talk.slots == {}
    assert [field.former for field in form(talk).fields] == ["5", "a@example.com", "y", "x, z", "", "2025-12-24"]
    assert all("keep" not in dict(field.choices) for field in form(talk).fields)


def test_a_changed_form_keeps_the_later_answers() -> None:
    """The form can be picked in the summary; what came after it is given again by itself."""
    talk = submit(slack()).send("and then")
    assert "Change: The details" in talk.labels
    talk.tap("Change: The details")
    assert (talk.at, talk.slots) == ("test.form", {})
    submit(talk, kind="e", size="7")
    assert talk.at == "test.check"
    assert (talk.slots["after"], talk.slots["kind"], talk.slots["size"]) == ("and then", "e", 7)


def test_a_form_is_given_again_when_something_before_it_changes() -> None:
    """A form is one answer among others: a change before it does not bring it back, unless a choice is gone."""
    flow = FLOW.replace("- {id: hello, say: Hello.}", "- {id: hello, collect: hello, prompt: Hello?}").replace(
        "slots:", "slots:\n  hello: {type: yes_no, label: Hello}", 1
    )
    talk = Talk(flow, channel=SLACK).send("/start", "yes")
    submit(talk).send("and then").tap("Change: Hello").send("no")
    assert talk.at == "test.check"
    assert talk.slots["hello"] == "no"
    assert talk.slots["parts"] == ["x", "z"]
    assert talk.log.count("answer_recalled") == 7


def test_writing_instead_asks_one_by_one() -> None:
    """Who writes instead of opening the form is asked its questions one after another, and may end with any of them."""
    talk = slack().send("it is about this")
    assert talk.at == "test.form.size"
    assert talk.said.startswith("Size?")
    talk.send("5", "a@example.com", "else", "ex", "done", "opensesame", "yesterday")
    assert talk.at == "test.after"
    assert (talk.slots["kind"], talk.slots["parts"]) == ("e", ["x"])


@pytest.mark.parametrize("replies", [[], ["5"], ["5", "a@example.com"]])
def test_the_form_may_still_be_sent_after_writing(replies: list[str]) -> None:
    """Whoever opens the form after all, while its questions are asked one by one, has filled it in for good."""
    talk = slack()
    token = talk.question.buttons[0].token
    talk.send("hm", *replies)
    assert submit(talk, token).said == "After y?"


def test_another_kind_of_message_asks_one_by_one_too() -> None:
    """A file or a sticker at the form leads to its first question."""
    assert slack().send(Message("f", "", (File("1", "a.png"),))).at == "test.form.size"
    assert slack().send(Message("f", kind="sticker")).at == "test.form.size"


def test_a_channel_without_forms_asks_one_after_another() -> None:
    """The same flow elsewhere: question by question, with all that questions have, and back goes one question back."""
    talk = Talk(FLOW).send("/start")
    assert talk.said == "Hello.\n\nSize?\n\nAbout 5."
    assert talk.labels == ["Skip"]
    assert talk.question.form is None
    talk.tap("Skip").send("a@example.com").tap("Else")
    assert talk.at == "test.form.parts"
    assert talk.send("/back").at == "test.form.kind"
    assert talk.slots == {"size": None, "mail": "a@example.com"}
    talk.tap("Yes it is").send("ex and zed", "opensesame")
    assert "opensesame" not in repr(talk.turn.log)
    talk.tap("I don't know")
    assert talk.said == "After y?"
    assert talk.send("x").labels[:3] == ["Done with it", "Change: Size", "Change: Mail"]


def test_the_summary_is_the_same_either_way() -> None:
    """At once or one by one: the answers are the same."""
    together = submit(slack()).send("x").said
    apart = (
        Talk(FLOW).send("/start", "5", "a@example.com", "yes it is", "zed, ex", "opensesame", "2025-12-24", "x").said
    )
    assert together == apart
    assert "Kind: Yes it is" in together
    assert "Word: •••" in together


def test_a_form_that_is_pressed_or_asked_about_comes_again() -> None:
    """The button of the form, help and a language switch put the form once more, as it is, in that language."""
    talk = slack()
    first = talk.question
    assert talk.press(first.buttons[0]).question == first
    assert talk.send("/why").question == first
    talk.send("/language es")
    assert talk.at == "test.form"
    assert dict(form(talk).fields[0].choices) == {"skip": "Omitir"}


def test_a_form_sent_while_a_pattern_asks_is_taken() -> None:
    """What was filled in is not lost because the bot asked something else in the meantime."""
    talk = slack()
    token = talk.question.buttons[0].token
    assert submit(talk.send("/language"), token).said == "After y?"


def test_a_form_sent_late_resumes() -> None:
    """Meaning 8: after the end of patience the form is taken, and the conversation goes on."""
    talk = slack()
    token = talk.question.buttons[0].token
    submit(talk.wait(days=9), token)
    assert talk.session.status == "active"
    assert "Welcome back" in talk.said
    assert talk.at == "test.after"


@pytest.mark.parametrize(("command", "status"), [("/human", "handed_off"), ("/cancel", "cancelled")])
def test_a_form_sent_out_of_turn_moves_nothing(command: str, status: str) -> None:
    """While a person is in control, or after cancel, a form is answered, and the flow stays where it is."""
    talk = slack()
    token = talk.question.buttons[0].token
    submit(talk.send(command), token)
    assert (talk.session.status, talk.slots) == (status, {})
    assert talk.said
    assert not any(isinstance(each, Relay) for each in talk.effects)


def test_a_form_sent_twice_offers_to_change_it() -> None:
    """The same form under another event key does not answer the question that waits now."""
    talk = slack()
    token = talk.question.buttons[0].token
    submit(submit(talk), token, kind="e")
    assert "answered this question already" in talk.said
    assert talk.slots["kind"] == "y"
    assert talk.send("yes").at == "test.form"


def test_a_form_whose_answers_are_known_is_not_shown() -> None:
    """Where every slot has its answer, the bot says what it knows, with a button for each."""
    talk = Talk(
        library("""
flow: test
version: 1
title: T
slots: {a: {type: text}, b: {type: yes_no}, c: {type: text}}
steps:
  - {id: set, set: {a: one, b: "yes"}}
  - {id: form, form: f, title: F, submit: S, fields: [{collect: a, prompt: A?}, {collect: b, prompt: B?}]}
  - {id: c, collect: c, prompt: C?}
"""),
        channel=SLACK,
    ).send("/start")
    assert [type(each) for each in talk.effects if isinstance(each, (Say, Ask))] == [Say, Say, Ask]
    assert talk.said == "I already know: one\n\nI already know: Yes\n\nC?"
    assert talk.labels == ["Change", "Change"]


def test_a_skipped_form_asks_nothing() -> None:
    """`when` on a form leaves out all its questions, in either way of asking."""
    flow = FLOW.replace("id: form\n", 'id: form\n    when: "slots.after == 1"\n')
    for channel in (SLACK, Talk(FLOW).session.channel):
        talk = Talk(flow, channel=channel).send("/start")
        assert talk.said == "Hello.\n\nNever.\n\nAfter ?"


def test_a_form_asks_all_its_questions() -> None:
    """Its condition counts when the form is entered: an answer inside it leaves out no question behind it."""
    text = """
        flow: test
        version: 1
        title: T
        slots: {x: {type: text, staff_label: X}, y: {type: text, staff_label: Y}}
        steps:
          - {id: form, form: f, title: F, submit: S, when: slots.x is none, fields: [
              {collect: x, prompt: X?}, {collect: y, prompt: Y?}]}
          - {id: bye, say: "Bye {{ slots.x }} {{ slots.y }}"}
        """
    talk = Talk(text).send("/start", "one")
    assert talk.said == "Y?"
    assert list(slots_ahead(talk.library.programs["test"], talk.session.stack[-1])) == ["y"]
    assert talk.send("two").said == "Bye one two"
    assert Talk(text, channel=SLACK).send("/start").question.form is not None
