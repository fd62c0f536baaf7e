"""Macros: texts that staff send often, written once in each language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from bot.text.locales import fallbacks
from bot.text.markdown import Parsed, render

if TYPE_CHECKING:
    from bot.text.nodes import Document

PLACES: Final = ("merchant.name", "staff.name", "case.id")
"""What a macro may show between `{{ }}`."""


class Macro(msgspec.Struct, frozen=True):
    """A text that staff send often: what they choose it by, and what the merchant reads, by language."""

    title: str
    text: dict[str, Parsed]

    def render(self, locale: str, *, merchant: str, staff: str, case: str) -> Document | None:
        """The text in the language that serves `locale` best, its places filled; None if none does."""
        language = next((each for each in fallbacks(locale) if each in self.text), None)
        if language is None:
            return None
        values = dict(zip(PLACES, (merchant, staff, case), strict=True))
        found = self.text[language]
        return render(found.document, [values[place] for place in found.expressions])
