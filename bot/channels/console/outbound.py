"""What goes out: an effect as the message that the console shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from bot.channels.console.rendering import Shown
from bot.chat.effects import Ask, Card, Edit, Mark, Notice, OpenCase, React, Relay, Rewrite, Say, spoken
from bot.text.nodes import Paragraph, Text, paragraph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.channels.console.buttons import Buttons
    from bot.chat.effects import Button
    from bot.text.nodes import Document

Visible = Say | Ask | Edit | OpenCase | Relay | Notice | Rewrite | Card | Mark | React

NUMBERED = frozenset({"choice", "choices", "yes_no", "rule", "form"})
"""What a question may expect for a number to mean an option. Elsewhere a number is an answer of its own."""


def shown(effect: Visible, buttons: Buttons, card: Callable[[], Document], word: Callable[[str], str]) -> Shown:
    """The message of an effect. `card` makes the hand-off card, `word` says a wording in the merchant's language.

    Buttons that are no options get a number.
    """
    match effect:
        case Say():
            return Shown(_beside(effect.document, effect.buttons, buttons))
        case Ask():
            return Shown(effect.document, tuple(_options(effect)))
        case Edit():
            # the question stands above already
            return Shown(_beside(effect.document, effect.buttons, buttons), quiet=True)
        case OpenCase():
            return Shown(card(), heading=f"For the team: queue {effect.queue}, priority {effect.priority}")
        case Relay(to="merchant"):
            return Shown(relayed(effect))
        case Relay():
            return Shown(spoken(f"→ {word('console_passed_on')}", _with_files(effect.document, effect)), quiet=True)
        case Notice() | Rewrite():
            return Shown(_beside(effect.document, effect.buttons, buttons), quiet=isinstance(effect, Rewrite))
        case Card():
            return Shown(card(), heading="The case as it stands")
        case Mark() | React():
            return Shown((paragraph(f"({_put(effect, word)})"),), quiet=True)
    assert_never(effect)


def relayed(relay: Relay) -> Document:
    """Words under the name of whoever wrote them, with the names of the files that came with them."""
    return _with_files(relay.quoting, relay) if relay.document else spoken(relay.by, _with_files((), relay))


def _with_files(document: Document, relay: Relay) -> Document:
    names = ", ".join(each.name for each in relay.files)
    return (*document, paragraph(names)) if names else document


def _put(sign: Mark | React, word: Callable[[str], str]) -> str:
    if isinstance(sign, Mark):
        return word("console_arrived") if sign.to == "merchant" else sign.state
    return sign.emoji or f"{sign.former} {word('console_taken_back')}"


def _options(question: Ask) -> Iterable[tuple[str, str]]:
    numbered = question.expects in NUMBERED
    for number, button in enumerate(question.buttons, 1):
        yield f"{number}." if numbered else "-", button.label


def _beside(document: Document, pressable: tuple[Button, ...], buttons: Buttons) -> Document:
    """The document with its buttons written at its end."""
    hints = "".join(f" [{button.label}: /change {buttons.number(button.token)}]" for button in pressable)
    if not hints:
        return document
    if document and isinstance(document[-1], Paragraph):
        return (*document[:-1], Paragraph((*document[-1].children, Text(hints))))
    return (*document, paragraph(hints.strip()))
