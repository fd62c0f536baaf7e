"""Each expectation: when it is met, and what is said when it is not."""

from __future__ import annotations

import pytest

from bot.flow.keys import keys_of
from bot.scripts.expectations import EXACT, OTHER
from bot.scripts.model import ACTIONS, Turn
from tests.scripts.sample import played

TO_DONE = "{user: x}, {tap: red}, {user: ['3', fine]}, {file: a.png, user: look, at: shots}, {tap: done"
LABELS = ["Red", "Blue", "No colour", "I don't know"]
TO_RULE = "{user: x}, {tap: blue}, {user: ['2', skip, skip]}"


def failures(turns: str) -> list[tuple[str, str]]:
    """What the last of these turns missed."""
    return list(played(turns)[-1].failures)


def test_every_expectation_of_the_model_is_compared() -> None:
    """No key of a turn is left unread."""
    assert {*EXACT, *OTHER} == set(keys_of(Turn)) - set(ACTIONS)
    assert EXACT.keys() & OTHER.keys() == set()


@pytest.mark.parametrize(
    "turns",
    [
        "{user: x, bot: Which colour?}",
        "{user: x, bot: [Which colour?]}",
        '{user: x, bot: "Which colour?\\n"}',
        "{user: x}, {wait: 1h, bot: []}",
        "{user: x, bot_matches: [colour, '^Which .*[?]$', '?']}",
        "{user: x, not_bot: [Hello, '[0-9]', '(']}",
        "{user: x, buttons: [Red, I don't know]}",
        "{user: x, buttons: Blue}",
        "{user: x, at: colour}",
        "{user: x, at: shop.colour}",
        "{user: x}, {tap: red, at: details.size}",
        "{user: x}, {tap: none, at: ~, status: ended, outcome: away}",
        "{user: x, slots: {colour: ~}, outcome: ~}",
        "{user: x}, {tap: red, slots: {colour: red, size: ~}}",
        TO_DONE + ", slots: {shots: {files: [a.png], text: look}}}",
        TO_DONE + ", slots: {shots: {files: [a.png]}}, handoff: {queue: shop, priority: normal}}",
        "{user: x}, {user: xyzzy, pattern: unrecognised, unmatched: unrecognised, attempts: 1}",
        "{user: x, pattern: ~, unmatched: ~, attempts: 0, handoff: false}",
        "{user: x}, {user: /language, pattern: language}",
        "{user: x}, {wait: 10d, pattern: [nudge, expired]}",
        "{user: x}, {user: /human, handoff: true, effects: [open_case, say]}",
        "{user: x}, {user: /human, handoff: {queue: integrations}, rule_accepted: ~}",
        TO_RULE + ", {tap: accept, rule_accepted: blue, rule_declined: ~}",
        TO_RULE + ", {tap: decline, rule_declined: [blue], handoff: {priority: high}}",
        "{user: x}, {duplicate: true, effects: [], bot: []}",
        "{user: x}, {user: /language es, locale: es}",
    ],
)  # fmt: skip
def test_what_is_so_passes(turns: str) -> None:
    """Exact texts, parts, labels in order, places, answers, patterns, counts, cases, rules, effects and the state."""
    assert failures(turns) == []


@pytest.mark.parametrize(
    ("turns", "key", "said"),
    [
        ("{user: x, bot_matches: [size]}", "bot_matches", "expected to find 'size'"),
        ("{user: x, bot_matches: ['(']}", "bot_matches", "expected to find '('"),
        ("{user: x, not_bot: ['col.ur']}", "not_bot", "expected not to find 'col.ur'"),
        ("{user: x, buttons: [Blue, Red]}", "buttons", f"expected 'Red' in this order, found {LABELS}"),
        ("{user: x}, {wait: 1h, buttons: Red}", "buttons", "expected 'Red' in this order, found nothing"),
        ("{user: x, at: size}", "at", "expected 'size', found 'shop.colour'"),
        ("{user: x}, {tap: none, at: away}", "at", "expected 'away', found nothing"),
        ("{user: x, at: ~}", "at", "expected nothing, found 'shop.colour'"),
        ("{user: x}, {tap: red, slots: {colour: blue}}", "slots", "colour: expected 'blue', found 'red'"),
        ("{user: x}, {tap: red, slots: {colour: ~}}", "slots", "colour: expected nothing, found 'red'"),
        ("{user: x, pattern: help}", "pattern", "expected ['help'], found nothing"),
        ("{user: x}, {user: xyzzy, pattern: ~}", "pattern", "expected nothing, found ['unrecognised']"),
        ("{user: x, unmatched: empty}", "unmatched", "expected ['empty'], found nothing"),
        ("{user: x}, {user: xyzzy, attempts: 2}", "attempts", "expected 2, found 1"),
        ("{user: x, handoff: true}", "handoff", "expected a hand-off, found none"),
        ("{user: x}, {user: /human, handoff: false}", "handoff", "expected no hand-off, found one"),
        ("{user: x}, {user: /human, handoff: {queue: a}}", "handoff", "queue: expected 'a', found 'integrations'"),
        (TO_RULE + ", {tap: decline, rule_accepted: blue}", "rule_accepted", "expected ['blue'], found nothing"),
        (TO_RULE + ", {tap: accept, rule_accepted: ~}", "rule_accepted", "expected nothing, found ['blue']"),
        ("{user: x, effects: [open_case]}", "effects", "expected ['open_case'], found ['ask', 'schedule', 'schedule']"),
        ("{user: x}, {tap: none, outcome: done}", "outcome", "expected 'done', found 'away'"),
        ("{user: x, status: ended}", "status", "expected 'ended', found 'active'"),
        ("{user: x, locale: es}", "locale", "expected 'es', found 'en'"),
    ],
)  # fmt: skip
def test_what_is_not_so_is_told(turns: str, key: str, said: str) -> None:
    """The key, what was expected and what was found."""
    (failure,) = failures(turns)
    assert (failure[0], sorted(failure[1])) == (key, sorted(said))


def test_texts_that_differ_are_shown_line_by_line() -> None:
    """What was expected and what was said stand side by side, messages apart."""
    (failure,) = failures("{user: x, bot: [Hello., Which colour?]}")
    assert failure == ("bot", "the texts differ (- expected, + found)\n- Hello.\n- · · ·\n  Which colour?")


def test_several_expectations_fail_together() -> None:
    """One run tells everything that is wrong with a turn."""
    assert [key for key, _ in failures("{user: x, at: size, status: ended, bot: Hello}")] == ["bot", "at", "status"]
