"""The rules of the seed, each by somebody who tries to break it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from bot.chat.effects import Say
from bot.chat.events import Dropped, Tap
from bot.desk.office import Office
from bot.desk.work import token
from tests.desk.talk import KIM, LEA, NOOR, Talk, said, told
from tests.searching import examples

if TYPE_CHECKING:
    from bot.chat.people import Person
    from bot.conversation import Outcome
    from bot.desk.case import Access


def asked_for_live(talk: Talk) -> None:
    """Noor asks for access to the live shop, and the merchant confirms a backup."""
    outcome = talk.command("access requested production")
    talk.press(outcome, "There is a backup")


def test_access_names_an_environment() -> None:
    """Anything but staging and production is no environment."""
    talk = Talk()
    assert "staging or to production" in told(talk.command("access requested moon"))
    assert talk.case.access.state == "none"


def test_staging_needs_no_approval_and_says_the_rules() -> None:
    """The merchant hears of the temporary account, the strong password, SFTP and SSH, port 22, and the end."""
    words = said(Talk().command("access requested staging"))
    for rule in (
        "temporary account",
        "strong password",
        "SFTP or SSH on port 22",
        "never by FTP",
        "delete the account",
    ):
        assert rule in words


@pytest.mark.parametrize(
    ("wanted", "why"), [("provided", "approval that is still valid"), ("in_use", "does not fit the present state")]
)
def test_live_access_needs_an_approval(wanted: str, why: str) -> None:
    """It can be neither given nor used before."""
    talk = Talk()
    asked_for_live(talk)
    assert why in told(talk.command(f"access {wanted}"))
    assert talk.case.access.state == "requested"


def test_whoever_asks_cannot_approve() -> None:
    """Not even a specialist and lead: two persons are needed."""
    talk = Talk(claimed=False)
    talk.command("claim", LEA)
    outcome = talk.command("access requested production", LEA)
    talk.press(outcome, "There is a backup")
    assert "cannot approve it" in told(talk.command("approve", LEA))
    assert talk.case.access.approval is None


def test_only_a_specialist_approves() -> None:
    """Everybody else is told so."""
    talk = Talk()
    asked_for_live(talk)
    assert "Only a specialist" in told(talk.command("approve", NOOR))
    assert talk.case.access.approval is None


def test_no_approval_without_a_backup() -> None:
    """It waits for the merchant's word, or for that of somebody at the desk."""
    talk = Talk()
    talk.command("access requested production")
    assert "no confirmed backup" in told(talk.command("approve", KIM))
    talk.command("backup")
    talk.command("approve", KIM)
    assert talk.case.access.approval is not None


def test_an_approval_records_that_nobody_is_liable_and_ends() -> None:
    """The words that were shown are kept with their fingerprint; after a day the approval is worth nothing."""
    talk = Talk()
    asked_for_live(talk)
    outcome = talk.command("approve", KIM)
    assert "cannot be held liable" in said(outcome)
    kept = talk.case.access.liability
    assert kept is not None
    assert (kept.text, len(kept.wording)) == (said(outcome), 16)
    assert "has ended" in told(*talk.wait(timedelta(hours=25)))
    talk.command("access provided")
    assert talk.case.access.state == "expired"


def test_used_access_is_to_be_removed_when_its_time_is_over() -> None:
    """The merchant is asked at once, and again until they say that the account is deleted."""
    talk = Talk()
    asked_for_live(talk)
    talk.command("approve", KIM)
    for state in ("provided", "in_use"):
        talk.command(f"access {state}")
    reminders = [each for each in talk.wait(timedelta(days=10)) if "delete the temporary account" in said(each)]
    assert len(reminders) >= 3
    talk.press(reminders[-1], "I have deleted the account")
    assert talk.case.access.state == "removed_confirmed"
    assert not any("delete the temporary account" in said(each) for each in talk.wait(timedelta(days=30)))
    assert talk.replayed()


def test_a_case_cannot_close_while_an_account_may_be_left() -> None:
    """Neither by command nor by time; a lead may, with a reason that stays."""
    talk = Talk()
    talk.command("access requested staging")
    talk.command("access provided")
    assert "may still be there" in told(talk.command("close"))
    talk.command("solve")
    talk.wait(timedelta(days=40))
    assert talk.case.status == "solved"
    assert "Only a lead" in told(talk.command("override no answer", NOOR))
    assert "say why" in told(talk.command("override", LEA))
    talk.command("override the shop is gone", LEA)
    assert (talk.case.status, talk.case.override) == ("closed", "the shop is gone")


@pytest.mark.parametrize("finding", ["not_reproduced", "reproduced_production_only"])
def test_no_work_on_what_cannot_be_reproduced_without_a_time_box(finding: str) -> None:
    """Access is not used before the merchant has agreed to limited time; the words are kept."""
    talk = Talk()
    talk.command("access requested staging")
    talk.command("access provided")
    talk.command(f"reproduced {finding}")
    assert "needs a time-box" in told(talk.command("access in_use"))
    offer = talk.command("timebox propose 4h")
    assert "cannot promise" in said(offer)
    assert "does not fit" in told(talk.command("timebox begin"))
    talk.press(offer, "I agree")
    kept = talk.case.time_box.offer
    assert kept is not None
    assert kept.text == said(offer)
    talk.command("access in_use")
    assert talk.case.access.state == "in_use"


