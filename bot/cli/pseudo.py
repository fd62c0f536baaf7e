"""The pseudo-language as a catalog of the flows that are there: `triage chat --locale pseudo`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from bot.flow.program import Program
from bot.text.catalogs import Catalogs
from bot.text.locales import SOURCE
from bot.text.pofile import Entry
from bot.text.pseudo import PSEUDO, pseudo, pseudo_words

if TYPE_CHECKING:
    from bot.flow.loader import Loaded
    from bot.flow.texts import Text

NAME: Final = "pseudo"
"""What the language is called on the command line."""


def with_pseudo(loaded: Loaded) -> Loaded:
    """The same flows, with a catalog of the pseudo-language beside the others."""
    texts = [text for source in loaded.sources for text in Program(source.flow).texts]
    made = {(text.context, text.source): Entry(_translated(text)) for text in texts}
    others = {tag: loaded.catalogs.entries(tag) for tag in loaded.catalogs.languages if tag != SOURCE}
    return msgspec.structs.replace(loaded, catalogs=Catalogs({**others, PSEUDO: made}))


def _translated(text: Text) -> str:
    is_list = text.context.endswith("synonyms") or text.context.rpartition(".")[2] == "words"
    return pseudo_words(text.source) if is_list else pseudo(text.source)
