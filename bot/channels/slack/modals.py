"""Forms as modals: an input for each question with what was entered before, and errors beside what they are about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import structlog

from bot.channels.slack import buttons, rendering
from bot.channels.slack.buttons import Origin
from bot.channels.slack.content import options
from bot.channels.slack.failures import FAILURES, reason
from bot.chat.people import LIMITS, SLACK
from bot.text.plain import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from slack_sdk.web.async_client import AsyncWebClient

    from bot.channels.slack.rendering import Json
    from bot.chat.effects import Ask, Field, Form
    from bot.service.recall import Recall

TITLE: Final = LIMITS[SLACK.name].title
LABEL: Final = 2_000
"""Code points of the label of an input, and of the hint below it."""
FEW: Final = 10
"""Options that are all shown at once; more of them are picked from a list."""
LONGEST: Final = 3_000
"""Code points that can be entered."""

_NATIVE: Final[Mapping[str, tuple[str, re.Pattern[str]]]] = {
    "number": ("number_input", re.compile(r"-?\d{1,15}(\.\d{1,15})?", re.ASCII)),
    "date": ("datepicker", re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])", re.ASCII)),
    "url": ("url_text_input", re.compile(r"https?://[\w-]+(\.[\w-]+)+(/\S*)?", re.ASCII)),
    "email": ("email_text_input", re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", re.ASCII)),
}
"""By slot type: the element that takes nothing else, and what that can surely hold from the start."""

_LOG: Final = structlog.get_logger(__name__)


async def open_form(
    client: AsyncWebClient, trigger_id: str, address: str, ref: str, title: str, recall: Recall
) -> None:
    """Open the form of the question `ref` of the conversation at `address`; best effort, it can be pressed again.

    A trigger lives for three seconds, so an empty modal with the title of the form opens at once, and is filled then.
    """
    try:
        opened = (await client.views_open(trigger_id=trigger_id, view=skeleton(title)))["view"]
        ask = await recall.ask(address, ref)
        filled = gone(title, await recall.word(address, "form_gone")) if ask is None else modal(address, ask)
        await client.views_update(view_id=opened["id"], hash=opened["hash"], view=filled)
    except FAILURES as error:
        _LOG.info("form_not_opened", error=reason(error) or type(error).__name__)


def skeleton(title: str) -> Json:
    """What is shown until the form is known."""
    return gone(title, "…")


def gone(title: str, words: str) -> Json:
    """A modal with nothing to fill in."""
    text = rendering.plain_text(words, rendering.LIMIT)
    return {"type": "modal", "title": rendering.label(title, TITLE), "blocks": [{"type": "section", "text": text}]}


def modal(address: str, ask: Ask) -> Json:
    """The form of a question; one without a form, or without a button, is shown as it is."""
    form = ask.form
    if form is None or not ask.buttons:
        return gone("…", plain(ask.document))
    blocks: list[Json] = []
    for field in form.fields:
        if field.slot in form.errors:
            blocks.append({"type": "section", "text": rendering.plain_text(form.errors[field.slot], rendering.LIMIT)})
        blocks.append(_input(field))
    return {
        "type": "modal",
        "callback_id": buttons.FORM,
        "private_metadata": buttons.metadata(Origin(address, ask.buttons[0].token)),
        "title": rendering.label(form.title, TITLE),
        "submit": rendering.label(form.submit, TITLE),
        "blocks": blocks,
    }


def errors(form: Form) -> dict[str, str]:
    """What is wrong with what was entered, as an answer to `view_submission` has it: by the id of the input's block."""
    known = {field.slot for field in form.fields}
    return {slot: rendering.whole(error) or "…" for slot, error in form.errors.items() if slot in known}


def _input(field: Field) -> Json:
    label, hint = plain(field.document[:1]), plain(field.document[1:])
    element = _element(field)
    if element["type"] == "plain_text_input" and field.choices:
        # what can also be answered, in so many words
        hint = "\n".join(filter(None, [hint, " · ".join(words for _, words in field.choices)]))
    found: Json = {
        "type": "input",
        "block_id": field.slot,
        "label": rendering.plain_text(label, LABEL),
        "element": {**element, "action_id": buttons.VALUE},
        "optional": field.optional,
    }
    return found | ({"hint": rendering.plain_text(hint, LABEL)} if hint.strip() else {})


def _element(field: Field) -> Json:
    """The element for a question. What was entered before stands in it, in words if its own element cannot hold it."""
    if field.choices and field.type in {"choice", "choices", "yes_no"}:
        return _choosing(field)
    native, holds = _NATIVE.get(field.type, ("", None))
    former = rendering.whole(field.former)[:LONGEST]
    if holds is None or field.choices or (former and not holds.fullmatch(former)):
        element: Json = {"type": "plain_text_input", "multiline": field.type == "text", "max_length": LONGEST}
        return element | ({"initial_value": former} if former else {})
    element = {"type": native} | ({"is_decimal_allowed": True} if field.type == "number" else {})
    initial = "initial_date" if field.type == "date" else "initial_value"
    return element | ({initial: former} if former else {})


def _choosing(field: Field) -> Json:
    several = field.type == "choices"
    few = len(field.choices) <= FEW
    kind = (
        ("checkboxes" if several else "radio_buttons")
        if few
        else ("multi_static_select" if several else "static_select")
    )
    offered = options(field.choices)
    element: Json = {"type": kind, **offered}
    groups = offered.get("option_groups", [offered])
    before = {each.strip() for each in field.former.split(",")}
    chosen = [each for group in groups for each in group["options"] if each["value"] in before]
    if several and chosen:
        element["initial_options"] = chosen
    elif len(chosen) == 1:
        element["initial_option"] = chosen[0]
    return element
