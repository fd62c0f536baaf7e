"""What the merchant sees of their case all along: who has it, what is waited for, when the desk opens again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.effects import Card
from bot.chat.events import Due, Message
from bot.conversation import Outcome, asking
from bot.desk import banner
from bot.desk.commands import COMMANDS
from bot.desk.reading import read
from bot.text.nodes import Moment
from bot.text.plain import plain
from tests.desk.talk import KIM, LEA, NOOR, Talk
from tests.engine.talk import START, shipped
from tests.searching import examples

HOURS = b"calendar: work\ncalendars: {work: {zone: Europe/Amsterdam, week: {mon-fri: 09:00-17:00}, holidays: NL}}\n"


def shown(talk: Talk, locale: str = "en") -> str:
    """What the banner says now."""
    asks = asking(talk.conversation)
    return plain(banner.written(shipped(), talk.office, talk.case, locale, talk.now, asking=asks))


def edits(outcome: Outcome) -> int:
    """How often an event has the merchant see something else."""
    return sum(
        each == Card(outcome.conversation.case.id, "merchant") for each in outcome.effects if outcome.conversation.case
    )


def test_it_says_who_has_the_case_and_what_is_waited_for() -> None:
    """From the call for a person to the end of the case, each change once; nothing is said that nobody configured."""
    talk = Talk(claimed=False)
    case = talk.case.id
    assert shown(talk) == f"Your case {case} waits for a person of the team."
    assert edits(talk.says("Hello?")) == 0
    assert edits(talk.command("claim")) == 1
    assert shown(talk) == f"Noor of the team has your case {case}.\n\nIt is our turn."
    assert edits(talk.command("reply Which version?")) == 1
    assert shown(talk).endswith("We wait for: your answer")
    assert edits(talk.command("reply And which plugin?")) == 0
    talk.command("access requested staging")
    assert shown(talk).endswith("We wait for: the temporary account")
    talk.command("access provided")
    talk.command("access removal_requested")
    assert shown(talk).endswith("We wait for: the deletion of the temporary account")
    talk.command("access removed_confirmed")
    talk.says("8.9")
    assert shown(talk).endswith("It is our turn.")
    talk.command("hold")
    assert shown(talk).endswith("You can write here at any time.")
    talk.command("bot name")
    assert shown(talk).startswith("I have a few more questions")
    talk.says("Ana")
    assert shown(talk).startswith("Noor of the team has")
    talk.command("solve")
    assert shown(talk) == f"Our work on your case {case} is done."
    talk.command("close")
    assert shown(talk) == f"Your case {case} is closed."
    assert "Vorgang" in shown(talk, "de")
    assert talk.replayed()


def test_it_says_when_the_desk_opens_again_in_the_reader_s_time_zone() -> None:
    """After hours the next working hour, over a weekend and a holiday; when it comes the line goes away by itself."""
    desk = read(HOURS, "desk.yaml").desk
    assert desk is not None
    talk = Talk(desk.build())
    assert talk.now == START
    talk.wait(datetime(2026, 4, 3, 15, 30, tzinfo=UTC) - talk.now)  # the Friday before Easter, after work
    assert edits(talk.says("Hello?")) == 1
    opens = datetime(2026, 4, 7, 7, tzinfo=UTC)
    assert shown(talk).endswith("The team works again from: 2026-04-07 09:00 (Europe/Amsterdam)")
    (moment,) = (
        node
        for block in banner.written(shipped(), talk.office, talk.case, "en", talk.now, asking=False)
        for node in getattr(block, "children", ())
        if isinstance(node, Moment)
    )
    assert datetime.fromtimestamp(moment.at, UTC) == opens
    assert talk.timers["desk:banner"] == opens
    (woken,) = talk.wait(opens - talk.now)
    assert edits(woken) == 1
    assert "works again" not in shown(talk)
    assert talk.replayed()


DOINGS = st.lists(
    st.tuples(
        st.sampled_from(["says", "due", "wait", *COMMANDS]),
        st.sampled_from([NOOR, KIM, LEA]),
        st.sampled_from(["requested production", "requested staging", "provided", "propose 4h", "solved", "4h"]),
    ),
    max_size=20,
)


@settings(max_examples=examples(40), deadline=None)
@given(DOINGS)
def test_the_merchant_is_shown_a_change_if_there_is_one(what: list[tuple[str, object, str]]) -> None:
    """Whatever happens, an edit is sent exactly when the words differ from those that were shown before."""
    desk = read(HOURS, "desk.yaml").desk
    assert desk is not None
    talk = Talk(desk.build(), claimed=False)
    before = shown(talk)
    for name, who, words in what:
        found: list[Outcome] = []
        if name == "says":
            found = [talk.send(Message("", words))]
        elif name == "due":
            found = [talk.send(Due("", "desk:banner"))]
        elif name == "wait":
            found = talk.wait(timedelta(hours=9))
            found.append(talk.send(Due("", "desk:nothing")))
        elif name in COMMANDS:
            found = [talk.command(f"{name} {words}", who)]  # type: ignore[arg-type]
        changed, before = before, shown(talk)
        assert any(map(edits, found)) or before == changed, (name, words)
        assert len(found) > 1 or sum(map(edits, found)) == (before != changed), (name, words)
    assert talk.replayed()
