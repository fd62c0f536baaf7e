"""The merchant of a script: presses the right buttons, waits for timers, repeats events, and says what it cannot do."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.chat.events import Due
from bot.chat.people import SLACK
from bot.engine.session import encode
from bot.scripts.merchant import CHANNELS, Impossible, Merchant
from bot.scripts.model import PLATFORMS, Turn
from tests.scripts.sample import played, sheet, shop


def merchant(channel: str = "console") -> Merchant:
    """A merchant who has said nothing yet."""
    case = sheet("cases: [{case: c, flow: shop, name: Ana, turns: [{user: x}]}]").script.cases[0]
    return Merchant(shop(), case, channel)


def turns(written: str) -> tuple[Turn, ...]:
    """Turns to do."""
    return sheet(f"cases: [{{case: c, flow: shop, turns: [{written}]}}]").script.cases[0].turns


def test_every_channel_of_a_script_is_known() -> None:
    """The model's channels are those that a merchant can write from, with their capabilities."""
    assert set(PLATFORMS) == CHANNELS.keys()
    assert merchant("slack").session.channel == SLACK


@pytest.mark.parametrize(
    ("written", "slots"),
    [
        ("{user: x}, {tap: Red}", {"colour": "red"}),
        ("{user: x}, {tap: red}", {"colour": "red"}),
        ("{user: x}, {tap: unsure}", {"colour": "unsure"}),
        ("{user: x}, {tap: I don't know}", {"colour": "unsure"}),
        ("{user: x}, {tap: red}, {user: ['3', skip]}, {file: a.png}, {tap: change.colour}", {}),
        ("{user: x}, {tap: red}, {tap: colour.blue}, {tap: 'yes'}", {"colour": "blue"}),
        ("{user: x}, {tap: [red, colour.blue, 'yes']}", {"colour": "blue"}),
    ],
)
def test_buttons_are_pressed_by_label_id_and_step(written: str, slots: dict[str, str]) -> None:
    """A label, a choice id, an earlier question's choice, and what changes an earlier answer."""
    assert played(written)[-1].heard.session.stack[0].slots == slots


def test_a_label_goes_before_an_id() -> None:
    """Where one choice is called as another's id is, the label that one can see is meant."""
    heard = played("{user: x}, {tap: [blue]}, {user: ['2', skip, skip]}, {tap: 'No, thanks'}")[-1].heard
    assert "rule_declined" in [record.kind for record in heard.log]


def test_messages_files_and_stickers_are_sent() -> None:
    """Words and files come in one message; several words are several messages."""
    both = played("{user: x}, {tap: red}, {user: ['3', ok]}, {user: two of them, files: [a.png, b.png]}")[-1].heard
    wait = both.session.stack[0].wait
    assert wait is not None
    assert ([file["name"] for file in wait.files], wait.typed) == (["a.png", "b.png"], "two of them")
    sticker = played("{user: x}, {kind: sticker}")[-1].heard
    assert [record.data["kind"] for record in sticker.log if record.kind == "answer_unmatched"] == ["wrong_kind"]


def test_timers_fire_in_order_while_time_passes() -> None:
    """The reminder after a day comes before the end after three, each at its own time, and none twice."""
    heard = played("{user: x}, {wait: 10d}")[-1].heard
    fired = [record for record in heard.log if record.kind == "timer_fired"]
    begun = heard.session.started
    assert [record.at - begun for record in fired] == [timedelta(days=1), timedelta(days=3)]
    assert heard.session.status == "expired"


def test_a_timer_of_an_answered_question_does_not_fire() -> None:
    """What the engine calls off is forgotten."""
    assert played("{user: x}, {tap: [red]}, {wait: 2d}")[-1].heard.log == ()


def test_a_duplicate_is_the_last_event_again() -> None:
    """The same key comes twice, and the session stays as it was to the byte."""
    found = merchant()
    start, again = turns("{user: x}, {duplicate: true}")
    before = found.do(start).session
    heard = found.do(again)
    assert (heard.effects, heard.log) == ((), ())
    assert encode(heard.session) == encode(before)


def test_a_timer_can_come_twice_as_well() -> None:
    """Whatever was sent last is what is sent again."""
    assert played("{user: x}, {wait: 25h}, {duplicate: true}")[-1].failures == ()
    found = merchant()
    start, wait = turns("{user: x}, {wait: 25h}")
    found.do(start)
    found.do(wait)
    assert isinstance(found._last, Due)


@pytest.mark.parametrize("channel", PLATFORMS)
def test_a_form_is_filled_in_where_there_is_one(channel: str) -> None:
    """On Slack the form comes at once; elsewhere its questions are asked, and there is no form to submit."""
    heard = played("{user: x}, {tap: red}, {submit: {size: '3'}}", channel)[-1]
    if channel == "slack":
        assert heard.heard.session.stack[0].slots["size"] == 3
    else:
        assert heard.failures == (("submit", "no form is shown: the last question is asked in words"),)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("{tap: red}", "there is no button 'red'; there are none"),
        ("{user: x}, {tap: green}", "there is no button 'green'; there are 'Red', 'Blue', 'No colour', "),
        ("{user: x}, {tap: size.red}", "there is no button 'size.red'; there are"),
        ("{duplicate: true}", "there is no event yet that could come twice"),
    ],
)
def test_what_cannot_be_done_is_said(written: str, reason: str) -> None:
    """The reason names what there is instead."""
    ((_, said),) = played(written)[-1].failures
    assert said.startswith(reason)


def test_a_script_plays_the_same_each_time() -> None:
    """Ids come from the events' own keys, so two runs are equal down to the case's number."""
    written = "{user: x}, {tap: red}, {user: ['2', ok, skip]}"
    first, second = (encode(played(written)[-1].heard.session) for _ in range(2))
    assert first == second


def test_impossible_is_raised_to_whoever_drives_a_merchant() -> None:
    """The runner turns it into a failure; others can catch it."""
    (turn,) = turns("{tap: red}")
    with pytest.raises(Impossible):
        merchant().do(turn)
