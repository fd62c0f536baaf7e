"""Buttons under a message, and what Telegram refuses about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.platforms.telegram.refusals import Violation, bad

if TYPE_CHECKING:
    from tests.platforms.wire import Json

MAX_DATA = 64
MAX_ROW, MAX_BUTTONS = 8, 100
MAX_PLACEHOLDER = 64
MAX_COPY = 256
KINDS = frozenset(
    {
        "url",
        "callback_data",
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "copy_text",
        "callback_game",
        "pay",
    }
)
"""Exactly one of these says what an inline button does (DisabledButton of 10.3 aside)."""


def checked(markup: Json | None) -> Json | None:
    """An inline keyboard that a message keeps; None for the other markups, which change the app instead."""
    if markup is None:
        return None
    if "inline_keyboard" in markup:
        return _inline(markup)
    if len(markup.get("input_field_placeholder", "")) > MAX_PLACEHOLDER:
        raise Violation(f"input_field_placeholder has more than {MAX_PLACEHOLDER} characters")
    return None


def _inline(markup: Json) -> Json | None:
    rows = [row for row in markup["inline_keyboard"] if row]
    if sum(map(len, rows)) > MAX_BUTTONS or any(len(row) > MAX_ROW for row in rows):
        raise bad("reply markup is too long")
    for row in rows:
        for button in row:
            _check(button)
    return {"inline_keyboard": rows} if rows else None


def _check(button: Json) -> None:
    kinds = KINDS & button.keys()
    if not button.get("text"):
        raise bad("can't parse inline keyboard button: Button text must be non-empty")
    if not kinds and "disabled" not in button:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(kinds) > 1:
        raise Violation(f"a button does one thing, not {' and '.join(sorted(kinds))}")
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= MAX_DATA:
        raise bad("BUTTON_DATA_INVALID")
    if "copy_text" in button and not 1 <= len(button["copy_text"]["text"]) <= MAX_COPY:
        raise bad("BUTTON_COPY_TEXT_INVALID")
    if "url" in button and not button["url"].startswith(("http://", "https://", "tg://")):
        raise bad(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
