"""Macros: texts that staff send often, written once in each language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from bot.flow.problems import quoted, suggest
from bot.flow.slots import Model
from bot.text.locales import SOURCE, fallbacks, normalise
from bot.text.markdown import MarkdownError, Parsed, parse, render

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.flow.problems import Problem
    from bot.flow.reader import Path, Tree
    from bot.text.nodes import Document

PLACES: Final = ("merchant.name", "staff.name", "case.id")
"""What a macro may show between `{{ }}`."""


def _tag(tag: str) -> str:
    usual = normalise(tag)
    if usual != tag:
        hint = f"write {quoted(usual)}" if usual else "languages are called as `en` and `pt-BR` are"
        raise PydanticCustomError("bad-language", "{tag} is no language", {"tag": quoted(tag), "hint": hint})
    return tag


def _parsed(source: Any) -> Parsed:
    if not isinstance(source, str) or not source.strip():
        raise PydanticCustomError("bad-value", "a macro says something: write a text")
    try:
        found = parse(source)
    except MarkdownError as error:
        raise PydanticCustomError("bad-markup", "{reason}", {"reason": str(error)}) from error
    for place in found.expressions:
        if place not in PLACES:
            hint = suggest(place, PLACES) or f"there are {', '.join(PLACES)}"
            raise PydanticCustomError(
                "unknown-name", "a macro cannot show {place}", {"place": quoted(place), "hint": hint}
            )
    return found


Language = Annotated[str, AfterValidator(_tag)]
"""The tag of a language."""
Words = Annotated[Parsed, BeforeValidator(_parsed), WithJsonSchema({"type": "string", "minLength": 1})]
"""An author's Markdown with the PLACES."""


class Macro(Model):
    """A text that staff send often."""

    title: Annotated[str, StringConstraints(strict=True, min_length=1, max_length=75)]
    """What staff choose it by."""
    text: Annotated[dict[Language, Words], Field(min_length=1)]
    """What the merchant reads, by language: Markdown with {{ merchant.name }}, {{ staff.name }} and {{ case.id }}."""

    def render(self, locale: str, *, merchant: str, staff: str, case: str) -> Document | None:
        """The text in the language that serves `locale` best, its places filled; None if none does."""
        language = next((each for each in fallbacks(locale) if each in self.text), None)
        if language is None:
            return None
        values = dict(zip(PLACES, (merchant, staff, case), strict=True))
        found = self.text[language]
        return render(found.document, [values[place] for place in found.expressions])


def problems_of(macro: Macro, path: Path, tree: Tree, languages: Iterable[str]) -> Iterator[Problem]:
    """What a macro lacks for a deployment of these languages; `path` is the way to its text."""
    written = tree.data["macros"][path[1]]["text"]  # with those that were refused
    lacking = [each for each in languages if not any(tag in written for tag in fallbacks(each))]
    if lacking:
        message = f"this macro has no text in {', '.join(map(quoted, lacking))}"
        hint = f"a text in `{SOURCE}` would do for every language"
        yield tree.problem("missing-translation", path, message, hint, key=True)
    first, *others = macro.text.items()
    for language, words in others:
        if set(words.expressions) != set(first[1].expressions):
            message = f"the texts in `{language}` and `{first[0]}` do not show the same values"
            yield tree.problem("placeholder-mismatch", (*path, language), message, "copy each {{ … }} as it is")
