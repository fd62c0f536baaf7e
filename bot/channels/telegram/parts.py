"""How an effect is cut into calls of the Bot API: known to whoever takes a turn, without what makes the calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from bot.channels.telegram.rendering import chunks
from bot.chat.albums import cut
from bot.chat.effects import Ask, Card, OpenCase, Relay, Rewrite, Say
from bot.chat.people import TELEGRAM
from bot.chat.pieces import pieces
from bot.text.nodes import paragraph

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.chat.effects import Effect
    from bot.chat.events import File

CARRIER: Final = f"{TELEGRAM.name}.{{account}}"
"""Each bot delivers what is for it."""

KINDS: Final = frozenset({"document", "photo", "video", "audio", "animation"})
"""What the ids of Telegram's own files begin with, before a slash: how they can be sent on."""


def kind(file: File) -> str:
    """The one of a file, "" for one that comes from elsewhere."""
    found, _, native = file.id.partition("/")
    return found if native and found in KINDS else ""


def together(file: File) -> str:
    """Pictures and films can be one album, documents, also those from elsewhere, another one, and sound a third.

    https://core.telegram.org/bots/api#sendmediagroup; "" for what leaves alone.
    """
    found = kind(file)
    return "" if found == "animation" else "seen" if found in {"photo", "video"} else found or "document"


def parts(effect: Effect) -> Sequence[Effect]:
    """See `Channel.parts`: texts of one message each, the buttons under the last; files as albums behind them."""
    if isinstance(effect, (Say, Ask)):
        *before, last = chunks(effect.document) or [(paragraph("…"),)]
        return [*map(Say, before), msgspec.structs.replace(effect, document=last)]
    if isinstance(effect, Relay):
        bare = msgspec.structs.replace(effect, document=(), files=(), parts=(), by="", quoted=None)
        texts = [msgspec.structs.replace(bare, document=each) for each in chunks(effect.words)]
        texts[:1] = [msgspec.structs.replace(each, quoted=effect.quoted) for each in texts[:1]]
        return [*texts, *cut(effect, together, lambda file: 0 if kind(file) else file.size)]
    if isinstance(effect, OpenCase):
        return (effect, Card(effect.case, first=True))  # a topic, and then the card in it
    return pieces(effect, chunks) if isinstance(effect, Rewrite) else (effect,)
