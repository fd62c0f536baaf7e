"""Slots: what their settings may be, and which of them go together."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic_core import ValidationError

from bot.flow.slots import MAX_TEXT, Slot
from bot.flow.understanding import understood


def refused(**keys: Any) -> list[str]:
    """The type of everything that is wrong with a slot."""
    try:
        understood(Slot, keys)
    except ValidationError as error:
        return [each["type"] for each in error.errors()]
    return []


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ({"type": "words"}, "literal_error"),
        ({"type": "text", "pattern": "("}, "bad-pattern"),
        ({"type": "text", "pattern": "a{99999999999}"}, "bad-pattern"),
        ({"type": "text", "pattern": "(" * 5000 + ")" * 5000}, "bad-pattern"),
        ({"type": "text", "also": "text"}, "bad-slot"),
        ({"type": "date", "also": "number"}, "literal_error"),
        ({"type": "number", "min": 2, "max": 1}, "bad-slot"),
        ({"type": "number", "min": "1"}, "float_type"),
        ({"type": "number", "max": True}, "float_type"),
        ({"type": "number", "max": float("inf")}, "finite_number"),
        ({"type": "number", "min": float("nan")}, "finite_number"),
        ({"type": "text", "max_chars": 0}, "greater_than_equal"),
        ({"type": "text", "max_chars": 4001}, "less_than_equal"),
        ({"type": "text", "max_chars": "10"}, "int_type"),
        ({"type": "text", "label": " "}, "string_too_short"),
    ],
)
def test_slots_that_make_no_sense_are_refused(keys: dict[str, Any], problem: str) -> None:
    """Each for its own reason, none with an exception of another kind."""
    assert refused(**keys) == [problem]


def test_a_pattern_is_refused_where_it_stands() -> None:
    """Its author is shown the expression, not the beginning of the slot."""
    with pytest.raises(ValidationError) as refusal:
        understood(Slot, {"type": "text", "pattern": "("})
    assert [each["loc"] for each in refusal.value.errors()] == [("pattern",)]


@pytest.mark.parametrize("kind", ["choice", "date", "files"])
def test_free_text_goes_with_these_types(kind: str) -> None:
    """`also: text` is for answers that are no text themselves."""
    assert refused(type=kind, also="text") == []


def test_what_is_left_out() -> None:
    """An answer is stored up to a length, shown on the merchant's summary and nowhere else, and asked for once."""
    slot = Slot(type="text")
    assert (slot.max_chars, slot.label, slot.staff_label, slot.ask_again) == (MAX_TEXT, None, None, False)


def test_an_unknown_key_is_refused() -> None:
    """As everywhere in the language."""
    assert refused(type="text", kind="text") == ["extra_forbidden"]
