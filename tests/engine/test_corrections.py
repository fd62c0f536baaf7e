"""Changing an earlier answer where it is hard: in loops, in flows called twice, by old buttons, behind namesakes."""

from __future__ import annotations

from bot.chat.effects import Ask, Button, Edit
from bot.chat.events import Message
from bot.engine import limits
from tests.engine.talk import Talk

TWICE = """
flow: test
version: 1
title: T
slots: {n: {type: text}, m: {type: text}, z: {type: choice}}
steps:
  - {id: one, call: sub, into: {n: x}}
  - {id: two, call: sub, into: {m: x}}
  - {id: z, collect: z, prompt: "{{ slots.n }} {{ slots.m }}?", choices: [{id: ok, label: Ok}]}
---
flow: sub
version: 1
title: S
slots: {x: {type: choice, label: X}, y: {type: text}}
steps:
  - {id: x, collect: x, prompt: X?, choices: [{id: p, label: Pi}, {id: q, label: Qu}, {id: r, label: Rho}]}
  - {id: y, collect: y, prompt: "Y of {{ slots.x }}?"}
"""

LOOP = """
flow: test
version: 1
title: T
slots:
  first: {type: yes_no}
  part: {type: text, ask_again: true}
  more: {type: yes_no, ask_again: true}
  end: {type: text}
steps:
  - {id: first, collect: first, prompt: First?}
  - {id: part, collect: part, prompt: Part?}
  - {id: more, collect: more, prompt: More?, next: [{if: "slots.more == 'yes'", then: part}, {else: end}]}
  - {id: end, collect: end, prompt: End?}
"""

SAME = """
flow: test
version: 1
title: T
slots: {a: {type: text}, b: {type: text}, c: {type: text}, d: {type: text}, sure: {type: yes_no}, end: {type: text}}
steps:
  - {id: a, collect: a, prompt: A?}
  - {id: b, collect: b, prompt: B?}
  - {id: c, collect: c, prompt: C?}
  - {id: d, collect: d, prompt: D?}
  - {id: ask, collect: sure, prompt: Sure?}
  - {id: end, collect: end, prompt: End?}
"""


ASIDE = """---
flow: aside
version: 1
title: A
triggers: [{command: aside}]
slots: {x: {type: text}}
steps: [{id: x, collect: x, prompt: X?}]
"""


def button(talk: Talk, turn: int, label: str) -> Button:
    """A button that a turn showed."""
    shown = [each for effect in talk.turns[turn].effects if isinstance(effect, Ask) for each in effect.buttons]
    return next(each for each in shown if each.label == label)


def accepted(talk: Talk) -> dict[str, bool]:
    """The rules that were answered, and whether they were accepted."""
    return {name: each.accepted for name, each in talk.session.rules.items()}


def edits(talk: Talk) -> list[Edit]:
    """What the last turn edits."""
    return [each for each in talk.effects if isinstance(each, Edit)]


def test_answers_of_a_flow_called_twice_are_told_apart() -> None:
    """A change in the first call gives the second call's answers again, each in its place."""
    talk = Talk(TWICE).send("/start", "pi", "one", "qu", "two")
    assert talk.said == "p q?"
    talk.press(button(talk, 0, "Rho")).send("yes")
    assert talk.said == "r q?"
    assert [frame.step for frame in talk.session.stack] == ["z"]
    assert talk.log.count("answer_recalled") == 3
    talk.send("/back")
    assert talk.said == "Y of q?\n\nYour answer was: two"


def test_a_loop_is_gone_through_again() -> None:
    """An answer before a loop can be changed: the first round is given again, later ones are asked, nothing fails."""
    talk = Talk(LOOP).send("/start", "yes", "one", "yes", "two", "yes", "three", "no")
    talk.press(button(talk, 0, "No")).send("yes")
    assert "turn_failed" not in talk.log
    assert talk.slots["first"] == "no"
    assert talk.at in {"test.part", "test.more"}
    for _ in range(9):
        if talk.at == "test.end":
            break
        talk.send("two" if talk.at == "test.part" else "no")
    assert talk.at == "test.end"


