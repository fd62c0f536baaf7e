"""What new flows would mean for a conversation is what comes true when they are in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.engine.fates import Fate, fate
from bot.engine.session import decode, encode
from bot.engine.versions import Obstacle
from bot.flow.library import Library
from tests.engine.talk import Talk, catalogs, flows, patterns
from tests.searching import examples

if TYPE_CHECKING:
    from bot.engine.fates import Kind

OLD = """
flow: test
version: 1
title: T
triggers: [{command: start}]
slots: {name: {type: text}, size: {type: choice}, end: {type: text}}
steps:
  - {id: name, collect: name, prompt: Name?}
  - {id: size, collect: size, prompt: Size?, choices: [{id: s, label: Small}, {id: l, label: Large}]}
  - {id: end, collect: end, prompt: End?}
"""
NEW = OLD.replace("version: 1", "version: 2")

CHANGES: dict[str, tuple[str, str]] = {
    "nothing": ("", ""),
    "words": ("Size?", "How large?"),
    "more": ("  - {id: end,", "  - {id: more, say: More.}\n  - {id: end,"),
    "step": ("id: size, collect", "id: extent, collect"),
    "kind": (
        "{id: size, collect: size, prompt: Size?, choices: [{id: s, label: Small}, {id: l, label: Large}]}",
        "{id: size, rule: size, text: Size., accept: Fine}",
    ),
    "slot": ("collect: size", "collect: end"),
    "type": ("size: {type: choice}", "size: {type: choices}"),
    "choice": (", {id: l, label: Large}", ""),
    "answer": ("{name: {type: text}, ", "{"),
    "migrate": ("id: size, collect", "id: extent, collect"),
}
"""What is written otherwise in the new version."""


def changed(change: str) -> str:
    """The new version."""
    plan = "migrate: [{from: 1, steps: {size: extent}}]\n" if change == "migrate" else ""
    text = NEW.replace(*CHANGES[change]) + plan
    return text.replace("{id: name, collect: name", "{id: name, collect: end") if change == "answer" else text


def renewed(text: str, *, keep: bool) -> Library:
    """The flows with another version in force; `keep` whether the old one was kept."""
    return Library([*patterns(), *flows(text)], catalogs(), flows(OLD) if keep else [])


@pytest.mark.parametrize(
    ("change", "kind", "name"),
    [
        ("words", "same", ""),
        ("more", "moves", ""),
        ("migrate", "moves", ""),
        ("step", "finishes", "size"),
        ("kind", "finishes", "size"),
        ("slot", "finishes", "size"),
        ("type", "finishes", "size"),
        ("choice", "finishes", "l"),
        ("answer", "finishes", "name"),
    ],
)
def test_what_is_in_the_way_is_named(change: str, kind: Kind, name: str) -> None:
    """The first thing of the structure it is on that the new one does not have."""
    talk = Talk(OLD).send("/start", "Ana")
    obstacle = Obstacle(change, name) if name else None  # type: ignore[arg-type]
    assert fate(renewed(changed(change), keep=True), talk.session) == Fate(kind, "test", 1, "size", obstacle)


def test_where_nothing_was_kept() -> None:
    """It begins the flow anew, or, where that is gone too, cannot go on."""
    session = Talk(OLD).send("/start", "Ana").session
    lost = fate(renewed(changed("step"), keep=False), session)
    assert lost == Fate("begins_anew", "test", 1, "size", Obstacle("step", "size"))
    without = Library(patterns(), catalogs())
    assert fate(without, session) == Fate("stuck", "test", 1, "size")
    assert fate(Library(patterns(), catalogs(), flows(OLD)), session) == Fate("finishes", "test", 1, "size")


def test_the_frame_that_fares_worst_decides() -> None:
    """Otherwise the one on top does; what has ended has no fate."""
    session = Talk(OLD).send("/start", "Ana", "/cancel").session
    found = fate(renewed(changed("step"), keep=True), session)
    assert found is not None
    assert (found.flow, found.kind) == ("test", "finishes")
    assert fate(renewed(OLD, keep=True), Talk(OLD).session) is None


@settings(max_examples=examples(60))
@given(
    st.sampled_from(sorted(CHANGES)),
    st.booleans(),
    st.lists(st.sampled_from(["Ana", "small", "/why", "/help", "/back", "/cancel"]), max_size=4),
)
def test_it_comes_true(change: str, keep: bool, said: list[str]) -> None:
    """Whatever is changed, wherever it stands: the next message shows in the log what was told."""
    talk = Talk(OLD).send("/start", *said)
    if talk.session.status != "active":
        return
    library = renewed(changed(change), keep=keep)
    before = encode(talk.session)
    found = fate(library, decode(before))
    assert encode(talk.session) == before
    talk.library = library
    talk.send("/status")
    kinds = {each for each in talk.log if each.startswith("version_")}
    expected = {"same": set(), "moves": {"version_adopted"}, "finishes": set(), "begins_anew": {"version_lost"}}
    assert found is not None
    assert kinds >= expected[found.kind]
    assert ("version_lost" in kinds) is (found.kind == "begins_anew")
