"""Pieces: words of a person that are several messages where they are long, when they are changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.chat.effects import of_person

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.chat.effects import Rewrite
    from bot.text.nodes import Document


def pieces(rewrite: Rewrite, chunks: Callable[[Document], Sequence[Document]]) -> Sequence[Rewrite]:
    """What changes each of the messages that the words of a person are, where `chunks` cuts them into messages.

    Anything else is one: the bot's own texts are changed as a whole, and what is taken away goes at once.
    """
    cut = chunks(rewrite.document) if of_person(rewrite.ref) else ()
    if not cut:
        return (rewrite,)
    end = len(cut) - 1
    return [msgspec.structs.replace(rewrite, document=each, piece=at, last=at == end) for at, each in enumerate(cut)]