def test_back_through_a_loop() -> None:
    """Each round is one answer after another on the way back."""
    talk = Talk(LOOP).send("/start", "yes", "one", "yes", "two", "no")
    for at, slots in (
        ("test.more", {"first": "yes", "part": "two", "more": "yes"}),
        ("test.part", {"first": "yes", "part": "one", "more": "yes"}),
        ("test.more", {"first": "yes", "part": "one"}),
        ("test.part", {"first": "yes"}),
        ("test.first", {}),
    ):
        talk.send("/back")
        assert (talk.at, talk.slots) == (at, slots)


def test_the_answered_question_is_edited_and_not_one_that_was_never_shown() -> None:
    """Changing an answer by its old button edits the message under which that button stands."""
    talk = Talk(LOOP).send("/start").tap("Yes")
    (first,) = edits(talk)
    talk.press(button(talk, 0, "No")).send("yes")
    assert [each.ref for each in edits(talk)][-1] == first.ref
    asked = {effect.ref for turn in talk.turns for effect in turn.effects if isinstance(effect, Ask)}
    assert {effect.ref for turn in talk.turns for effect in turn.effects if isinstance(effect, Edit)} <= asked


def test_the_change_button_works_ever_again() -> None:
    """A question keeps its number however often it is put: the button under it changes the answer time and again."""
    talk = Talk(LOOP).send("/start").tap("Yes")
    change = edits(talk)[0].buttons[0]
    for answer in ("no", "yes", "no"):
        talk.press(change)
        assert (talk.at, talk.slots) == ("test.first", {})
        assert talk.send(answer).slots == {"first": answer}
    assert talk.at == "test.part"


def test_the_change_button_works_after_other_answers_were_changed() -> None:
    """Answers that were given again keep their buttons too."""
    talk = Talk(TWICE).send("/start").tap("Pi").send("one").tap("Qu")
    change = edits(talk)[0].buttons[0]
    talk.send("two").press(button(talk, 0, "Rho")).send("yes").press(change)
    assert talk.at == "sub.x"
    assert [frame.step for frame in talk.session.stack] == ["two", "x"]
    assert "Your answer was: Qu" in talk.said
    assert talk.tap("Pi").said == "r p?"


def test_a_button_of_another_flow_is_no_answer_to_a_step_of_the_same_name() -> None:
    """A late press on "Yes" of "start over?" does not say yes to a question whose step happens to be called alike."""
    talk = Talk(SAME).send("/start", "1", "2", "3", "4", "/restart")
    yes = next(each for each in talk.buttons if each.label == "Yes")
    talk.send("no")
    assert talk.at == "test.ask"
    talk.press(yes)
    assert "no longer does anything" in talk.said
    assert "sure" not in talk.slots


def test_a_button_of_the_question_below_an_aside_answers_it() -> None:
    """While another flow asks, the buttons of the waiting question still work; the other flow is left for it."""
    talk = Talk(SAME + ASIDE).send("/start", "1", "2", "3", "4")
    yes = next(each for each in talk.buttons if each.label == "Yes")
    talk.send("/aside").press(yes)
    assert talk.at == "test.end"
    assert talk.slots["sure"] == "yes"
    assert len(talk.session.stack) == 1
    talk.send("/back")
    assert talk.at == "test.ask"
    assert len(talk.session.stack) == 1


