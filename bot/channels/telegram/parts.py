"""How an effect is cut into calls of the Bot API: known to whoever takes a turn, without what makes the calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from bot.channels.telegram.rendering import chunks
from bot.chat.effects import Ask, Card, OpenCase, Relay, Rewrite, Say, pieces
from bot.chat.people import TELEGRAM
from bot.text.nodes import paragraph

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.chat.effects import Effect

CARRIER: Final = f"{TELEGRAM.name}.{{account}}"
"""Each bot delivers what is for it."""


def parts(effect: Effect) -> Sequence[Effect]:
    """See `Channel.parts`: texts of one message each, the buttons under the last; files one by one."""
    if isinstance(effect, (Say, Ask)):
        *before, last = chunks(effect.document) or [(paragraph("…"),)]
        return [*map(Say, before), msgspec.structs.replace(effect, document=last)]
    if isinstance(effect, Relay):
        bare = msgspec.structs.replace(effect, document=(), files=(), by="", quoted=None)
        texts = [msgspec.structs.replace(bare, document=each) for each in chunks(effect.words)]
        texts[:1] = [msgspec.structs.replace(each, quoted=effect.quoted) for each in texts[:1]]
        return [*texts, *(msgspec.structs.replace(bare, files=(each,)) for each in effect.files)]
    if isinstance(effect, OpenCase):
        return (effect, Card(effect.case))  # a topic, and then the card in it
    return pieces(effect, chunks) if isinstance(effect, Rewrite) else (effect,)
