"""The names that interactive elements carry to Slack and bring back: made by what goes out, read by what comes in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME: Final = "Triage"
"""What the app is called, and mentioned by."""
COMMAND: Final = "/triage"
"""The slash command."""
SHORTCUT: Final = "start_conversation"
"""The `callback_id` of the global shortcut."""
MESSAGE_SHORTCUT: Final = "ask_about_message"
"""The `callback_id` of the shortcut in the menu of a message."""
START: Final = "start"
"""The `action_id` of the button that begins a conversation, on the home tab."""
DATA: Final = "start:mydata"
"""The one that begins with the command for what is kept about whoever presses it."""
SHOW: Final = "show"
"""What the `action_id` of a button that is a mere link begins with."""
REPLY: Final = "desk:reply"
"""The token of the button that opens a reply to the merchant; the `callback_id` of its modal, and of the shortcut to it
in the menu of a message."""
MACRO: Final = "macro"
"""The `action_id` of what picks a prepared text in that modal."""
FORM: Final = "form"
"""The `callback_id` of a form's modal."""
VALUE: Final = "value"
"""The `action_id` of the element in each input block of a modal; the block's `block_id` is the slot."""

_TAP: Final = "tap"
_PICK: Final = "pick"
_LOOK: Final = "look"


class Pressed(NamedTuple):
    """What somebody did to an element.

    `tap`: chose the choice with the token `name`. `form`: wants to fill in the form of the question `name` (a ref).
    `start`: wants to begin a conversation, or to give the command `name` in theirs.
    `look`: wants to see the cases of the query `name`.
    `reply`: wants to write to the merchant of a case. `macro`: wants to see the prepared text `name` there.
    """

    verb: Literal["tap", "form", "start", "look", "reply", "macro"]
    name: str = ""


class Origin(msgspec.Struct, frozen=True):
    """What a modal is for: the conversation at `address` (a key), and the token of the form in it."""

    address: str
    token: str


def tap(token: str) -> str:
    """The `action_id` of a button with the token of a choice."""
    return f"{_TAP}:{token}"


def pick(ref: str) -> str:
    """The `action_id` of a select below the question `ref`; the values of its options are tokens."""
    return f"{_PICK}:{ref}"


def form(ref: str) -> str:
    """The `action_id` of the button that opens the form of the question `ref`."""
    return f"{FORM}:{ref}"


def look(part: str) -> str:
    """The `action_id` of an element of the home tab that shows other cases; its value is an encoded query."""
    return f"{_LOOK}:{part}"


def pressed(action: Mapping[str, Any]) -> Pressed | None:
    """What an action of a `block_actions` payload says; None for an element that is none of these."""
    named = action.get("action_id")
    verb, _, name = named.partition(":") if isinstance(named, str) else ("", "", "")
    if verb == _TAP and name:
        return Pressed("reply") if name == REPLY else Pressed("tap", name)
    if named == MACRO:
        option = action.get("selected_option")
        chosen = option.get("value") if isinstance(option, dict) else ""
        return Pressed("macro", chosen if isinstance(chosen, str) else "")
    if verb == _PICK:
        option = action.get("selected_option")
        token = option.get("value") if isinstance(option, dict) else None
        return Pressed("tap", token) if isinstance(token, str) and token else None
    if verb == _LOOK:
        option = action.get("selected_option")
        query = option.get("value") if isinstance(option, dict) else action.get("value")
        return Pressed("look", query) if isinstance(query, str) and query else None
    if verb == FORM and name:
        return Pressed("form", name)
    return Pressed("start", name) if named in (START, DATA) else None


def metadata(origin: Origin) -> str:
    """The `private_metadata` of a modal."""
    return msgspec.json.encode(origin).decode()


def origin(private_metadata: str) -> Origin | None:
    """What a modal is for; None if it is none of ours."""
    try:
        return msgspec.json.decode(private_metadata, type=Origin)
    except (msgspec.DecodeError, UnicodeEncodeError):
        return None


def entered(state: Mapping[str, Any]) -> dict[str, str | list[str]]:
    """The values of a submitted view's `state.values`, by slot, as a `Submit` has them; "" for what was left empty."""
    found: dict[str, str | list[str]] = {}
    for slot, elements in state.items():
        element = elements.get(VALUE) if isinstance(elements, dict) else None
        if isinstance(element, dict):
            found[slot] = _value(element)
    return found


def picked(state: Mapping[str, Any]) -> str:
    """The prepared text that was picked in the modal of a reply, "" for none."""
    element = (state.get(MACRO) or {}).get(MACRO)
    return str(_value(element)) if isinstance(element, dict) else ""


def _value(element: Mapping[str, Any]) -> str | list[str]:
    several = element.get("selected_options")
    if isinstance(several, list):
        return [_text(each.get("value")) for each in several if isinstance(each, dict)]
    chosen = element.get("selected_option")
    if isinstance(chosen, dict):
        return _text(chosen.get("value"))
    return _text(element.get("selected_date") or element.get("value"))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
