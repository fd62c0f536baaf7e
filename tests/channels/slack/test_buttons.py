"""The names of interactive elements: what is made is read back, and whatever else comes is nobody's."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.slack import buttons
from bot.channels.slack.buttons import Origin, Pressed
from bot.engine.tokens import MAX_BYTES

NAMES = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1, max_size=MAX_BYTES)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda each: (
        st.lists(each)
        | st.dictionaries(st.sampled_from(["value", "selected_option", "selected_options", "action_id", "a"]), each)
    ),
)


@given(NAMES)
def test_what_is_made_is_read_back(name: str) -> None:
    """A button, an option and a form's button lead back to their token or question, within Slack's limit."""
    assert buttons.pressed({"action_id": buttons.tap(name)}) == Pressed("tap", name)
    chosen = {"action_id": buttons.pick("r.1"), "selected_option": {"value": name}}
    assert buttons.pressed(chosen) == Pressed("tap", name)
    assert buttons.pressed({"action_id": buttons.form(name)}) == Pressed("form", name)
    assert all(len(make(name)) <= 255 for make in (buttons.tap, buttons.pick, buttons.form))


def test_the_start_button() -> None:
    """The button of the home tab begins a conversation."""
    assert buttons.pressed({"action_id": buttons.START}) == Pressed("start")
    assert buttons.pressed({"action_id": buttons.DATA}) == Pressed("start", "mydata")


@pytest.mark.parametrize("action", [{}, {"action_id": "tap:"}, {"action_id": "pick:r"}, {"action_id": "other"}])
def test_other_elements_mean_nothing(action: dict[str, Any]) -> None:
    """An element without a name, with an empty one, or without a choice."""
    assert buttons.pressed(action) is None


@given(st.text(st.characters(exclude_categories=["Cs"])), NAMES)
def test_a_modal_knows_what_it_is_for(address: str, token: str) -> None:
    """Its metadata leads back to the conversation and the form."""
    found = Origin(address, token)
    assert buttons.origin(buttons.metadata(found)) == found


@pytest.mark.parametrize("metadata", ["", "{}", "[]", '{"address": 1, "token": "t"}', "\ud800"])
def test_other_modals_are_nobodys(metadata: str) -> None:
    """Metadata of another form is refused, not believed."""
    assert buttons.origin(metadata) is None


def test_what_was_entered() -> None:
    """Each kind of element as a form's answer has it: texts, dates, one choice, several, and nothing."""
    state = {
        "name": {"value": {"type": "plain_text_input", "value": "Ana"}},
        "nothing": {"value": {"type": "plain_text_input", "value": None}},
        "day": {"value": {"type": "datepicker", "selected_date": "2026-11-26"}},
        "one": {"value": {"type": "static_select", "selected_option": {"value": "a"}}},
        "none": {"value": {"type": "radio_buttons", "selected_option": None}},
        "several": {"value": {"type": "checkboxes", "selected_options": [{"value": "a"}, {"value": "b"}]}},
        "other": {"another_action": {"value": "x"}},
    }
    assert buttons.entered(state) == {
        "name": "Ana",
        "nothing": "",
        "day": "2026-11-26",
        "one": "a",
        "none": "",
        "several": ["a", "b"],
    }


@given(JSON, st.dictionaries(st.text(), JSON))
def test_whatever_comes_is_read(action: Any, state: dict[str, Any]) -> None:
    """No payload makes the reader fail; what it finds are texts."""
    found = buttons.pressed(action if isinstance(action, dict) else {"action_id": action})
    assert found is None or isinstance(found.name, str)
    for each in buttons.entered(state).values():
        assert isinstance(each, (str, list))
