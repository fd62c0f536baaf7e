"""Versions: a session stays on its structure unless it can be moved without stranding anybody."""

from __future__ import annotations

from bot.flow.library import Library
from tests.engine.talk import Talk, catalogs, flows, patterns

OLD = """
flow: test
version: 1
title: T
slots: {name: {type: text}, size: {type: choice}, end: {type: text}}
steps:
  - {id: name, collect: name, prompt: Name?}
  - {id: size, collect: size, prompt: Size?, choices: [{id: s, label: Small}, {id: l, label: Large}]}
  - {id: end, collect: end, prompt: "End, {{ slots.name }} {{ slots.size }}?"}
"""


def renew(talk: Talk, text: str, *, keep: bool = True) -> Talk:
    """Put another version in force; `keep` whether the store still has the old one."""
    talk.library = Library([*patterns(), *flows(text)], catalogs(), flows(OLD) if keep else [])
    return talk


def test_new_texts_apply_at_once() -> None:
    """Meaning 9: a changed wording is no new structure; the next message has it."""
    talk = renew(Talk(OLD).send("/start"), OLD.replace("Size?", "How large?"), keep=False)
    assert talk.send("Ana").said == "How large?"
    assert "version_adopted" not in talk.log


def test_a_session_moves_when_its_step_still_asks_the_same() -> None:
    """Meaning 9: a new structure takes a session over when the present step and slot exist in it."""
    new = OLD.replace("version: 1", "version: 2").replace("- {id: end,", "- {id: more, say: And more.}\n  - {id: end,")
    talk = renew(Talk(OLD).send("/start", "Ana"), new).send("small")
    assert "version_adopted" in talk.log
    assert talk.said == "And more.\n\nEnd, Ana s?"


def test_a_session_stays_when_its_step_is_gone() -> None:
    """Meaning 9: otherwise it finishes on the old structure, which is kept."""
    new = OLD.replace("version: 1", "version: 2").replace("id: size, collect", "id: extent, collect")
    talk = renew(Talk(OLD).send("/start", "Ana"), new).send("small")
    assert talk.said == "End, Ana s?"
    assert talk.session.stack[0].version == 1


def test_a_session_stays_when_its_choices_are_fewer() -> None:
    """Meaning 9: a question that lost a choice is not the same question."""
    new = OLD.replace("version: 1", "version: 2").replace(", {id: l, label: Large}", "")
    assert renew(Talk(OLD).send("/start", "Ana"), new).send("large").slots["size"] == "l"


def test_migrate_renames_drops_and_maps() -> None:
    """Meaning 9: an author's plan moves steps and slots, drops one, and translates choice ids."""
    new = """
flow: test
version: 2
title: T
slots: {person: {type: text}, extent: {type: choice}, finish: {type: text}}
steps:
  - {id: person, collect: person, prompt: Person?}
  - {id: extent, collect: extent, prompt: Extent?, choices: [{id: small, label: Small}, {id: large, label: Large}]}
  - {id: finish, collect: finish, prompt: "Finish, {{ slots.person }} {{ slots.extent }}?"}
migrate:
  - from: 1
    steps: {name: person, size: extent, end: finish}
    rename: {name: person, size: extent}
    map: {extent: {s: small, l: large}}
"""
    talk = renew(Talk(OLD).send("/start", "Ana", "large"), new, keep=False).send("/back")
    assert talk.session.stack[0].version == 2
    assert talk.send("/status").session.stack[0].slots["person"] == "Ana"
    talk = renew(Talk(OLD).send("/start", "Ana", "large"), new).send("/why")
    assert talk.said.endswith("Finish, Ana large?")


def test_a_structure_that_is_gone_wipes_nothing() -> None:
    """Meaning 9: if the store lost the old structure, the merchant is told and no answer that still fits is asked again."""
    new = OLD.replace("version: 1", "version: 2").replace("id: size, collect", "id: extent, collect")
    talk = renew(Talk(OLD).send("/start", "Ana"), new, keep=False).send("small")
    assert "questions have changed" in talk.said
    assert talk.slots == {"name": "Ana"}
    assert talk.at == "test.extent"
    assert "turn_failed" not in talk.log


def test_every_frame_is_settled() -> None:
    """Meaning 9: a called flow is moved by itself, with its caller in place."""
    calls = """
flow: test
version: 1
title: T
slots: {x: {type: text}}
steps:
  - {id: call, call: sub, into: {x: y}}
  - {id: end, say: "Got {{ slots.x }}."}
---
flow: sub
version: 1
title: S
slots: {y: {type: text}}
steps: [{id: y, collect: y, prompt: Y?}]
"""
    talk = Talk(calls).send("/start")
    changed = calls.replace("prompt: Y?}]", "prompt: Y?}, {id: thanks, say: Thanks.}]")
    talk.library = Library([*patterns(), *flows(changed)], catalogs(), flows(calls))
    assert talk.send("abc").said == "Thanks.\n\nGot abc."
