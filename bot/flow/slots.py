"""Slots: the typed answers of a conversation."""

import re
from typing import Annotated, Final, Literal

from bot.flow.keys import Model
from bot.flow.marks import Checked, RefusalError, Within
from bot.flow.texts import Text
from bot.flow.values import Bound, Flag

MAX_TEXT: Final = 640
"""Code points of a stored text answer, unless its slot says otherwise."""


def _regular(pattern: str) -> str:
    """The same expression; raises RefusalError if it is none."""
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise RefusalError("bad-pattern", f"the pattern cannot be read: {error}") from error
    return pattern


class Slot(Model, frozen=True, kw_only=True):
    """A typed answer of the conversation."""

    type: Literal["choice", "choices", "yes_no", "text", "number", "date", "url", "email", "version", "files"]
    """What an answer is; `choice` and `choices` (several) are asked with choices."""
    label: Text | None = None
    """What the merchant's summary calls it."""
    staff_label: Text | None = None
    """What the staff's card calls it; without one the answer is not on the card."""
    sensitive: Flag = False
    """Never in summaries, logs or metrics."""
    pattern: Annotated[str, Checked(_regular)] | None = None
    """A regular expression that the whole answer must match (text, number, url, email, version)."""
    max_chars: Annotated[int, Within(strict=True, ge=1, le=4000)] = MAX_TEXT
    """Characters an answer may have."""
    min: Bound | None = None
    """The least number that is an answer."""
    max: Bound | None = None
    """The greatest number that is an answer."""
    ask_again: Flag = False
    """Ask even if the answer is already known."""
    also: Literal["text"] | None = None
    """Free text is an answer too (choice, date, files)."""

    def __post_init__(self) -> None:
        """Refuse settings that do not go together; raises RefusalError."""
        if self.also and self.type not in {"choice", "date", "files"}:
            raise RefusalError("bad-slot", "`also: text` goes with the types choice, date and files")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise RefusalError("bad-slot", "no number is an answer: `min` is greater than `max`")
