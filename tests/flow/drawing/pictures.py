"""Flows to draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.flow.drawing.scene import scene
from bot.flow.model import Flow
from bot.flow.program import Program
from bot.flow.understanding import understood
from bot.text.plain import plain
from tests.flow.made import program, shipped

if TYPE_CHECKING:
    from bot.flow.drawing.scene import Scene
    from bot.flow.texts import Text

SHOP = """
flow: shop
version: 1
title: A "shop" & more
triggers: [{command: shop}]
slots: {x: {type: choice, also: text}, y: {type: number}, z: {type: choice}}
steps:
  - id: hello
    when: "user.first_name is not none"
    say: |
      Hello <b> {{ user.first_name }}.

      A second paragraph.
  - id: x
    collect: x
    prompt: Which?
    choices: [{id: a, label: A, next: away}, {id: b, label: B, next: away}, {id: c, label: C}]
    on_max_attempts: person
    timeout: {after: 1d, then: person}
  - id: form
    form: form
    title: Details
    submit: Send
    fields: [{collect: y, prompt: How many?}, {collect: z, prompt: Which?, choices: [{id: d, label: D, next: away}]}]
  - {id: rule, rule: rule, text: A rule., accept: Fine, decline: {label: Never, next: person}}
  - {id: set, when: "slots.y > 3", set: {x: null, y: 3, z: "{{ slots.x }}"}, next: x}
  - {id: call, call: other}
  - {id: action, action: hook, on_error: person}
  - id: branch
    say: Well.
    next: [{if: "slots.x in ['a', 'b']", then: away}, {else: person}]
  - {id: person, handoff: {queue: help}}
  - {id: away, end: gone}
"""


def _source(text: Text) -> str:
    return plain(text.wording.document)


def shop() -> Scene:
    """A flow with each kind of step and way."""
    return scene(program(SHOP), _source)


def all_shipped() -> list[Scene]:
    """Every flow that is shipped."""
    return [scene(Program(understood(Flow, each)), _source) for each in shipped()]
