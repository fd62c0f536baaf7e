"""Locations: from pydantic's `loc` back to the data."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import pytest

from bot.flow.keys import Model
from bot.flow.locations import known_keys, locate
from bot.flow.marks import OneOf


class Card(Model, frozen=True, kw_only=True):
    """What a hand-off opens."""

    queue: str = ""


class Base(Model, frozen=True, kw_only=True):
    """What every step has."""

    id: str


class Handoff(Base, frozen=True, kw_only=True):
    """A step whose tag, key and field share their name."""

    handoff: Card


class Ask(Base, frozen=True, kw_only=True):
    """A step with lists, mappings and unions of every kind."""

    ask: str
    if_: str = ""
    retry: bool | tuple[str, ...] = True
    card: Card | None = None
    cards: dict[str, Card] = msgspec.field(default_factory=dict)
    pair: tuple[int, Card] = (0, Card())
    anything: Any = None


def kind(value: Any) -> str | None:
    """The tag of a step."""
    return next((each for each in ("handoff", "ask") if each in value), None)


class Script(Model, frozen=True, kw_only=True):
    """A document."""

    steps: list[Annotated[Handoff | Ask, OneOf({"handoff": Handoff, "ask": Ask}, kind)]]


ASK = {
    "id": "b",
    "ask": "?",
    "if": "x",
    "retry": [1],
    "card": {"qeue": "x"},
    "cards": {"one": {"queue": 1}},
    "pair": [1, {"queue": 1}],
    "anything": {"ask": 1},
    "extra": 1,
}
DATA = {"steps": [{"id": "a", "handoff": {"queu": "x"}, "qeue": "x"}, ASK, 5]}


@pytest.mark.parametrize(
    ("loc", "path", "owner"),
    [
        (("steps",), ("steps",), "a script"),
        (("steps", 2), ("steps", 2), "this"),
        (("steps", 0, "handoff", "qeue"), ("steps", 0, "qeue"), "a handoff step"),
        (("steps", 0, "handoff", "handoff", "queu"), ("steps", 0, "handoff", "queu"), "a card"),
        (("steps", 1, "ask", "extra"), ("steps", 1, "extra"), "an ask step"),
        (("steps", 1, "ask", "if"), ("steps", 1, "if"), "an ask step"),
        (("steps", 1, "ask", "why"), ("steps", 1, "why"), "an ask step"),
        (("steps", 1, "ask", "card", "qeue"), ("steps", 1, "card", "qeue"), "a card"),
        (("steps", 1, "ask", "cards", "one", "queue"), ("steps", 1, "cards", "one", "queue"), "a card"),
        (("steps", 1, "ask", "pair", 1, "queue"), ("steps", 1, "pair", 1, "queue"), "a card"),
        (("steps", 1, "ask", "anything", "ask"), ("steps", 1, "anything", "ask"), "this"),
        (("steps", 1, "ask", "anything", "function-plain"), ("steps", 1, "anything"), "an ask step"),
        (("steps", 1, "ask", "ask", 0), ("steps", 1, "ask"), "an ask step"),
        (("steps", 2, "ask", "id", "deeper"), ("steps", 2, "id"), "an ask step"),
        ((), (), "this"),
    ],
)
def test_tags_are_told_from_keys(loc: tuple[str | int, ...], path: tuple[str | int, ...], owner: str) -> None:
    """The path leads through the data, tags left out, and ends where the data ends or at the key that is missing."""
    location = locate(Script, loc, DATA)
    assert location.path == path
    assert location.owner == owner
    assert location.union is None


def test_members_of_a_union_without_tags_share_its_place() -> None:
    """Pydantic reports one error for each member; they are told apart by nothing but a label."""
    flag = locate(Script, ("steps", 1, "ask", "retry", "bool"), DATA)
    items = locate(Script, ("steps", 1, "ask", "retry", "tuple", 0), DATA)
    assert flag.union == items.union == ("steps", 1, "retry")
    assert (flag.path, items.path) == (("steps", 1, "retry"), ("steps", 1, "retry", 0))


def test_a_key_itself_can_be_meant() -> None:
    """A mapping's key may be refused, not its value."""
    location = locate(Script, ("steps", 1, "ask", "cards", "one", "[key]"), DATA)
    assert (location.path, location.key) == (("steps", 1, "cards", "one"), True)


def test_a_step_without_a_kind_knows_the_kinds() -> None:
    """So that the key that was meant to name it can be found."""
    assert locate(Script, ("steps", 2), DATA).tags == ("handoff", "ask")
    assert locate(Script, ("steps",), DATA).tags == ()


def test_known_keys_are_those_of_the_file() -> None:
    """By alias where there is one."""
    assert known_keys(Ask)[:3] == ("id", "ask", "if")
    assert known_keys(None) == ()