def test_a_button_below_words_that_were_replaced_agrees_to_nothing() -> None:
    """Only the last offer can be agreed to."""
    talk = Talk()
    first = talk.command("timebox propose 4h")
    talk.command("timebox propose 8h")
    assert "not needed any more" in said(talk.press(first, "I agree"))
    assert talk.case.time_box.state == "proposed"


def test_the_time_of_a_time_box_is_counted_and_reported() -> None:
    """Staff are told at 75 % and at the end; pauses do not count; only they end it."""
    talk = Talk()
    talk.press(talk.command("timebox propose 4h"), "I agree")
    talk.command("timebox begin")
    talk.wait(timedelta(hours=2))
    talk.command("timebox pause")
    assert told(*talk.wait(timedelta(hours=10))) == ""
    talk.command("timebox resume")
    assert "75 %" in told(*talk.wait(timedelta(hours=1, minutes=30)))
    assert "the time-box is over" in told(*talk.wait(timedelta(hours=1)))
    ended = talk.command("timebox end not_found nothing in the logs")
    assert "4 h 30 min of 4 h" in told(ended)
    assert talk.case.time_box.findings == "nothing in the logs"
    assert talk.replayed()


def test_other_ways_to_a_server_are_answered_while_they_are_typed() -> None:
    """SFTP and SSH on port 22 only: FTP and other ports are recognised, in every language, and told once."""
    talk = Talk()
    answer = talk.says("Wir haben nur einen FTP-Zugang, geht das?")
    assert "only use SFTP and SSH, on port 22" in said(answer)
    assert "port other than 22" in told(answer)
    assert said(talk.says("Or SSH, port 2222?")) == ""


def test_the_right_way_to_a_server_is_not_remarked_on() -> None:
    """Nor is a word that denies the wrong one."""
    talk = Talk()
    assert said(talk.says("No FTP, but SFTP on port 22")) == ""


PEOPLE: Final = (NOOR, KIM, LEA)
DEEDS: Final = (
    *("access requested production", "access requested staging", "backup", "approve", "deny", "revoke"),
    *("access provided", "access in_use", "access removal_requested", "access removed_confirmed"),
    *("reproduced not_reproduced", "reproduced reproduced_staging", "timebox propose 4h", "timebox begin"),
    *("drop", "open", "solve", "close", "override the shop is gone", "reopen", "claim", "assign returns"),
)
FORWARD: Final = (
    *("access requested production", "backup", "approve", "reproduced not_reproduced", "drop"),
    *("access provided", "access in_use", "close", "access removal_requested"),
)
"""What leads on, or into the way of the rules; at random few would come so far."""
deeds = st.one_of(
    st.tuples(st.sampled_from(FORWARD), st.none()),
    st.tuples(st.sampled_from(["approve", "access in_use"]), st.sampled_from(PEOPLE)),
    st.tuples(st.sampled_from(DEEDS), st.sampled_from(PEOPLE)),
    st.tuples(st.sampled_from(["press", "filled", "opened", "hour", "day", "week"]), st.none()),
)
"""What is done, and by whom: None is whoever took the case."""


@settings(max_examples=examples(150), deadline=None)
@given(st.sampled_from([NOOR, LEA]), st.integers(0, 4), st.lists(deeds, min_size=12, max_size=30))
def test_in_whatever_order_the_rules_hold(holder: Person, begun: int, what: list[tuple[str, Person | None]]) -> None:
    """Who approves, when access may be used, what a case may leave behind when it closes, and that reminders go on."""
    talk = Talk(Office(drops="https://triage.example"), claimed=False)
    talk.command("claim", holder)
    buttons: tuple[str, ...] = ()
    for deed, doer in (*((each, KIM if each == "approve" else None) for each in FORWARD[:begun]), *what):
        before, person = talk.case.access, doer or holder
        outcomes = _do(talk, deed, person, buttons)
        shown = [each for outcome in outcomes for each in outcome.effects if isinstance(each, Say) and each.buttons]
        buttons = tuple(each.token for say in shown[-1:] for each in say.buttons) or buttons
        _judge(talk, before)
        event(talk.case.access.state + " " + talk.case.access.environment)
    assert talk.replayed()


def _do(talk: Talk, deed: str, person: Person, buttons: tuple[str, ...]) -> list[Outcome]:
    match deed:
        case "press":
            return [talk.send(Tap("", buttons[0]))] if buttons else []
        case "filled" | "opened":
            return [talk.send(Dropped("", talk.case.drop.id, deed, person.id))]
        case "hour" | "day" | "week":
            return talk.wait({"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}[deed])
    return [talk.command(deed, person)]


def _judge(talk: Talk, before: Access) -> None:
    case, access = talk.case, talk.case.access
    if case.status == "closed":
        assert access.state in {"none", "removed_confirmed"} or case.override
        assert case.drop.state not in {"asked", "filled"}
    if access.approval is not None:
        assert access.approval.by not in {access.requested_by, NOOR.id}  # who is no specialist
        assert access.backup_by
    if access.environment == "production" and access.state in {"provided", "in_use"}:
        assert access.approval is not None
        assert talk.now <= access.approval.until
    if access.state == "in_use" != before.state and case.reproduction == "not_reproduced":
        assert case.time_box.covers
    if access.state == "removal_requested" and case.status != "closed":
        assert token("removal") in talk.timers
