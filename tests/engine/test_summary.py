"""What is known, as rich text: the merchant's summary, the rules, and the card for the team, each in any language."""

from __future__ import annotations

import pytest

from bot.engine import summary
from bot.engine.ahead import slots_ahead
from bot.engine.session import encode
from bot.text.locales import LANGUAGES
from bot.text.plain import plain
from tests.engine.talk import Talk, shipped

FLOW = """
flow: test
version: 1
title: T
slots:
  kind: {type: choice, label: The kind, staff_label: Kind}
  parts: {type: choices, label: The parts, staff_label: Parts}
  sure: {type: yes_no, label: Sure, staff_label: Sure}
  day: {type: date, also: text, label: The day, staff_label: Day}
  shots: {type: files, also: text, label: Pictures, staff_label: Pictures}
  count: {type: number, label: How many, staff_label: Count}
  word: {type: text, sensitive: true, label: The word, staff_label: Word}
  inner: {type: text, staff_label: Only for the team}
  quiet: {type: text}
  last: {type: text, label: The last, staff_label: Last}
steps:
  - id: kind
    collect: kind
    prompt: Kind?
    choices: [{id: a, label: "Apples, ripe"}, {id: b, label: Bananas, next: count}]
  - {id: parts, collect: parts, prompt: Parts?, choices: [{id: x, label: Ex}, {id: y, label: Why}], unsure: true}
  - {id: sure, collect: sure, prompt: Sure?, unsure: true}
  - {id: day, collect: day, prompt: Day?}
  - {id: shots, collect: shots, prompt: Shots?, optional: true}
  - {id: count, collect: count, prompt: Count?}
  - {id: word, collect: word, prompt: Word?}
  - id: one
    rule: one
    staff_label: The first rule
    text: "Rule one, **{{ user.first_name }}**."
    accept: Yes
    decline: {label: Never}
  - {id: two, rule: two, text: "Rule two, {{ slots.count }}.", accept: Yes}
  - id: form
    when: "slots.kind == 'a'"
    form: f
    title: F
    submit: S
    fields: [{collect: inner, prompt: I?}, {collect: quiet, prompt: Q?}]
    next: last
  - {id: call, call: more}
  - {id: last, collect: last, prompt: Last?}
  - {id: done, handoff: {summary: [kind, last]}}
---
flow: more
version: 1
title: M
slots: {m: {type: text, label: More, staff_label: More}}
steps:
  - {id: m, collect: m, prompt: More?}
  - {id: three, rule: three, staff_label: The third rule, text: Rule three., accept: Yes}
"""


def known(talk: Talk) -> str:
    """The merchant's summary."""
    return plain(summary.answers(talk.library, talk.session))


def card(talk: Talk, locale: str = "en", only: tuple[str, ...] = ()) -> str:
    """The card as a member of staff reads it."""
    return plain(summary.card(talk.library, talk.session, locale, only))


def test_nothing_is_known_at_first() -> None:
    """Without an answer the summary says so, before the start and at the first question."""
    assert known(Talk(FLOW)) == "Nothing yet."
    assert known(Talk(FLOW).send("/start")) == "Nothing yet."


def test_every_type_of_answer_is_shown_as_people_read_it() -> None:
    """Ids by their labels, yes and no and no idea as words, a date with what was typed, none as a dash."""
    talk = Talk(FLOW).send("/start", "apples", "ex, why", "i dont know", "yesterday", "skip", "12.5")
    assert known(talk) == (
        "- The kind: Apples, ripe\n- The parts: Ex, Why\n- Sure: I don't know\n- The day: yesterday (2026-01-04)\n"
        "- Pictures: –\n- How many: 12.5"
    )


def test_a_date_that_is_one_is_shown_once() -> None:
    """A date typed as such is not repeated, and words that are none stand as they were typed."""
    talk = Talk(FLOW).send("/start", "apples", "unsure", "no", "2025-12-24")
    assert "The day: 2025-12-24\n" in known(talk) + "\n"
    assert "The parts: I don't know" in known(talk)
    assert "The day: long ago" in known(Talk(FLOW).send("/start", "apples", "unsure", "no", "long ago"))


def test_a_sensitive_answer_is_hidden_everywhere() -> None:
    """That it was given is shown, never what it is: in the summary, on the card, when it is asked again."""
    talk = Talk(FLOW).send("/start", "bananas", "1", "opensesame")
    assert "The word: •••" in known(talk)
    assert "Word: •••" in card(talk)
    talk.send("/summary", "/back")
    assert "Your answer was: •••" in talk.said
    assert "opensesame" not in "".join(
        plain(each.document) for turn in talk.turns for each in turn.effects if hasattr(each, "document")
    )


@pytest.mark.parametrize("locale", LANGUAGES)
def test_one_session_is_told_in_every_language(locale: str) -> None:
    """Meaning 7: the same answers, each label and choice in the reader's language, whatever the merchant's is."""
    talk = Talk(shipped(), "help_us_help_you").send(
        "/start", "woo", "it fails", "i dont know", "12345678", "live", "no", "all", "yes"
    )
    talk.send("yesterday", "no", "no", "skip", "no access is possible", "/human")
    document = encode(talk.session)
    shown = card(talk, locale)
    for word in ("card_title", "card_merchant", "card_language", "card_missing", "unsure"):
        assert talk.library.word(word, locale) in shown
    assert "English (en)" in shown
    assert talk.session.case in shown
    if locale != "en":
        assert talk.library.word("unsure", "en") not in shown
    assert encode(talk.session) == document


