"""Choosing: which option a reply or a button means, one or several, and what is asked back if that is not clear."""

from __future__ import annotations

import pytest

from bot.chat.effects import Ask, Edit, Relay
from bot.chat.events import Message
from bot.chat.people import SLACK, TELEGRAM
from bot.text.plain import plain
from tests.engine.talk import Talk

FLOW = """
flow: test
version: 1
title: T
slots:
  one: {type: choice, label: One}
  many: {type: choices, label: Many}
  sure: {type: yes_no, label: Sure}
  free: {type: choice, also: text, max_chars: 30, label: Free}
  end: {type: text}
steps:
  - id: one
    collect: one
    prompt: One?
    choices:
      - {id: magento2, label: Magento 2, synonyms: [adobe commerce, m2]}
      - {id: magento1, label: Magento 1, synonyms: [openmage]}
      - {id: woo, label: WooCommerce}
      - {id: other, label: Something else, next: sure}
      - {id: "no", label: None at all}
  - id: many
    collect: many
    prompt: Many?
    choices: [{id: a, label: Apples}, {id: b, label: Bananas}, {id: c, label: Cherries}]
    unsure: true
  - {id: sure, collect: sure, prompt: Sure?, unsure: true}
  - {id: free, collect: free, prompt: Free?, choices: [{id: x, label: Xenon}, {id: y, label: Ypsilon}]}
  - {id: end, collect: end, prompt: "End {{ slots.sure }}?"}
"""


def at_one(locale: str = "en") -> Talk:
    """A conversation at the question with one choice."""
    return Talk(FLOW, locale=locale).send("/start")


def at_many() -> Talk:
    """A conversation at the question with several choices."""
    return at_one().send("woo")


def at_sure(locale: str = "en") -> Talk:
    """A conversation at the question with yes, no, and no idea."""
    return at_one(locale).send("4")


@pytest.mark.parametrize(
    ("reply", "choice"),
    [
        ("magento2", "magento2"),
        ("Magento 2", "magento2"),
        ("  MAGENTO 2!! 🎉", "magento2"),
        ("ＭＡＧＥＮＴＯ ２", "magento2"),
        ("Adobe-Commerce", "magento2"),
        ("magento1", "magento1"),
        ("woo commerce", "woo"),
        ("somet", "other"),
        ("3", "woo"),
        ("3.", "woo"),
        ("#3", "woo"),
        ("3️⃣", "woo"),
        ("the third one", "woo"),
        ("la tercera", "woo"),
        ("last", "no"),
        ("no", "no"),
    ],
)
def test_a_reply_that_names_one_choice_is_taken(reply: str, choice: str) -> None:
    """Meaning 3: id, label, synonym, number or ordinal as the whole message, and a unique beginning are answers."""
    talk = at_one().send(reply)
    assert talk.slots["one"] == choice


@pytest.mark.parametrize(
    "reply", ["no start since 01.01.2022", "een", "I have 3 shops", "6", "0", "-1", "ma", "2 weeks ago", "seit 2 Tagen"]
)
def test_a_number_inside_a_sentence_never_counts(reply: str) -> None:
    """Meaning 3: a date, a Dutch "een" or a count is no choice; neither is a number without one."""
    talk = at_one().send(reply)
    assert talk.slots == {}
    assert talk.at == "test.one"
    assert talk.log.count("answer_unmatched") == 1


def test_a_typo_is_asked_about_and_not_taken() -> None:
    """Meaning 3: a unique fuzzy hit asks; yes takes it, by word or by button, and the question is edited."""
    talk = at_one().send("wocommerce")
    assert talk.said == "Did you mean WooCommerce?"
    assert talk.labels == ["WooCommerce", "None of these"]
    assert talk.slots == {}
    assert [each.data for each in talk.turn.log if each.kind == "answer_doubted"] == [
        {"flow": "test", "step": "one", "options": ["woo"], "how": "likeness"}
    ]
    taken = at_one().send("wocommerce", "yes")
    assert taken.slots == {"one": "woo"}
    assert [each.data["how"] for each in taken.turn.log if each.kind == "answer_accepted"] == ["offer"]
    assert at_one().send("wocommerce", "1").slots == {"one": "woo"}
    assert talk.tap("WooCommerce").slots == {"one": "woo"}
    assert type(talk.effects[0]) is Edit


