"""Translations: the gettext catalogs of a deployment, read once and immutable from then on.

The source text and its stable path (`help_us_help_you.platform.prompt`, gettext's context) name a message. What is
fuzzy or empty in a catalog is not used.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from bot.text.locales import SOURCE, normalise
from bot.text.pofile import PoError, entries

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from bot.text.pofile import Entry, Key

_NOTHING: Final[Mapping[Key, Entry]] = MappingProxyType({})


class CatalogError(ValueError):
    """A catalog cannot be read. Its text is `path:line: message`; the message says what to do."""

    def __init__(self, path: Path, line: int, message: str) -> None:
        super().__init__(f"{path}:{line}: {message}")
        self.path = path
        self.line = line
        self.message = message


class Catalogs:
    """The catalogs by language. `languages` are their tags, the source language first, whether or not it has one."""

    __slots__ = ("_entries", "_numbers", "_translations", "languages")

    def __init__(self, catalogs: Mapping[str, Mapping[Key, Entry]]) -> None:
        """Take each language's entries by (context, source)."""
        self.languages: Final = (SOURCE, *sorted(catalogs.keys() - {SOURCE}))
        self._entries = {language: MappingProxyType(dict(found)) for language, found in catalogs.items()}
        self._numbers = {language: number for number, language in enumerate(self.languages)}
        self._translations = _side_by_side([self.entries(language) for language in self.languages])

    def over(self, beneath: Catalogs, *, wider: bool = True) -> Catalogs:
        """These catalogs above others, which serve every message that has no usable translation here.

        Without `wider` the languages stay those of these catalogs.
        """
        languages = self._entries.keys() | (beneath._entries.keys() if wider else ())
        return Catalogs({language: _over(self.entries(language), beneath.entries(language)) for language in languages})

    @classmethod
    def read(cls, directory: Path, domain: str = "messages") -> Catalogs:
        """Read every `<language>/LC_MESSAGES/<domain>.po` below `directory`; raises CatalogError."""
        catalogs: dict[str, Mapping[Key, Entry]] = {}
        keys: dict[str, Key] = {}
        for path in sorted(directory.glob(f"*/LC_MESSAGES/{domain}.po")):
            folder = path.parent.parent
            language = normalise(folder.name)
            if language is None:
                raise CatalogError(path, 1, f"the folder {folder.name} is no language: name it like es or pt-BR")
            if language in catalogs:
                raise CatalogError(path, 1, f"there are two folders for {language}: keep one of them")
            catalogs[language] = read(path, keys)
        return cls(catalogs)

    def get(self, locale: str, context: str, source: str) -> str:
        """The translation of `source` for `locale`, else for its language, else `source` itself."""
        found = self._translations.get((context, source))
        if found is None:
            return source
        number = self._numbers.get(locale)
        translation = None if number is None else found[number]
        if translation is None and "-" in locale and (number := self._numbers.get(locale.split("-", 1)[0])) is not None:
            translation = found[number]
        return source if translation is None else translation

    def find(self, locale: str, context: str, source: str) -> str | None:
        """The usable translation in that very catalog; None if it has none."""
        number = self._numbers.get(locale)
        return None if number is None else self.translations(context, source)[number]

    def translations(self, context: str, source: str) -> Sequence[str | None]:
        """The same in every language, in the order of `languages`."""
        return self._translations.get((context, source)) or (None,) * len(self.languages)

    def entries(self, locale: str) -> Mapping[Key, Entry]:
        """Everything in that very catalog, also what is fuzzy or empty, by (context, source): for checks."""
        return self._entries.get(locale, _NOTHING)


def _over(above: Mapping[Key, Entry], beneath: Mapping[Key, Entry]) -> dict[Key, Entry]:
    return {**beneath, **{key: entry for key, entry in above.items() if entry.usable or key not in beneath}}


def _side_by_side(catalogs: Sequence[Mapping[Key, Entry]]) -> dict[Key, tuple[str | None, ...]]:
    """Each message with its usable translations, one for each catalog.

    Whoever looks at a message looks at all its languages: that takes one look-up, and half the space.
    """
    keys = dict.fromkeys(key for catalog in catalogs for key in catalog)
    columns = [
        [entry.translation if entry is not None and entry.usable else None for entry in map(catalog.get, keys)]
        for catalog in catalogs
    ]
    return dict(zip(keys, zip(*columns, strict=True), strict=True))


def read(path: Path, keys: dict[str, Key] | None = None) -> Mapping[Key, Entry]:
    """Read one catalog; raises CatalogError, or OSError if there is no such file. `keys` as in `bot.text.pofile`."""
    data = path.read_bytes()
    try:
        return entries(data.decode("utf-8-sig"), keys)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CatalogError(path, line, "this is not UTF-8: save the file as UTF-8") from None
    except PoError as error:
        raise CatalogError(path, error.line, error.message) from None
