"""The Babel checker of our catalogs: a translation says the same as its source in all that is not words, and fits.

Babel finds it by its entry point and asks it about each message, as `pybabel compile` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from babel.messages.catalog import TranslationError

from bot.flow.checks.translations import differences
from bot.flow.expressions import ExpressionError
from bot.flow.limits import limits_of
from bot.flow.texts import Wording
from bot.text.markdown import MarkdownError
from bot.text.plain import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from babel.messages.catalog import Catalog, Message


def check(_: Catalog | None, message: Message) -> None:
    """Raise TranslationError with all that is wrong with a message's translation."""
    if not (isinstance(message.id, str) and isinstance(message.string, str) and message.id and message.string):
        return  # the header, a message without a translation, or one with a plural, which ours have not
    if faults := list(_faults(message.id, message.string, str(message.context or ""))):
        raise TranslationError("; ".join(faults))


def _faults(source: str, translation: str, context: str) -> Iterator[str]:
    try:
        original = Wording(source)
    except (MarkdownError, ExpressionError):
        return  # no text of a flow
    try:
        translated = Wording(translation)
    except (MarkdownError, ExpressionError) as error:
        yield f"it cannot be used: {error}"
        return
    yield from (found.message for found in differences(original, translated, (), "the translation"))
    length = len(plain(translated.document))
    for channel, limit in limits_of(context).items() if context else ():
        if length > limit:
            yield f"{channel.title()} shows {limit} characters here, and the translation has {length}"
