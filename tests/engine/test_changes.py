"""Going back and changing answers: one question back, across calls, past barriers, and any earlier answer at once."""

from __future__ import annotations

from bot.chat.effects import Ask
from bot.engine import limits, undo
from tests.engine.talk import Talk, shipped

FLOW = """
flow: test
version: 1
title: T
slots:
  platform: {type: choice, label: Platform}
  version: {type: version, label: Version}
  text: {type: text, label: Words}
  sure: {type: choice}
steps:
  - id: platform
    collect: platform
    prompt: Which platform?
    choices: [{id: one, label: One}, {id: two, label: Two}]
  - {id: only_two, when: "slots.platform == 'two'", collect: version, prompt: Which version of Two?}
  - {id: lead, say: A text between.}
  - {id: rule, rule: staging, text: Only staging., accept: Understood, decline: {label: No way}}
  - {id: words, collect: text, prompt: Some words?}
  - id: check
    collect: sure
    prompt: "{{ summary }}"
    corrections: true
    choices: [{id: send, label: Send}]
"""

ROUND = """
flow: test
version: 1
title: T
slots: {kind: {type: choice, ask_again: true}}
steps:
  - {id: kind, collect: kind, prompt: Which?, choices: [{id: one, label: One}, {id: two, label: Two}], next: kind}
"""

CALLS = """
flow: test
version: 1
title: T
slots: {first: {type: text}, name: {type: text}, last: {type: text}}
steps:
  - {id: first, collect: first, prompt: First?}
  - {id: call, call: sub, with: {given: "{{ slots.first }}"}, into: {name: inner}}
  - {id: last, collect: last, prompt: "Last, {{ slots.name }}?"}
---
flow: sub
version: 1
title: S
slots: {given: {type: text}, inner: {type: text}, second: {type: text}}
steps:
  - {id: inner, collect: inner, prompt: "Inner of {{ slots.given }}?"}
  - {id: second, collect: second, prompt: Second?}
"""


def test_back_asks_the_last_question_again_with_the_former_answer() -> None:
    """Meaning 5: back undoes the last answer; the question comes with the answer it had."""
    talk = Talk(FLOW).send("/start", "one", "understood", "hello", "/back")
    assert talk.at == "test.words"
    assert "text" not in talk.slots
    assert "Your answer was: hello" in talk.said
    assert "step_undone" in talk.log


def test_back_twice_goes_two_answers_back() -> None:
    """Meaning 5: back can be repeated down to the first question, and an acknowledged rule is an answer too."""
    talk = Talk(FLOW).send("/start", "one", "understood", "hello", "/back", "/back")
    assert talk.at == "test.rule"
    assert talk.session.rules == {}
    assert talk.send("/back").at == "test.platform"
    assert talk.slots == {}
    assert "no earlier question" in talk.send("/back").said
    assert talk.at == "test.platform"


def test_the_former_answer_can_be_kept() -> None:
    """Meaning 5: what was typed before need not be typed again."""
    talk = Talk(FLOW).send("/start", "one", "understood", "a long answer", "/back")
    assert talk.labels == ["Keep this answer"]
    assert talk.tap("Keep this answer").slots["text"] == "a long answer"


def test_back_past_the_same_answer_leaves_what_was_there() -> None:
    """An answer that was given before takes nothing with it when it is taken back; another one brings it back."""
    talk = Talk(ROUND).send("/start", "one", "one", "two", "two")
    asked = []
    while talk.slots:
        asked.append((talk.at, talk.slots))
        talk.send("/back")
    assert [slots["kind"] for _, slots in asked] == ["two", "two", "one", "one"]
    assert {at for at, _ in asked} == {"test.kind"}


