"""Names beside words: several people in one conversation, of one name, or of the name of one of the staff."""

from __future__ import annotations

import pytest

from bot.chat.effects import Relay
from bot.chat.events import File, Message
from bot.chat.people import User
from bot.desk.office import Office
from tests.desk.talk import KIM, Talk


def heard(talk: Talk, words: str, author: User | None = None, **more: object) -> str:
    """Under which name the staff read words."""
    outcome = talk.send(Message("", words, author=author, **more))  # type: ignore[arg-type]
    (relay,) = [each for each in outcome.effects if isinstance(each, Relay)]
    return relay.by


@pytest.mark.parametrize("claimed", [True, False])
def test_whoever_writes_is_named(claimed: bool) -> None:
    """The merchant and others in one thread, each under their own name, whether or not somebody has the case."""
    talk = Talk(claimed=claimed)
    assert heard(talk, "It is broken.") == "Ana"
    assert heard(talk, "Indeed.", User("u2", "Bea")) == "Bea"
    assert heard(talk, "It was always.", User("u3", "Aпa")) == "Aпa (2)"
    assert [heard(talk, "Yes.", each) for each in (None, User("u3", "Ana"), User("u2", "Bea"))] == [
        "Ana",
        "Aпa (2)",
        "Bea",
    ]
    assert heard(talk, "It is not.", edited=True) == "✎ Ana"
    assert talk.replayed()


def test_nobody_passes_for_one_of_the_staff() -> None:
    """Neither for whoever has the case nor for a colleague, in whatever letters."""
    talk = Talk(Office(people={KIM.id: KIM}))
    assert heard(talk, "Approved.", User("u2", "Nооr")) == "Nооr (merchant)"
    assert heard(talk, "Approved.", User("u3", "K\u200bim (Support)")) == "Kim (Support) (merchant)"
    assert heard(talk, "Approved.", User("u4", "Noor\n(merchant)")) == "Noor (merchant) (merchant)"
    assert heard(talk, "Approved.", User("u5", "")) == "u5"


def test_files_say_whose_they_are_where_several_write() -> None:
    """They have no words to stand beside a name."""
    talk = Talk()
    file = File("f", "a.log")
    alone = talk.send(Message("", "", (file,)))
    assert [each.document for each in alone.effects if isinstance(each, Relay)] == [()]
    other = talk.send(Message("", "", (file,), author=User("u2", "Bea")))
    (relay,) = [each for each in other.effects if isinstance(each, Relay)]
    assert (relay.by, bool(relay.document)) == ("Bea", True)
