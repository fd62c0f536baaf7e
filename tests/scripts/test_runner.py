"""Playing a case: turn by turn, to the end or to the first turn that cannot be done."""

from __future__ import annotations

import pytest

from bot.scripts.runner import play
from tests.scripts.sample import played, sheet, shop


def test_a_failure_does_not_end_a_case() -> None:
    """What misses an expectation is told with its number; whether to go on is for the caller to say."""
    found = played("{user: x}, {tap: red, at: nowhere}, {user: '3', at: details.note}")
    assert [(each.number, bool(each.failures)) for each in found] == [(0, False), (1, True), (2, False)]


def test_what_cannot_be_done_ends_a_case() -> None:
    """After a button that does not exist nothing that follows means anything."""
    found = played("{user: x}, {tap: green, at: size}, {user: hello}")
    assert [(each.number, [key for key, _ in each.failures]) for each in found] == [(0, []), (1, ["tap"])]
    assert found[-1].heard.session.stack[0].step == "colour"


def test_turns_are_played_when_they_are_asked_for() -> None:
    """A caller who stops at the first failure pays for no more than that."""
    case = sheet("cases: [{case: c, flow: shop, turns: [{user: x}, {tap: nothing}]}]").script.cases[0]
    assert next(play(shop(), case, "console")).failures == ()


@pytest.mark.parametrize(
    ("case", "key", "said"),
    [
        ("flow: shopp", "flow", "there is no flow 'shopp'; did you mean `shop`?"),
        ("flow: shop, locale: tlh", "locale", "there is no catalog for 'tlh'; there are en, "),
    ],
)
def test_a_case_that_cannot_begin_says_why(case: str, key: str, said: str) -> None:
    """A flow that does not exist or a language without translations is a failure of the first turn."""
    written = sheet(f"cases: [{{case: c, {case}, turns: [{{user: x}}, {{user: y}}]}}]")
    (only,) = play(shop(), written.script.cases[0], "console")
    assert only.number == 0
    assert [(name, text.startswith(said)) for name, text in only.failures] == [(key, True)]


def test_a_region_is_served_by_its_language() -> None:
    """`es-MX` is played with the Spanish catalog."""
    written = sheet("cases: [{case: c, flow: shop, locale: es-MX, turns: [{user: x, locale: es-MX}]}]")
    assert [each.failures for each in play(shop(), written.script.cases[0], "console")] == [()]
