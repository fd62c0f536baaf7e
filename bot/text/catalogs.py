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
    from collections.abc import Mapping
    from pathlib import Path

    from bot.text.pofile import Entry, Key

_NOTHING: Final[Mapping[Key, Entry]] = MappingProxyType({})
_UNUSED: Final[Mapping[Key, str]] = MappingProxyType({})


class CatalogError(ValueError):
    """A catalog cannot be read. Its text is `path:line: message`; the message says what to do."""

    def __init__(self, path: Path, line: int, message: str) -> None:
        super().__init__(f"{path}:{line}: {message}")
        self.path = path
        self.line = line
        self.message = message


class Catalogs:
    """The catalogs by language. `languages` are their tags, the source language first, whether or not it has one."""

    __slots__ = ("_entries", "_usable", "languages")

    def __init__(self, catalogs: Mapping[str, Mapping[Key, Entry]]) -> None:
        """Take each language's entries by (context, source)."""
        self.languages: Final = (SOURCE, *sorted(catalogs.keys() - {SOURCE}))
        self._entries = {language: MappingProxyType(dict(found)) for language, found in catalogs.items()}
        self._usable = {
            language: {key: entry.translation for key, entry in found.items() if entry.usable}
            for language, found in catalogs.items()
        }

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
        for path in sorted(directory.glob(f"*/LC_MESSAGES/{domain}.po")):
            folder = path.parent.parent
            language = normalise(folder.name)
            if language is None:
                raise CatalogError(path, 1, f"the folder {folder.name} is no language: name it like es or pt-BR")
            if language in catalogs:
                raise CatalogError(path, 1, f"there are two folders for {language}: keep one of them")
            catalogs[language] = read(path)
        return cls(catalogs)

    def get(self, locale: str, context: str, source: str) -> str:
        """The translation of `source` for `locale`, else for its language, else `source` itself."""
        key = (context, source)
        usable = self._usable.get(locale)
        if usable is not None and (found := usable.get(key)) is not None:
            return found
        if "-" in locale and (usable := self._usable.get(locale.split("-", 1)[0])) is not None:
            return usable.get(key, source)
        return source

    def find(self, locale: str, context: str, source: str) -> str | None:
        """The usable translation in that very catalog; None if it has none."""
        usable = self._usable.get(locale)
        return None if usable is None else usable.get((context, source))

    def usable(self, locale: str) -> Mapping[Key, str]:
        """Every usable translation of that very catalog, by (context, source)."""
        return self._usable.get(locale, _UNUSED)

    def entries(self, locale: str) -> Mapping[Key, Entry]:
        """Everything in that very catalog, also what is fuzzy or empty, by (context, source): for checks."""
        return self._entries.get(locale, _NOTHING)


def _over(above: Mapping[Key, Entry], beneath: Mapping[Key, Entry]) -> dict[Key, Entry]:
    return {**beneath, **{key: entry for key, entry in above.items() if entry.usable or key not in beneath}}


def read(path: Path) -> Mapping[Key, Entry]:
    """Read one catalog; raises CatalogError, or OSError if there is no such file."""
    data = path.read_bytes()
    try:
        return entries(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CatalogError(path, line, "this is not UTF-8: save the file as UTF-8") from None
    except PoError as error:
        raise CatalogError(path, error.line, error.message) from None