@pytest.mark.parametrize("reply", ["no", "No thanks", "none of these", "2"])
def test_a_typo_may_have_been_none(reply: str) -> None:
    """Saying no to "Did you mean …?" puts the question again and takes nothing, also where a choice is called so."""
    talk = at_one().send("wocommerce", reply)
    assert (talk.slots, talk.said) == ({}, "One?")


def test_none_of_these_is_no_choice_of_that_name() -> None:
    """The button takes nothing, whatever ids the choices have, and stands beside an offered "no"."""
    talk = at_one().send("nonne at all")
    assert talk.labels == ["None at all", "None of these"]
    talk.tap("None of these")
    assert (talk.slots, talk.said) == ({}, "One?")
    talk = at_sure().send("i dont knoww")
    assert talk.labels == ["I don't know", "None of these"]


def test_two_hits_are_both_shown() -> None:
    """Meaning 3: what may mean two choices asks which, by button, number or name; yes alone does not decide."""
    talk = at_one().send("magento")
    assert talk.said == "Which of these do you mean?"
    assert talk.labels == ["Magento 2", "Magento 1", "None of these"]
    assert at_one().send("magento", "2").slots == {"one": "magento1"}
    assert at_one().send("magento", "m2").slots == {"one": "magento2"}
    assert at_one().send("magento", "woo").slots == {"one": "woo"}
    assert at_one().send("magento", "yes").slots == {}
    assert at_one().send("magento", "3").said == "One?"
    assert talk.tap("Magento 1").slots == {"one": "magento1"}


def test_what_was_offered_is_offered_again() -> None:
    """After help or a language switch the same is asked back, so that a number still means what is on the screen."""
    talk = at_one().send("magento", "/why")
    assert talk.said.endswith("Which of these do you mean?")
    talk.send("/language de")
    assert talk.labels == ["Magento 2", "Magento 1", "Keine davon"]
    assert talk.send("1").slots == {"one": "magento2"}


def test_another_reply_than_the_offered_ones_is_read_afresh() -> None:
    """Whatever else is said to "Did you mean …?" is a reply to the question."""
    talk = at_one().send("wocommerce", "qqqq")
    assert "did not recognise" in talk.said
    assert talk.question.document == at_one().question.document
    assert talk.send("1").slots == {"one": "magento2"}


def test_a_former_button_still_answers() -> None:
    """A button of the question's first putting answers while the question still waits, after an offer or going back."""
    first = at_one()
    woo = next(button for button in first.buttons if button.label == "WooCommerce")
    assert first.send("magento").press(woo).slots == {"one": "woo"}
    assert first.send("/back", "/why").press(woo).slots == {"one": "woo"}


@pytest.mark.parametrize(
    ("locale", "reply", "answer"),
    [
        ("es", "sí", "yes"),
        ("es", "yes", "yes"),
        ("en", "sí", "yes"),
        ("en", "ja", "yes"),
        ("nl", "nee", "no"),
        ("nl", "nein", "no"),
        ("de", "no", "no"),
        ("fr", "oui", "yes"),
        ("pt", "não", "no"),
        ("en", "no sé", "unsure"),
        ("it", "I don't know", "unsure"),
        ("en", "weet ik niet", "unsure"),
    ],
)
def test_any_language_is_understood(locale: str, reply: str, answer: str) -> None:
    """Meaning 3: a label or synonym in another language than the conversation's is as good."""
    assert at_sure(locale).send(reply).slots["sure"] == answer


@pytest.mark.parametrize("reply", ["een", "Een.", "één"])
def test_a_dutch_article_is_no_number(reply: str) -> None:
    """Meaning 3: "een" does not choose the first option, in Dutch either."""
    assert "one" not in at_one("nl").send(reply).slots


