"""Which message another one is about: a reply to it, or a reaction."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import msgspec

from bot.chat.effects import ECHOED, RELAYED, REPLIED, Relay, Rewrite, replied
from bot.chat.events import Quoted
from bot.text.plain import plain

if TYPE_CHECKING:
    from bot.store.port import Store

PAUSES_S: Final = (0.0, 0.2, 0.5)
"""Before each look: a message may be there before it is written down which one it is."""
MOST: Final = 80
"""Code points of its words that are shown."""

_DECODER: Final = msgspec.json.Decoder(Relay | Rewrite)


async def quoted(store: Store, address: str, place: str, native: str, own: str = "") -> Quoted | None:
    """The message with that id at `place`, if staff and merchant passed it on in the conversation at `address`.

    `own`: what its copies are called if people wrote it at that place themselves. Raises Unavailable.
    """
    ref = ""
    for pause_s in PAUSES_S if not own else (0.0,):
        await asyncio.sleep(pause_s)
        ref = await store.source(address, place, native) or own
        if ref:
            break
    if ref.startswith(ECHOED):
        ref = replied(ref.removeprefix(ECHOED))  # what the merchant has is a copy of the same message
    payload = await store.asked(address, ref) if ref.startswith((RELAYED, REPLIED)) else None
    if payload is None:
        return None
    relay = _DECODER.decode(payload)
    words = " ".join(plain(relay.document).split()) or ", ".join(_files(relay, ref))
    return Quoted(ref, words if len(words) <= MOST else f"{words[: MOST - 1].rstrip()}…")


def _files(relay: Relay | Rewrite, ref: str) -> list[str]:
    """The names of the files that are called so."""
    if isinstance(relay, Rewrite):
        return []
    named = relay.names[1:] or [ref] * len(relay.files)
    return [file.name for file, name in zip(relay.files, named, strict=True) if name == ref]
