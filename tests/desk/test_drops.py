"""The drop: a form for an account, asked for, filled in, opened once by whoever has the case."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Literal

import pytest

from bot.chat.effects import Entrust
from bot.chat.events import Dropped
from bot.desk.office import Office
from tests.desk.talk import KIM, LEA, NOOR, Talk, said, told

if TYPE_CHECKING:
    from bot.conversation import Outcome

OFFICE = Office(drops="https://triage.example")


def asked(talk: Talk) -> Outcome:
    """The merchant is asked for an account, and given a form for it."""
    talk.command("access requested staging")
    outcome = talk.command("drop")
    assert state(talk) == "asked"
    return outcome


def dropped(talk: Talk, state: Literal["filled", "opened"], drop: str = "", person: str = "") -> Outcome:
    """The service tells what became of a form."""
    return talk.send(Dropped("", drop or talk.case.drop.id, state, person))


def state(talk: Talk) -> str:
    """How the form is."""
    return talk.case.drop.state


def entrusted(outcome: Outcome) -> list[Entrust]:
    """Who is given the way to what."""
    return [each for each in outcome.effects if isinstance(each, Entrust)]


def test_from_the_form_to_the_one_who_opens_it() -> None:
    """The merchant gets an address, whoever has the case the way in, once; the log tells of it, and nothing of what."""
    talk = Talk(OFFICE)
    words = said(asked(talk))
    drop = talk.case.drop.id
    assert f"https://triage.example/drop/{talk.case.id}/{drop}" in words
    assert len(drop) == 16
    assert "[Open the account" not in words
    filled = dropped(talk, "filled")
    assert (talk.case.drop.state, talk.case.access.state) == ("filled", "provided")
    assert "can open it, once" in told(filled)
    assert entrusted(talk.command("open")) == [Entrust(talk.case.id, drop, NOOR.id)]
    assert "Noor" in told(dropped(talk, "opened", person=NOOR.id))
    assert state(talk) == "opened"
    assert not entrusted(talk.command("open"))
    kinds = [each.kind for each in talk.log]
    assert [each for each in kinds if each.startswith("drop_")] == ["drop_asked", "drop_filled", "drop_opened"]
    assert drop not in "".join(str(each.data) for each in talk.log if each.kind.startswith("drop_"))
    assert talk.replayed()


def test_there_is_no_form_without_access_or_without_pages() -> None:
    """Access is asked for first, live access also approved, and a deployment without forms says so."""
    talk = Talk(OFFICE)
    talk.command("drop")
    assert state(talk) == "none"
    talk.command("access requested production")
    talk.command("drop")
    assert state(talk) == "none"
    talk.command("backup")
    talk.command("approve", KIM)
    talk.command("drop")
    assert state(talk) == "asked"
    plain_talk = Talk()
    plain_talk.command("access requested staging")
    plain_talk.command("drop")
    assert state(plain_talk) == "none"


def test_nobody_else_opens_it_not_even_a_lead() -> None:
    """A lead may do what whoever has the case may do, but this."""
    talk = Talk(OFFICE)
    asked(talk)
    dropped(talk, "filled")
    for person in (KIM, LEA):
        assert not entrusted(talk.command("open", person))


def test_a_case_is_not_closed_over_an_unread_account() -> None:
    """Neither by command nor over time; a lead who overrides, or whoever withdraws it, has it wiped."""
    talk = Talk(OFFICE)
    asked(talk)
    dropped(talk, "filled")
    talk.command("close")
    assert talk.case.status != "closed"
    talk.command("drop withdraw")
    assert state(talk) == "withdrawn"
    talk = Talk(OFFICE)
    asked(talk)
    dropped(talk, "filled")
    talk.command("override the shop is gone", LEA)
    assert (talk.case.status, talk.case.drop.state) == ("closed", "withdrawn")


def test_a_form_is_over_in_time() -> None:
    """After 72 hours nothing is filled in or opened any more, and staff are told once."""
    talk = Talk(OFFICE)
    asked(talk)
    drop = talk.case.drop.id
    assert told(*talk.wait(timedelta(hours=73))).count("is over") == 1
    assert state(talk) == "expired"
    dropped(talk, "filled", drop)
    assert state(talk) == "expired"


def test_a_new_form_takes_the_place_of_one_that_was_not_filled_in() -> None:
    """What is filled in on the earlier one counts for nothing; one that was filled in is opened first."""
    talk = Talk(OFFICE)
    asked(talk)
    first = talk.case.drop.id
    talk.command("drop")
    second = talk.case.drop.id
    assert second != first
    dropped(talk, "filled", first)
    assert state(talk) == "asked"
    talk.wait(timedelta(hours=1))
    dropped(talk, "filled", second)
    talk.command("access requested")
    talk.command("drop")
    assert (talk.case.drop.id, talk.case.drop.state) == (second, "filled")


@pytest.mark.parametrize("end", ["deny", "revoke"])
def test_a_form_does_not_outlive_the_access_it_is_for(end: str) -> None:
    """Once live access is not allowed any more, there is nothing to fill in or to open."""
    talk = Talk(OFFICE)
    talk.command("access requested production")
    talk.command("backup")
    talk.command("approve", KIM)
    talk.command("drop")
    assert state(talk) == "asked"
    talk.command(end, LEA)
    assert state(talk) == "withdrawn"
