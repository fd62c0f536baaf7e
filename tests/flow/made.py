"""Flows for the tests of the flow language: small ones, made here, and one that has every key of the language."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.flow.library import Library
from bot.flow.model import Flow
from bot.flow.program import Program
from bot.flow.reader import read
from bot.flow.understanding import understood
from bot.text.catalogs import Catalogs
from bot.text.pofile import Entry
from tests.flow.checks.examples import document

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "flows").glob("*.yaml"))
COMPLETE = Path(__file__).with_name("complete.yaml")

Data = dict[str, Any]
Translations = dict[str, dict[tuple[str, str], str]]
"""By language, then by context and source."""


def data(text: str) -> list[Data]:
    """The documents of a file that has no problems, as plain data."""
    reading = read(text.encode(), "test.yaml")
    assert reading.problems == ()
    return [tree.data for tree in reading.documents]


@cache
def complete() -> Data:
    """The flow that has every key of the language, as plain data, which nobody changes: see `changed`."""
    (found,) = data(COMPLETE.read_text("utf-8"))
    return found


@cache
def shipped() -> tuple[Data, ...]:
    """The shipped flows, the same."""
    return tuple(found for file in SHIPPED for found in data(file.read_text("utf-8")))


def flow(text: str) -> Flow:
    """The flow of a text; what it does not say of itself is that it is the flow `f`, version 1, titled F."""
    (found,) = data(document(text))
    return understood(Flow, found)


def program(text: str) -> Program:
    """The same, linked."""
    return Program(flow(text))


def catalogs(translations: Translations) -> Catalogs:
    """Catalogs with these translations, all of them usable."""
    return Catalogs(
        {
            language: {key: Entry(translation) for key, translation in found.items()}
            for language, found in translations.items()
        }
    )


def library(*texts: str, translations: Translations | None = None, kept: Iterable[Flow] = ()) -> Library:
    """A library of the flows of these texts."""
    return Library(map(flow, texts), catalogs(translations or {}), kept)


def changed(source: Any, path: tuple[str | int, ...], value: Any) -> Any:
    """A copy of plain data with another value at `path`."""
    if not path:
        return value
    first, *rest = path
    if isinstance(source, list):
        return [changed(each, tuple(rest), value) if number == first else each for number, each in enumerate(source)]
    return {**source, first: changed(source.get(first), tuple(rest), value)}


def without(source: Any, path: tuple[str | int, ...]) -> Any:
    """A copy of plain data without the key or item at `path`."""
    first, *rest = path
    if isinstance(source, list):
        kept = [without(each, tuple(rest)) if number == first and rest else each for number, each in enumerate(source)]
        return kept if rest else [each for number, each in enumerate(kept) if number != first]
    if rest:
        return {**source, first: without(source[first], tuple(rest))}
    return {key: each for key, each in source.items() if key != first}


def at(source: Any, path: Iterable[str | int]) -> Any:
    """What stands at `path` of plain data."""
    for part in path:
        source = source[part]
    return source


def places(source: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Where the values of plain data are, those that hold others before these."""
    inside: Mapping[Any, Any] | dict[int, Any] = {}
    if isinstance(source, dict):
        inside = source
    elif isinstance(source, list):
        inside = dict(enumerate(source))
    return [path, *(place for key, below in inside.items() for place in places(below, (*path, key)))]
