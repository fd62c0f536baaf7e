"""A small flow with a bit of everything, and scripts about it."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

from bot.scripts.model import Sheet, read_script
from bot.scripts.runner import Played, play
from tests.engine.talk import library

if TYPE_CHECKING:
    from bot.flow.library import Library

SHOP = """
flow: shop
version: 1
title: A shop
expire_after: 3d
slots:
  colour: {type: choice, label: Colour}
  size: {type: number, label: Size}
  shots: {type: files, label: Pictures}
  note: {type: text, label: Note}
steps:
  - id: colour
    collect: colour
    prompt: Which colour?
    choices: [{id: red, label: Red}, {id: blue, label: Blue}, {id: none, label: No colour, next: away}]
    unsure: true
    timeout: {after: 1d, then: nudge}
  - id: details
    form: details
    title: Details
    submit: Send
    fields:
      - {collect: size, prompt: Which size?}
      - {collect: note, prompt: Anything else?, optional: true}
  - {id: shots, collect: shots, prompt: Any pictures?, optional: true}
  - id: blue_rule
    when: slots.colour == 'blue'
    rule: blue
    text: Blue takes longer.
    accept: Fine
    decline: {label: "No, thanks"}
  - id: branch
    say: Thank you.
    next:
      - {if: slots.size == 1, then: away}
      - {if: slots.size == 2, then: person}
      - {else: person}
  - {id: person, handoff: {queue: shop, priority: "{{ 'high' if slots.size == 2 else 'normal' }}"}}
  - {id: away, end: away}
"""


def shop() -> Library:
    """The flow and the shipped repair patterns."""
    return library(SHOP)


def sheet(text: str) -> Sheet:
    """A sound script."""
    found, problems = read_script(dedent(text).encode(), "a.flowtest.yaml")
    assert problems == ()
    assert found is not None
    return found


def played(turns: str, channel: str = "console") -> list[Played]:
    """What comes of turns, written as a YAML list in one line each."""
    written = sheet(f"cases: [{{case: a case, flow: shop, name: Ana, turns: [{turns}]}}]")
    return list(play(shop(), written.script.cases[0], channel))
