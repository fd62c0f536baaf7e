"""A reply to the merchant as a modal: a prepared text, shown as both sides read it, words of one's own, or both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.channels.slack import buttons, rendering
from bot.channels.slack.buttons import Origin
from bot.channels.slack.content import options
from bot.channels.slack.modals import LONGEST, TITLE, gone
from bot.engine.turn import safe
from bot.text.locales import LANGUAGES
from bot.text.nodes import paragraph
from bot.text.plain import plain

if TYPE_CHECKING:
    from bot.channels.slack.rendering import Json
    from bot.chat.events import Command
    from bot.desk.drafts import Draft
    from bot.service.recall import Recall

TEXT: Final = "text"
"""The `block_id` of the words of one's own."""


def view(draft: Draft | None, where: str, macro: str, recall: Recall) -> Json:
    """The modal for the case in the thread `where` (a key), with the prepared text that was picked, "" for none.

    Who may not reply now is told why, with nothing to fill in.
    """
    title = recall.staff_word("desk_reply")
    if draft is None:
        return gone(title, recall.staff_word("form_gone"))
    if refusal := draft.refusal:
        return gone(title, plain(refusal))
    blocks: list[Json] = []
    if draft.macros:
        select = {"type": "static_select", "action_id": buttons.MACRO, **options(draft.macros)}
        blocks.append(_input(buttons.MACRO, recall.staff_word("desk_macro"), select) | {"dispatch_action": True})
    for locale, document in draft.preview(macro):
        language = LANGUAGES.get(locale)
        blocks.append({"type": "divider"})
        blocks += rendering.blocks((paragraph(language.native if language else locale, bold=True), *document))
    words = {"type": "plain_text_input", "action_id": buttons.VALUE, "multiline": True, "max_length": LONGEST}
    blocks.append(_input(TEXT, recall.staff_word("desk_reply_words"), words))
    return {
        "type": "modal",
        "callback_id": buttons.REPLY,
        "private_metadata": buttons.metadata(Origin(where, "")),
        "title": rendering.label(title, TITLE),
        "submit": rendering.label(recall.staff_word("desk_send"), TITLE),
        "blocks": blocks,
    }


def away(recall: Recall) -> Json:
    """The modal while nobody can tell what may be written."""
    return gone(recall.staff_word("desk_reply"), recall.staff_word("desk_store_away"))


def errors(draft: Draft, macro: str, reply: Command, recall: Recall) -> dict[str, str]:
    """What is wrong with what was picked, and with the command to reply, by the id of the input's block."""
    if macro and not draft.preview(macro):
        return {buttons.MACRO: recall.staff_word("desk_macro_gone")}
    found = safe(reply, b"")
    if isinstance(found, type(reply)) and found.removed:
        return {TEXT: recall.staff_word("desk_secret_not_sent")}
    if not macro and not reply.arguments["text"]:
        return {TEXT: recall.staff_word("desk_nothing_to_send")}
    return {}


def _input(block: str, label: str, element: Json) -> Json:
    return {
        "type": "input",
        "block_id": block,
        "optional": True,
        "label": rendering.label(label, TITLE),
        "element": element,
    }