def test_yes_no_and_no_idea() -> None:
    """A yes-no question has a third answer where its author says so, by button, word or number."""
    assert at_sure().labels == ["Yes", "No", "I don't know"]
    for reply in ("3", "unsure", "no idea", "idk", "I DON’T KNOW"):
        assert at_sure().send(reply).slots["sure"] == "unsure"
    assert at_sure().tap("I don't know").slots["sure"] == "unsure"


def test_a_choice_leads_where_it_says() -> None:
    """`next` of a choice counts before the question's own, whichever way the choice was made."""
    for talk in (
        at_one().send("something else"),
        at_one().tap("Something else"),
        at_one().send("somethin elze", "yes"),
    ):
        assert talk.at == "test.sure"


def test_choices_are_ticked_one_by_one_and_then_done() -> None:
    """Several choices: each press ticks or unticks, which the labels show, and "Done" ends it."""
    talk = at_many()
    assert talk.labels == ["Apples", "Bananas", "Cherries", "I don't know"]
    talk.tap("Apples")
    assert talk.labels == ["✓ Apples", "Bananas", "Cherries", "I don't know", "Done"]
    assert "many" not in talk.slots
    talk.tap("Cherries").tap("✓ Apples").send("bananas")
    assert talk.labels == ["Apples", "✓ Bananas", "✓ Cherries", "I don't know", "Done"]
    assert talk.tap("Done").slots["many"] == ["c", "b"]
    assert talk.session.stack[0].wait is not None
    assert talk.session.stack[0].wait.chosen == ()


def test_done_needs_something_to_be_done_with() -> None:
    """Before the first tick there is no "Done", and typing it is not recognised."""
    assert "did not recognise" in at_many().send("done").said
    talk = at_many().tap("Apples").tap("✓ Apples")
    assert "Done" not in talk.labels


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        ("apples, cherries", ["a", "c"]),
        ("Cherries and apples", ["a", "c"]),
        ("1, 3", ["a", "c"]),
        ("1 3", ["a", "c"]),
        ("bananas; apples\ncherries", ["a", "b", "c"]),
        ("apples y cherries", ["a", "c"]),
    ],
)
def test_a_typed_list_answers_at_once(reply: str, answer: list[str]) -> None:
    """An enumeration of choices is the whole answer, in the choices' order."""
    assert at_many().send(reply).slots["many"] == answer


def test_a_typed_list_completes_what_is_ticked() -> None:
    """Nothing that was ticked is lost by naming more; "done" may stand among them and is no answer itself."""
    assert at_many().tap("Apples").send("bananas, cherries").slots["many"] == ["a", "b", "c"]
    assert at_many().tap("Apples").send("cherries, done").slots["many"] == ["a", "c"]
    assert at_many().tap("Apples").send("done").slots["many"] == ["a"]


def test_a_list_with_no_idea_in_it_asks() -> None:
    """It is one or the other: both are offered."""
    talk = at_many().send("apples, i don't know")
    assert talk.said == "Which of these do you mean?"
    assert talk.labels == ["Apples", "I don't know", "None of these"]
    assert talk.tap("I don't know").slots["many"] == "unsure"


def test_a_list_with_a_stranger_in_it_is_not_half_taken() -> None:
    """A list of which one part means nothing is not taken as the rest of it."""
    talk = at_many().send("apples, bananas, zzzz")
    assert "many" not in talk.slots
    assert talk.at == "test.many"


def test_no_idea_forgets_the_ticks() -> None:
    """Not to know is the answer, whatever was ticked before it."""
    assert at_many().tap("Apples").tap("I don't know").slots["many"] == "unsure"


def test_free_text_is_an_answer_where_the_slot_takes_it() -> None:
    """`also: text`: what names a choice is that choice, anything else is kept as it was typed; a typo is text too."""
    talk = at_sure().send("yes")
    assert talk.send("xenon").slots["free"] == "x"
    assert talk.send("/back", "2").slots["free"] == "y"
    assert talk.send("/back", "xenonn").slots["free"] == "xenonn"
    assert talk.send("/back", "all but Xenon").slots["free"] == "all but Xenon"
    assert "fewer words" in talk.send("/back", "x" * 31).said
    assert "free" not in talk.slots