def test_an_answer_that_no_longer_makes_sense_is_asked_again() -> None:
    """A later answer that the change makes impossible, by choices or by a rejection, is not given again by itself."""
    flow = """
flow: test
version: 1
title: T
slots: {a: {type: choice, label: A}, b: {type: choice}, c: {type: number}, d: {type: text}}
steps:
  - {id: a, collect: a, prompt: A?, choices: [{id: x, label: Ex}, {id: y, label: Why, next: b2}]}
  - {id: b1, collect: b, prompt: B one?, choices: [{id: p, label: Pi}, {id: q, label: Qu}], next: c}
  - {id: b2, collect: b, prompt: B two?, choices: [{id: q, label: Qu}]}
  - {id: c, collect: c, prompt: C?, rejections: [{if: "slots.a == 'y' and value > 5", say: Too many for Why.}]}
  - {id: d, collect: d, prompt: D?}
"""
    talk = Talk(flow).send("/start", "ex", "pi", "9", "d")
    talk = Talk(flow).send("/start", "ex", "pi", "9")
    talk.press(button(talk, 0, "Why")).send("yes")
    assert talk.said == "B two?"
    assert talk.send("qu").said == "C?\n\nYour answer was: 9"
    assert talk.send("4").at == "test.d"


def test_a_value_that_nobody_answered_is_not_given_as_an_answer() -> None:
    """What a step had set on the old path is asked for on the new one."""
    flow = """
flow: test
version: 1
title: T
slots: {a: {type: choice, label: A}, b: {type: text}, c: {type: text}}
steps:
  - {id: a, collect: a, prompt: A?, choices: [{id: x, label: Ex}, {id: y, label: Why, next: b}]}
  - {id: set, set: {b: by itself}}
  - {id: b, collect: b, prompt: B?}
  - {id: c, collect: c, prompt: "C {{ slots.b }}?"}
"""
    talk = Talk(flow).send("/start").tap("Ex")
    assert talk.said == "I already know: by itself\n\nC by itself?"
    talk.press(button(talk, 0, "Why")).send("yes")
    assert talk.at == "test.b"
    assert "b" not in talk.slots


def test_a_change_that_is_not_finished_can_be_taken_back() -> None:
    """After picking an answer for a change, back goes on from there, and the later answers are offered, not lost."""
    talk = Talk(SAME).send("/start", "1", "2", "3", "4", "yes")
    change = next(each for turn in talk.turns for each in turn.effects if isinstance(each, Edit)).buttons[0]
    talk.press(change)
    assert talk.at == "test.ask"
    talk.send("/back")
    assert (talk.at, talk.slots) == ("test.d", {"a": "1", "b": "2", "c": "3"})
    assert talk.tap("Keep this answer").said == "Sure?\n\nYour answer was: Yes"


def test_back_goes_to_the_question_before_one_that_was_given_up() -> None:
    """A question that time or tries took away was not answered: back leads to the answer before it."""
    flow = """
flow: test
version: 1
title: T
slots: {a: {type: text}, b: {type: number}, x: {type: text}, c: {type: text}}
steps:
  - {id: a, collect: a, prompt: A?}
  - id: b
    collect: b
    prompt: B?
    barrier: true
    max_attempts: 2
    on_max_attempts: note
    timeout: {after: 1h, then: note}
  - {id: note, set: {x: given up, b: 0}}
  - {id: c, collect: c, prompt: "C {{ slots.x }}?"}
"""
    for talk in (Talk(flow).send("/start", "1", "many", "more"), Talk(flow).send("/start", "1").wait(hours=1)):
        assert talk.said == "C given up?"
        talk.send("/back")
        assert (talk.at, talk.slots) == ("test.a", {})
        assert talk.send("2").said == "B?"


def test_no_answer_beyond_a_barrier_is_changed() -> None:
    """Meaning 5: an old button whose way leads over a barrier says why not, and everything stays."""
    talk = Talk(LOOP.replace("prompt: Part?", "prompt: Part?, barrier: true")).send("/start", "yes", "one")
    talk.press(button(talk, 0, "No")).send("yes")
    assert "already been used" in talk.said
    assert (talk.at, talk.slots) == ("test.more", {"first": "yes", "part": "one"})