def test_back_leads_into_a_called_flow() -> None:
    """Meaning 5: back crosses the border of a call, into the flow that had ended, with its slots."""
    talk = Talk(CALLS).send("/start", "A", "B", "C")
    assert talk.said == "Last, B?"
    talk.send("/back")
    assert talk.at == "sub.second"
    assert talk.session.stack[1].slots == {"given": "A", "inner": "B"}
    assert "name" not in talk.slots
    assert talk.send("C2").said == "Last, B?"


def test_back_leads_out_of_a_called_flow() -> None:
    """Meaning 5: back crosses the border of a call the other way: the call is undone with the answer before it."""
    talk = Talk(CALLS).send("/start", "A", "/back")
    assert talk.at == "test.first"
    assert len(talk.session.stack) == 1
    assert talk.send("A2").said == "Inner of A2?"


def test_back_stops_at_a_barrier_and_says_why() -> None:
    """Meaning 5: beyond a barrier nothing is taken back, and the merchant reads why."""
    talk = Talk(CALLS.replace("prompt: Second?", "prompt: Second?, barrier: true")).send(
        "/start", "A", "B", "C", "/back"
    )
    assert "already been used" in talk.said
    assert talk.at == "test.last"


def test_back_within_a_repair_pattern_returns_to_the_question() -> None:
    """Back while the bot asks "stop here?" leaves that question, not an answer of the conversation."""
    talk = Talk(FLOW).send("/start", "one", "understood", "/language", "/back")
    assert talk.at == "test.words"
    assert talk.slots == {"platform": "one"}


def test_back_after_the_hand_off_says_who_has_the_answers() -> None:
    """A correction after the hand-off is for the person in control."""
    assert "with a person" in Talk(FLOW).send("/start", "one", "/human", "/back").said


def test_an_old_button_offers_to_change_that_answer() -> None:
    """Meaning 5: pressing a choice of an answered question asks whether to change it, and then does."""
    talk = Talk(FLOW).send("/start")
    two = next(button for button in talk.buttons if button.label == "Two")
    talk.send("one", "understood").press(two)
    assert "One" in talk.said
    assert "change" in talk.said
    assert talk.slots == {"platform": "one"}
    talk.send("yes")
    assert talk.slots == {"platform": "two"}
    assert talk.said == "Which version of Two?"


def test_an_old_button_may_be_left_alone() -> None:
    """Declining the change puts the present question again and changes nothing."""
    talk = Talk(FLOW).send("/start")
    two = next(button for button in talk.buttons if button.label == "Two")
    talk.send("one", "understood").press(two).send("no")
    assert talk.at == "test.words"
    assert talk.slots == {"platform": "one"}


def test_the_answered_question_carries_a_change_button() -> None:
    """The change button of an answered question leads straight back to it."""
    talk = Talk(FLOW).send("/start").tap("One")
    edit = next(each for each in talk.effects if type(each).__name__ == "Edit")
    talk.press(edit.buttons[0])  # type: ignore[union-attr]
    assert talk.at == "test.platform"
    assert "Your answer was: One" in talk.said


def test_later_answers_are_given_again_by_themselves() -> None:
    """Changing an early answer asks only what the new path adds; the rest is answered as before, without its texts."""
    talk = Talk(FLOW).send("/start", "one", "understood", "hello")
    talk.tap("Change: Platform").send("two")
    assert talk.said == "Which version of Two?"
    talk.send("2.0")
    assert talk.at == "test.check"
    assert talk.slots == {"platform": "two", "version": "2.0", "text": "hello"}
    assert talk.session.rules["staging"].accepted
    assert "A text between" not in talk.said
    assert talk.session.recall == ()


def test_answers_of_a_path_that_is_left_are_gone() -> None:
    """Changing back drops the answer that only the other path asks for."""
    talk = Talk(FLOW).send("/start", "two", "2.0", "understood", "hello").tap("Change: Platform").send("one")
    assert talk.at == "test.check"
    assert talk.slots == {"platform": "one", "text": "hello"}