def test_an_authors_choice_may_be_called_like_an_option_of_the_engine() -> None:
    """Ids such as done, keep, change, skip and none_of_these are choices where the author says so."""
    ids = ["done", "keep", "change", "skip", "unsure", "no"]
    choices = ", ".join(f'{{id: "{each}", label: The {each} one}}' for each in ids)
    flow = f"""
flow: test
version: 1
title: T
slots: {{x: {{type: choice}}, end: {{type: text}}}}
steps:
  - {{id: x, collect: x, prompt: X?, choices: [{choices}]}}
  - {{id: end, collect: end, prompt: End?}}
"""
    for each in ids:
        assert Talk(flow).send("/start").tap(f"The {each} one").slots == {"x": each}
        assert Talk(flow).send("/start", f"the {each} one").slots == {"x": each}
        talk = Talk(flow).send("/start", "1")
        (question,) = [effect for effect in talk.turns[0].effects if isinstance(effect, Ask)]
        talk.press(next(button for button in question.buttons if button.label == f"The {each} one"))
        assert talk.at in {"pattern_change.ask", "test.x"}


def test_a_label_as_the_channel_shortens_it_is_understood() -> None:
    """Meaning 3: what a channel shows of a long label may be typed or sent back, with or without its ellipsis."""
    for channel in (SLACK, TELEGRAM):
        long = "The same words stand here first, and then come some more of them, so that it is long; "
        flow = f"""
flow: test
version: 1
title: T
slots: {{x: {{type: choice}}, end: {{type: text}}}}
steps:
  - {{id: x, collect: x, prompt: X?, choices: [{{id: a, label: "A. {long} one"}}, {{id: b, label: "B. {long} two"}}]}}
  - {{id: end, collect: end, prompt: End?}}
"""
        shown = f"B. {long} two"[: channel.label_limit - 1] + "…"
        assert Talk(flow, channel=channel).send("/start", shown).slots == {"x": "b"}


def test_rejections_hold_for_choices_too() -> None:
    """A choice that makes no sense after an earlier answer is refused in the author's words, however it is made."""
    flow = """
flow: test
version: 1
title: T
slots: {a: {type: yes_no}, b: {type: choice}, c: {type: choices}, d: {type: yes_no}}
steps:
  - {id: a, collect: a, prompt: A?}
  - id: b
    collect: b
    prompt: B?
    choices: [{id: live, label: Live}, {id: test, label: Test}]
    rejections: [{if: "value == 'live' and slots.a == 'no'", say: Not the live one.}]
  - id: c
    collect: c
    prompt: C?
    choices: [{id: x, label: Ex}, {id: y, label: Why}]
    rejections: [{if: "'x' in value", say: No ex.}]
  - {id: d, collect: d, prompt: D?, rejections: [{if: "value == 'no'", say: It must be.}]}
"""
    talk = Talk(flow).send("/start", "no", "live")
    assert talk.said == "Not the live one.\n\nB?"
    assert talk.tap("Live").said == "Not the live one.\n\nB?"
    assert talk.tap("Test").at == "test.c"
    assert talk.send("ex, why").said == "No ex.\n\nC?"
    assert talk.tap("Ex").tap("Done").said == "No ex.\n\nC?"
    assert talk.tap("✓ Ex").tap("Why").tap("Done").said == "D?"
    assert talk.send("no").said == "It must be.\n\nD?"
    assert Talk(flow).send("/start", "yes", "live").at == "test.c"


def test_the_new_words_of_an_old_message_answer_nothing() -> None:
    """Whatever waits by now is put again, unanswered; a person who has the conversation gets the words."""
    talk = at_many()
    before = talk.slots
    talk.send(Message("edit", "Bananas", edited=True))
    assert (talk.at, talk.slots) == ("test.many", before)
    assert talk.question.expects == "choices"
    talk.send("/human", Message("later", "Bananas", edited=True))
    assert [plain(each.document) for each in talk.effects if isinstance(each, Relay)] == ["Bananas"]
