"""Everything the shipped conversation says, in every language, as messages that Slack takes."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.channels.slack.buttons import Pressed
from bot.channels.slack.content import Content, content, edited
from bot.channels.slack.parts import parts
from bot.chat.effects import Ask, Button, Edit, Say
from bot.chat.people import SLACK
from bot.flow.model import Collect, Rule
from bot.scripts.model import read_script
from bot.scripts.runner import play
from bot.text.locales import LANGUAGES
from bot.text.nodes import paragraph
from tests.channels.slack.test_content import choices
from tests.channels.slack.test_rendering import taken
from tests.engine.talk import shipped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.chat.effects import Effect

SCRIPTS = Path(__file__).parents[2] / "flows"


@cache
def _lawful(blocks: str) -> bool:
    return taken(json.loads(blocks))


def lawful(found: Content) -> bool:
    """Whether Slack takes it; what was looked at once is not looked at again."""
    return bool(found.text) and _lawful(json.dumps(found.blocks))


def messages(effects: list[Effect]) -> Iterator[tuple[Content, tuple[Button, ...]]]:
    """The messages of effects, each with the choices that it must offer."""
    asked: dict[str, Ask] = {}
    for effect in effects:
        for part in parts(effect):
            if isinstance(part, (Say, Ask)):
                yield content(part), part.buttons
            if isinstance(part, Ask):
                asked[part.ref] = part
            elif isinstance(part, Edit):
                yield edited(asked[part.ref].document if part.ref in asked else (), part), part.buttons


@pytest.mark.parametrize("locale", sorted(LANGUAGES))
def test_every_message_of_whole_conversations(locale: str) -> None:
    """Each message is valid, and every choice that is offered can be pressed or picked with its own token."""
    name = f"language_{locale}.flowtest.yaml"
    sheet, _ = read_script((SCRIPTS / name).read_bytes(), name)
    assert sheet is not None
    count = 0
    for case in sheet.script.cases:
        effects = [each for played in play(shipped(), case, SLACK.name) for each in played.heard.effects]
        for found, offered in messages(effects):
            assert lawful(found)
            assert choices(found) == [Pressed("tap", each.token) for each in offered]
            count += 1
    assert count > 50


@pytest.mark.parametrize("locale", sorted(LANGUAGES))
def test_every_choice_of_every_question(locale: str) -> None:
    """Labels are whole: none is so long that Slack would have to shorten it."""
    library = shipped()
    for program in library.programs.values():
        for step in program.steps.values():
            if isinstance(step, (Collect, Rule)):
                menu = library.menu(program.linked[step.id], locale, SLACK.label_limit)
                offered = [Button(f"{'0' * 32}.ff{m}", each) for m, each in zip(menu.marks, menu.labels, strict=True)]
                found = content(Ask("r", (paragraph("?"),), tuple(offered)))
                assert lawful(found)
                assert choices(found) == [Pressed("tap", each.token) for each in offered]
                assert all(json.dumps(" ".join(each.label.split())) in json.dumps(found.blocks) for each in offered)
