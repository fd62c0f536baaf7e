"""What a channel asks of the store while it sends: the words of a question it edits, and the card of a case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from bot.chat.effects import Ask, Say
from bot.conversation import decode
from bot.desk import card
from bot.engine import summary
from bot.text.locales import SOURCE

if TYPE_CHECKING:
    from bot.service.step import Stepper
    from bot.store.port import Store
    from bot.text.nodes import Document

_DECODER: Final = msgspec.json.Decoder(Ask)


class Recall:
    """Looks things up in `store`, with the flows that `stepper` runs on."""

    def __init__(self, store: Store, stepper: Stepper) -> None:
        """Look nothing up yet."""
        self._store = store
        self._stepper = stepper

    async def ask(self, address: str, ref: str) -> Ask | None:
        """The question `ref` as it was put last; None if there is none. Raises Unavailable."""
        payload = await self._store.asked(address, ref)
        return None if payload is None else _DECODER.decode(payload)

    async def question(self, address: str, ref: str) -> Document:
        """Its text; empty if there is none. Raises Unavailable."""
        ask = await self.ask(address, ref)
        return () if ask is None else ask.document

    async def word(self, address: str, name: str) -> str:
        """A wording of the conversation itself, in the language of the one at `address`. Raises Unavailable."""
        stored = await self._store.conversation(address)
        locale = decode(stored.document).session.locale if stored else SOURCE
        return self._stepper.library.word(name, locale)

    async def card(self, address: str, locale: str) -> Say:
        """The card of the conversation's case as it stands, for staff. Raises Unavailable."""
        stored = await self._store.conversation(address)
        if stored is None:
            return Say(())
        conversation, library = decode(stored.document), self._stepper.library
        facts = summary.card(library, conversation.session, locale)
        if conversation.case is None:
            return Say(facts)
        return Say(
            (*facts, *card.state(library, conversation.case, locale)), card.buttons(library, conversation.case, locale)
        )
