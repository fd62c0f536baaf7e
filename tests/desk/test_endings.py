"""How the work on a case ends when it was none, or is done elsewhere."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.chat.effects import Button, Join, Notice, OpenCase, Say
from bot.chat.events import Joined
from bot.desk.news import events
from bot.desk.office import Office
from bot.desk.work import token
from tests.desk.talk import KIM, NOOR, Talk, said, told


@pytest.mark.parametrize(("command", "words"), [
    ("dismiss", "Thank you, the team has read it. As far as we can see there is nothing left to do for us."),
    ("dismiss not_a_case", "Thank you"), ("solve not_a_case", "Thank you"),
    ("dismiss spam", ""), ("solve spam", ""), ("close spam", ""),
])  # fmt: skip
def test_nobody_is_asked_whether_what_was_no_case_has_helped(command: str, words: str) -> None:
    """No rating and no invitation; of spam not a word leaves. Staff are told, and the log has who it was."""
    talk = Talk()
    outcome = talk.command(command)
    assert said(outcome).startswith(words)
    assert bool(said(outcome)) == bool(words)
    assert not any(each.buttons for each in outcome.effects if isinstance(each, Say))
    assert "Noor" in told(outcome)
    assert any(each.kind == "command_done" and each.data["person"] == NOOR.id for each in outcome.log)
    assert talk.replayed()


@pytest.mark.parametrize(("days", "words"), [
    (7, "within 7 days"), (2, "within 2 days"), (1.5, "within 36 h"), (1, "within 24 h"), (0.5, "within 12 h"),
])  # fmt: skip
def test_both_sides_read_how_long_a_reply_reopens_the_case(days: float, words: str) -> None:
    """Whatever the settings say: there is no number of days that needs a singular, and no part of one is lost."""
    outcome = Talk(Office(reopen=timedelta(days=days))).command("solve")
    assert f"just write here {words}." in said(outcome)
    assert f"A reply of the merchant {words} reopens it." in told(outcome)


def test_after_what_was_no_case_none_begins() -> None:
    """It is closed at once, by anybody while nobody has it; later words are the bot's, and follow nothing."""
    talk = Talk(claimed=False)
    before = talk.case
    talk.command("dismiss spam", KIM)
    assert (talk.case.status, talk.case.reason, talk.conversation.control) == ("closed", "spam", "bot")
    assert list(events(before, talk.case)) == ["case.closed"]
    outcome = talk.says("Buy my watches")
    assert not any(isinstance(each, OpenCase) for each in outcome.effects)
    assert "/start" in said(outcome)
    assert talk.replayed()


def test_only_whoever_has_the_case_ends_it_and_not_over_an_account() -> None:
    """A colleague cannot, and nothing that must be seen to is left behind."""
    talk = Talk()
    assert "Noor has this case" in told(talk.command("dismiss", KIM))
    assert "Noor has this case" in told(talk.command("merge T-OTHER", KIM))
    talk.command("access requested staging")
    for command in ("dismiss", "merge T-OTHER"):
        assert "account" in told(talk.command(command))
    assert talk.case.status == "open"


def test_a_duplicate_goes_on_in_the_other_case() -> None:
    """It is closed as one, its merchant hears where it goes on, and staff read of it in both threads."""
    talk, other = Talk(), Talk()
    outcome = talk.command("merge t-other")
    assert outcome.effects == (Join(talk.case.id, "T-OTHER", "Noor"),)
    assert talk.case.status == "open"
    here = talk.send(Joined("", talk.case.id, "T-OTHER", "Noor"))
    assert "as your case T-OTHER" in said(here)
    assert "duplicate of T-OTHER" in told(here)
    assert (talk.case.status, talk.case.reason, talk.case.duplicate_of) == ("closed", "duplicate", "T-OTHER")
    there = other.send(Joined("", "T-DUPLICATE", other.case.id, "Noor"))
    assert (said(there), other.case.duplicates) == ("", ("T-DUPLICATE",))
    assert "T-DUPLICATE as a duplicate of this one" in told(there)
    assert talk.replayed()
    assert other.replayed()


def test_staff_choose_from_the_merchant_s_open_cases() -> None:
    """Without a name, or with one that is none of theirs, nothing is merged; the others are buttons."""
    talk = Talk()
    for into, words in (("", "Which case"), ("T-X", "T-X is no open case of this merchant")):
        outcome = talk.send(Joined("", talk.case.id, into, "Noor", refused=True, others=("T-A", "T-B")))
        (notice,) = (each for each in outcome.effects if isinstance(each, Notice))
        assert words in told(outcome)
        assert notice.buttons == (Button(token("merge", "T-A"), "T-A"), Button(token("merge", "T-B"), "T-B"))
    assert "no other open case" in told(talk.send(Joined("", talk.case.id, "", "Noor", refused=True)))
    assert talk.case.status == "open"


def test_an_account_that_came_meanwhile_keeps_it_open() -> None:
    """Between the command and its outcome the case may have changed."""
    talk = Talk()
    talk.command("merge T-OTHER")
    talk.command("access requested staging")
    assert "account" in told(talk.send(Joined("", talk.case.id, "T-OTHER", "Noor")))
    assert talk.case.status == "open"
