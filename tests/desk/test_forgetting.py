"""What a merchant asks of the bot while a person has their case, and what becomes of a case that is to go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.chat.effects import Ask, Forget, Mark, Overview, Relay
from bot.chat.events import Forgetting, Message, Tap
from bot.chat.people import User
from tests.desk.talk import Talk, said, told

if TYPE_CHECKING:
    from bot.conversation import Outcome


def asked(outcome: Outcome) -> Ask:
    """The question in an outcome."""
    return next(each for each in outcome.effects if isinstance(each, Ask))


def kinds(outcome: Outcome) -> set[type]:
    """The kinds of its effects."""
    return {type(each) for each in outcome.effects}


def test_commands_about_the_merchant_are_the_bot_s_though_a_person_has_the_case() -> None:
    """They are answered and do not go to the desk; words, and commands of the flow, do; control stays as it is."""
    talk = Talk()
    assert [each for each in talk.says("/cases").effects if isinstance(each, Overview)] == [Overview("cases")]
    assert Overview("file") in talk.says("/mydata").effects
    assert "person of the team" in said(talk.says("/status"))
    for words in ("/back", "cases", "Hello?"):
        assert Relay in kinds(talk.says(words))
    assert talk.conversation.control == "staff"
    assert talk.replayed()


def test_what_is_written_to_the_person_answers_no_question_of_the_bot() -> None:
    """The question is gone with it: a later yes is for the person; a button pressed late removes nothing."""
    talk = Talk()
    question = asked(talk.says("/forget"))
    assert Relay in kinds(talk.says("By the way, it is urgent"))
    assert Relay in kinds(talk.says("yes"))
    assert Forget not in kinds(talk.send(Tap("", question.buttons[0].token)))
    question = asked(talk.says("/forget"))
    assert Forget in kinds(talk.send(Tap("", question.buttons[0].token)))
    asked(talk.says("/forget"))
    assert "I keep it" in said(talk.says("no"))
    assert talk.replayed()


def test_only_whoever_began_the_conversation_has_it_removed() -> None:
    """Where several write, anybody else is told kindly, whoever has the conversation; nothing is asked or removed."""
    for talk in (Talk(), Talk(claimed=False)):
        outcome = talk.send(Message("", "/forget", author=User("u2", "Bea")))
        assert said(outcome).startswith("Only whoever began this conversation")
        assert not {Ask, Forget, Relay} & kinds(outcome)
        assert talk.replayed()


@pytest.mark.parametrize("claimed", [True, False])
def test_nobody_else_answers_whether_everything_is_to_be_removed(claimed: bool) -> None:
    """Not by its button and not in words: those are for the person, if there is one. Whoever asked still can."""
    talk, bea = Talk(claimed=claimed), User("u2", "Bea")
    remove = asked(talk.says("/forget")).buttons[0].token
    pressed = talk.send(Tap("", remove, author=bea))
    assert said(pressed).startswith("Only whoever began this conversation")
    assert Forget not in kinds(pressed)
    assert Relay in kinds(talk.send(Message("", "yes", author=bea)))
    remove = asked(talk.says("/forget")).buttons[0].token
    assert Forget in kinds(talk.send(Tap("", remove)))
    assert talk.replayed()


def test_a_case_with_an_account_is_not_forgotten() -> None:
    """The merchant is told which case it is and asked to delete the account; staff learn of it."""
    talk = Talk()
    talk.command("access requested staging")
    outcome = talk.send(Forgetting("", asked=True, left=talk.case.id))
    assert talk.case.id in said(outcome)
    assert "delete the temporary account" in said(outcome)
    assert "waits until the temporary account is gone" in told(outcome)
    assert talk.case.access.state == "removal_requested"
    assert Forget not in kinds(outcome)
    assert talk.replayed()


def test_any_other_open_case_ends_as_withdrawn() -> None:
    """What was about to leave is kept as a note; only where it was asked for, the order goes on."""
    talk = Talk()
    talk.write("Almost sent")
    outcome = talk.send(Forgetting("", asked=True))
    assert (talk.case.status, talk.case.reason, talk.conversation.control) == ("closed", "withdrawn", "bot")
    assert "had their data removed" in told(outcome)
    assert [each.state for each in outcome.effects if isinstance(each, Mark)] == ["note"]
    assert outcome.effects[-2:] == (Overview("forgotten"), Forget(sure=True))
    assert Forget not in kinds(Talk().send(Forgetting("")))
    assert talk.replayed()