def test_a_change_may_be_refused() -> None:
    """An old button whose choice makes no sense any more is refused in the author's words, at its question."""
    flow = """
flow: test
version: 1
title: T
slots: {a: {type: yes_no}, b: {type: choice}, c: {type: text}}
steps:
  - {id: a, collect: a, prompt: A?}
  - id: b
    collect: b
    prompt: B?
    choices: [{id: live, label: Live}, {id: test, label: Test}]
    rejections: [{if: "value == 'live' and slots.a == 'no'", say: Not the live one.}]
  - {id: c, collect: c, prompt: C?}
"""
    talk = Talk(flow).send("/start", "no", "test").press(button(Talk(flow).send("/start", "no"), 1, "Live")).send("yes")
    assert talk.said == "Not the live one.\n\nB?\n\nYour answer was: Test"
    assert talk.send("test").at == "test.c"


def test_a_rule_is_changed_by_its_old_button() -> None:
    """A refused rule can be accepted by the button under it, and the other way round."""
    flow = """
flow: test
version: 1
title: T
slots: {c: {type: text}}
steps:
  - {id: r, rule: r, text: The rule., accept: Understood, decline: {label: Never}}
  - {id: c, collect: c, prompt: C?}
"""
    talk = Talk(flow).send("/start").tap("Never")
    assert accepted(talk) == {"r": False}
    talk.press(button(talk, 0, "Understood")).send("yes")
    assert accepted(talk) == {"r": True}
    assert talk.at == "test.c"
    assert accepted(talk.send("/back")) == {}
    assert accepted(talk.send("never")) == {"r": False}


def said(key: str, text: str, *, edited: bool = False) -> Message:
    """A message whose id on its platform is the first word of `key`."""
    return Message(key, text, edited=edited, origin=key.partition(" ")[0])


def test_an_edited_message_corrects_its_answer() -> None:
    """It is said what the answer is now, the later ones are given again, and what waits is put again."""
    talk = Talk(SAME).send("/start", said("1", "one"), said("2", "two"), said("3", "three"))
    talk.send(said("2 again", "zwei", edited=True))
    assert talk.said == "Your answer is now: zwei\n\nD?"
    assert talk.slots == {"a": "one", "b": "zwei", "c": "three"}
    assert "answer_corrected" in talk.log
    talk.send(said("2 once more", "deux", edited=True))
    assert talk.slots["b"] == "deux"


def test_an_edit_that_is_no_answer_changes_nothing() -> None:
    """A choice is corrected by words that are one for sure; others, and the same answer, put what waits again."""
    talk = Talk(TWICE).send("/start", said("1", "pi"))
    for number, words in enumerate(("nonsense", "pi")):
        talk.send(said(f"1 {number}", words, edited=True))
        assert (talk.said, "answer_corrected" in talk.log) == ("Y of p?", False)
    talk.send(said("1 last", "rho", edited=True))
    assert talk.said == "Your answer is now: Rho\n\nY of r?"


def test_an_answer_that_was_given_again_is_no_longer_that_of_the_old_message() -> None:
    """Once a button has changed the answer, edits of the message that gave it first change nothing."""
    talk = Talk(TWICE).send("/start", said("1", "pi"))
    talk.press(button(talk, 0, "Rho")).send("yes")
    talk.send(said("1 late", "qu", edited=True))
    assert talk.said == "Y of r?"


def test_only_the_latest_messages_are_remembered() -> None:
    """A session remembers so many, and forgets all of them when it is started anew."""
    talk = Talk(LOOP).send("/start", said("0", "yes"))
    for number in range(1, 41):
        talk.send(said(f"{number}", "yes" if number % 2 == 0 else "word"))
    assert len(talk.session.said) == limits.MESSAGES_REMEMBERED
    assert list(talk.session.said)[-1] == "40"
    assert talk.send("/restart", "yes").session.said == {}