def test_the_summary_follows_a_language_switch() -> None:
    """Meaning 7: answers are ids, so a switch translates those that were given before it."""
    talk = Talk(shipped(), "help_us_help_you").send(
        "/start", "something else", "none of these", "it fails", "/language es", "/summary"
    )
    assert "Plataforma: Otra" in talk.said
    talk.send("/language en", "/summary")
    assert "Platform: Something else" in talk.said


def test_the_card_has_what_the_team_asked_for() -> None:
    """Only slots with a label for the team, or those that the hand-off names; what is not known is missing."""
    talk = Talk(FLOW).send("/start", "apples", "unsure", "yes", "/human")
    assert card(talk).split("\n\n") == [
        f"Case {talk.session.case}",
        "- Merchant: Ana\n- Language: English (en)\n- Kind: Apples, ripe\n- Parts: I don't know\n- Sure: Yes",
        "Still missing: Parts, Day, Pictures, Count, Word, Only for the team, Last",
    ]
    assert "Sure: Yes" not in card(talk, only=("kind",))


def test_what_was_still_to_come_follows_the_answers() -> None:
    """Conditions and answered choices decide what is missing; what cannot be told yet goes the ordinary way."""
    talk = Talk(FLOW).send("/start", "bananas", "/human")
    assert "Still missing: Count, Word, Last" in card(talk)
    talk = Talk(FLOW).send("/start", "/human")
    assert "Still missing: Kind, Parts, Sure, Day, Pictures, Count, Word, Last" in card(talk)


def test_a_known_choice_ahead_leads_where_it_says() -> None:
    """A choice that has its answer before its question comes leads along its own way."""
    flow = """
flow: test
version: 1
title: T
slots: {a: {type: text}, b: {type: choice}, c: {type: text}, d: {type: text}}
steps:
  - {id: set, set: {b: far}}
  - {id: a, collect: a, prompt: A?}
  - {id: b, collect: b, prompt: B?, choices: [{id: near, label: Near}, {id: far, label: Far, next: d}]}
  - {id: c, collect: c, prompt: C?}
  - {id: d, collect: d, prompt: D?}
"""
    talk = Talk(flow).send("/start")
    program = talk.library.programs["test"]
    assert list(slots_ahead(program, talk.session.stack[0])) == ["a", "d"]


def test_the_rules_of_the_whole_conversation_are_listed() -> None:
    """The rules of the flow and of those it calls, in their order, in the merchant's language, lines in between."""
    talk = Talk(shipped(), "help_us_help_you")
    text = plain(summary.rules(talk.library, talk.session))
    assert text.count("---") == 6
    talk.session.locale = "es"
    assert plain(summary.rules(talk.library, talk.session)) != text
    other = Talk(FLOW)
    assert (
        plain(summary.rules(other.library, other.session))
        == "Rule one, Ana.\n\n---\n\nRule two, ….\n\n---\n\nRule three."
    )


def test_the_card_says_which_rules_were_acknowledged_and_which_declined() -> None:
    """By the team's name of the rule, or its id; the rules of called flows too."""
    talk = Talk(FLOW).send("/start", "bananas", "1", "abc", "never", "yes", "words", "yes")
    assert talk.at == "test.last"
    assert "Rules acknowledged: two, The third rule" in card(talk)
    assert "Rules declined: The first rule" in card(talk)
    talk = Talk(FLOW).send("/start", "bananas", "1", "abc", "yes")
    assert "Rules declined" not in card(talk)


def test_answers_of_called_flows_are_in_the_summary() -> None:
    """Every frame's answers are known, those of repair patterns are not."""
    talk = Talk(FLOW).send("/start", "bananas", "1", "abc", "yes", "yes", "words", "/language")
    assert "- The kind: Bananas\n" in known(talk)
    assert "- More: words" in known(talk)
    assert "anguage" not in known(talk)


def test_the_card_needs_no_name_and_no_known_language() -> None:
    """A merchant without a first name is called by their id; a locale beyond the shipped languages by its tag."""
    talk = Talk(FLOW, locale="pl").send("/start")
    talk.session.user = type(talk.session.user)("u1")
    assert "Merchant: u1\n- Language: pl" in card(talk)


AHEAD = """
flow: test
version: 1
title: T
slots: {a: {type: text}, b: {type: text}, c: {type: text}, d: {type: text}, e: {type: text}}
steps:
  - id: a
    collect: a
    prompt: A?
    next: [{if: "slots.e == 'on'", then: d}, {if: "user.first_name == 'x'", then: c}, {else: b}]
  - {id: b, collect: b, prompt: B?, when: "slots.e < 3"}
  - {id: c, collect: c, prompt: C?, next: a}
  - {id: d, collect: d, prompt: D?}
  - {id: stop, goto: test}
  - {id: e, collect: e, prompt: E?}
"""


def test_what_is_ahead_follows_lists_and_ends_somewhere() -> None:
    """The first arm that is true now, else the last; what cannot be told is left out; a circle is gone round once."""
    program = Talk(AHEAD).library.programs["test"]
    frame = Talk(AHEAD).send("/start").session.stack[0]
    assert list(slots_ahead(program, frame)) == ["a", "c"]
    frame.slots["e"] = "on"
    assert list(slots_ahead(program, frame)) == ["a", "d"]
    frame.step = ""
    assert list(slots_ahead(program, frame)) == []
