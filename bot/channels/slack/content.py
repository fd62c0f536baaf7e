"""What messages are made of: the words of an effect, and below them what one can press or pick."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from bot.channels.slack import buttons, rendering
from bot.chat.effects import Ask
from bot.chat.people import SLACK
from bot.text.nodes import List, Text
from bot.text.plain import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.channels.slack.rendering import Json
    from bot.chat.effects import Button, Edit, Form, Notice, Say
    from bot.text.nodes import Document

MOST_BUTTONS: Final = 5
"""Choices that stand side by side; more of them are picked from a list."""
MOST_PLACEHOLDER: Final = 150
"""Code points of what a list says before something is picked."""
GROUP: Final = 100
"""Options of a list, and of each group of a longer one."""


class Content(NamedTuple):
    """A message: `text` for notifications and screen readers, `blocks` for everybody else."""

    text: str
    blocks: list[Json]


def content(effect: Say | Ask | Notice) -> Content:
    """A text or a question with its choices; a form is opened by a button, and names what was wrong with it."""
    if isinstance(effect, Ask) and effect.form is not None:
        document = effect.document + _errors(effect.form)
        opening = _button(effect.form.title, buttons.form(effect.ref)) | {"style": "primary"}
        return Content(rendering.notification(document), [*rendering.blocks(document), _actions([opening])])
    below = _choices(effect.buttons, effect.ref if isinstance(effect, Ask) else "")
    return Content(rendering.notification(effect.document), [*rendering.blocks(effect.document), *below])


def edited(question: Document, effect: Edit) -> Content:
    """An answered question: below it, in one line, what was chosen and the button that changes it."""
    found = rendering.blocks(question)
    if effect.document:
        below: Json = {"type": "section", "text": rendering.line(effect.document)}
        if len(effect.buttons) == 1:
            below["accessory"] = _tap(effect.buttons[0])
        found.append(below)
    if len(effect.buttons) > 1 or not effect.document:
        found += _choices(effect.buttons, effect.ref)
    return Content(rendering.notification((*question, *effect.document)), found)


def plain_content(document: Document) -> Content:
    """Words alone."""
    return Content(rendering.notification(document), rendering.blocks(document))


def options(choices: Sequence[tuple[str, str]]) -> Json:
    """The options, in groups where they are many, of a list of (value, label); at least one."""
    made = [{"text": rendering.label(label, SLACK.label_limit), "value": value} for value, label in choices]
    if len(made) <= GROUP:
        return {"options": made}
    groups = [made[start : start + GROUP] for start in range(0, len(made), GROUP)]
    return {
        "option_groups": [
            {
                "label": rendering.label(f"{GROUP * at + 1} – {GROUP * at + len(each)}", SLACK.label_limit),
                "options": each,
            }
            for at, each in enumerate(groups)
        ]
    }


def _choices(given: Sequence[Button], ref: str) -> list[Json]:
    if not given:
        return []
    if len(given) <= MOST_BUTTONS or any(each.menu for each in given):
        return [_actions([_menu(each) if each.menu else _tap(each) for each in given])]
    select = {"type": "static_select", "action_id": buttons.pick(ref)}
    return [_actions([select | options([(each.token, each.label) for each in given])])]


def _errors(form: Form) -> Document:
    """What was wrong with the values that a form came back with."""
    fields = {each.slot: each for each in form.fields}
    items = [
        (Text(plain(fields[slot].document[:1]), bold=True), Text(f" – {error}"))
        for slot, error in form.errors.items()
        if slot in fields
    ]
    return (List(tuple(items)),) if items else ()


def _actions(elements: list[Json]) -> Json:
    return {"type": "actions", "elements": elements}


def _menu(button: Button) -> Json:
    placeholder = rendering.label(button.label, MOST_PLACEHOLDER)
    select = {"type": "static_select", "action_id": buttons.pick(button.token or "menu"), "placeholder": placeholder}
    return select | options([(each.token, each.label) for each in button.menu])


def _tap(button: Button) -> Json:
    return _button(button.label, buttons.tap(button.token))


def _button(words: str, action: str) -> Json:
    return {"type": "button", "action_id": action, "text": rendering.label(words, SLACK.label_limit)}