def test_a_declined_rule_stays_declined_after_a_change() -> None:
    """A refusal is given again by itself as well as an acknowledgement: nobody is pressed."""
    talk = Talk(FLOW).send("/start", "one", "no way", "hello").tap("Change: Platform").send("two", "1.0")
    assert talk.at == "test.check"
    assert not talk.session.rules["staging"].accepted


def test_corrections_can_be_typed() -> None:
    """In the summary the name of an answer is enough to correct it, and its number too."""
    assert Talk(FLOW).send("/start", "one", "understood", "hello", "change: platform").at == "test.platform"
    assert Talk(FLOW).send("/start", "one", "understood", "hello", "3").at == "test.words"


def test_changing_the_shipped_platform_keeps_the_rest() -> None:
    """In the shipped flow a changed platform asks for the version anew and nothing else."""
    talk = Talk(shipped(), "help_us_help_you").send(
        "/start", "woo", "orders stay pending", "6.12.0", "12345678", "test"
    )
    talk.send("yes", "all", "yes", "2025-12-24", "no", "staging", "order 123", "A staging or test copy")
    talk.send("ok", "ok", "i will")
    assert talk.at == "help_us_help_you.summary"
    before = dict(talk.slots)
    talk.tap("Change: Platform").send("shopware 6")
    assert talk.at == "help_us_help_you.version_shopware"
    talk.send("4.3.0")
    assert talk.at == "help_us_help_you.summary"
    assert talk.slots == {**before, "platform": "shopware6", "plugin_version": "4.3.0"}


def test_side_effects_do_not_run_again() -> None:
    """Meaning 5: an action that was performed is not performed again with the same arguments; with others it is."""
    flow = """
flow: test
version: 1
title: T
slots: {id: {type: text}, found: {type: text}, next: {type: text}}
steps:
  - {id: ask, collect: id, prompt: Which?}
  - {id: look, action: look_up, with: {id: "{{ slots.id }}"}, into: {found: name}}
  - {id: after, collect: next, prompt: "{{ slots.found }}?"}
"""
    from bot.chat.effects import Perform  # noqa: PLC0415
    from bot.chat.events import Performed  # noqa: PLC0415

    talk = Talk(flow).send("/start", "42")
    (perform,) = [each for each in talk.effects if isinstance(each, Perform)]
    assert perform.arguments == {"id": "42"}
    talk.send(Performed("p1", perform.action, {"name": "Shop"}))
    assert talk.said == "Shop?"
    talk.send("/back", "42")
    assert not any(isinstance(each, Perform) for each in talk.effects)
    assert talk.said.startswith("Shop?")
    talk.send("/back", "43")
    assert any(isinstance(each, Perform) for each in talk.effects)


def test_a_known_answer_is_not_asked_again() -> None:
    """A slot that has a value is not asked; the bot says so, with a button that changes it."""
    talk = Talk("""
flow: test
version: 1
title: T
slots: {colour: {type: choice}, end: {type: text}}
steps:
  - {id: set, set: {colour: red}}
  - id: ask
    collect: colour
    prompt: Which colour?
    choices: [{id: red, label: Red}, {id: blue, label: Blue}]
  - {id: end, collect: end, prompt: End?}
""").send("/start")
    assert talk.said == "I already know: Red\n\nEnd?"
    talk.tap("Change")
    assert talk.at == "test.ask"
    assert talk.tap("Blue").slots == {"colour": "blue"}


def test_the_ways_back_are_limited() -> None:
    """A session keeps at most so many ways back; a long conversation does not grow without end."""
    talk = Talk("""
flow: test
version: 1
title: T
slots: {x: {type: text, ask_again: true}}
steps: [{id: ask, collect: x, prompt: Again?, next: ask}]
""").send("/start")
    for number in range(limits.UNDO_ENTRIES + 30):
        talk.send(str(number))
    assert 0 < undo.answered(talk.session) <= limits.UNDO_ENTRIES
    assert isinstance(talk.send("/back").effects[-2], Ask)
