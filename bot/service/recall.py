"""What a channel asks of the store while it sends: the words of a question it edits, and the card of a case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from bot.chat.effects import Ask, Effect
from bot.conversation import decode
from bot.engine import summary

if TYPE_CHECKING:
    from bot.service.step import Stepper
    from bot.store.port import Store
    from bot.text.nodes import Document

REMEMBERED: Final = 200
"""Messages of a conversation that are looked through for a question."""

_DECODER: Final = msgspec.json.Decoder(Effect)


class Recall:
    """Looks things up in `store`, with the flows that `stepper` runs on."""

    def __init__(self, store: Store, stepper: Stepper) -> None:
        """Look nothing up yet."""
        self._store = store
        self._stepper = stepper

    async def question(self, address: str, ref: str) -> Document:
        """The text that the question `ref` was sent with; empty if it was too long ago. Raises Unavailable."""
        for payload in reversed(await self._store.sent(address, REMEMBERED)):
            effect = _DECODER.decode(payload)
            if isinstance(effect, Ask) and effect.ref == ref:
                return effect.document
        return ()

    async def card(self, address: str, locale: str) -> Document:
        """The case of the conversation as it stands, for staff. Raises Unavailable."""
        stored = await self._store.conversation(address)
        return summary.card(self._stepper.library, decode(stored.document).session, locale) if stored else ()
