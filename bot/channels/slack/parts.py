"""How an effect is cut into calls of Slack's Web API: known to whoever takes a turn, without what makes the calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from bot.channels.slack.rendering import chunks
from bot.chat.albums import cut
from bot.chat.effects import Ask, Notice, Relay, Rewrite, Say, quoting
from bot.chat.people import SLACK
from bot.chat.pieces import pieces
from bot.text.nodes import paragraph

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.chat.effects import Effect

CARRIER: Final = SLACK.name


def parts(effect: Effect) -> Sequence[Effect]:
    """See `Channel.parts`: texts of one message each, the buttons under the last; files in messages behind them."""
    if isinstance(effect, (Say, Ask, Notice)):
        *before, last = chunks(effect.document) or [(paragraph("…"),)]
        whole = msgspec.structs.replace(effect, document=last)
        if isinstance(whole, Notice):
            return [*(Notice(whole.case, each) for each in before), whole]
        return [*map(Say, before), whole]
    if isinstance(effect, Relay):
        bare = msgspec.structs.replace(effect, document=(), files=(), parts=(), by="", quoted=None)
        return [
            *(msgspec.structs.replace(bare, document=each) for each in chunks(effect.quoting)),
            *cut(effect),
        ]
    if isinstance(effect, Rewrite):
        shown = quoting(effect.quoted, effect.document)
        return pieces(msgspec.structs.replace(effect, document=shown, quoted=None), chunks)
    return (effect,)
