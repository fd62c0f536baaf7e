"""Translations by language, context and source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.catalogs import CatalogError, Catalogs, read
from bot.text.pofile import Entry

if TYPE_CHECKING:
    from pathlib import Path

CATALOGS = Catalogs(
    {
        "es": {
            ("a.prompt", "Hello"): Entry("Hola", line=3),
            ("a.why", "Hello"): Entry("", line=6),
            ("b.prompt", "Bye"): Entry("Adiós", fuzzy=True, line=9),
        },
        "es-AR": {("a.prompt", "Hello"): Entry("Buenas"), ("a.hint", "Hi"): Entry("")},
        "de": {("a.hint", "Hi"): Entry("Hallo")},
    }
)


def write(directory: Path, language: str, data: str | bytes, domain: str = "messages") -> Path:
    """Put a catalog where it belongs."""
    path = directory / language / "LC_MESSAGES" / f"{domain}.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


@pytest.mark.parametrize(
    ("locale", "context", "source", "expected"),
    [
        ("es", "a.prompt", "Hello", "Hola"),
        ("es-AR", "a.prompt", "Hello", "Buenas"),
        ("es-MX", "a.prompt", "Hello", "Hola"),
        ("es", "a.hint", "Hello", "Hello"),
        ("es", "a.prompt", "Hello!", "Hello!"),
        ("es", "a.why", "Hello", "Hello"),
        ("es", "b.prompt", "Bye", "Bye"),
        ("es-AR", "b.prompt", "Bye", "Bye"),
        ("de-AT", "a.hint", "Hi", "Hallo"),
        ("en", "a.prompt", "Hello", "Hello"),
        ("ja-JP", "a.prompt", "Hello", "Hello"),
        ("", "a.prompt", "Hello", "Hello"),
    ],
)
def test_get(locale: str, context: str, source: str, expected: str) -> None:
    """The exact locale, then its language, then the source; what is fuzzy or empty counts as missing."""
    assert CATALOGS.get(locale, context, source) == expected


def test_find_does_not_fall_back() -> None:
    """What that very catalog has, and nothing else: a check asks so."""
    assert CATALOGS.find("es", "a.prompt", "Hello") == "Hola"
    assert CATALOGS.find("es-MX", "a.prompt", "Hello") is None
    assert CATALOGS.find("es", "b.prompt", "Bye") is None
    assert CATALOGS.find("en", "a.prompt", "Hello") is None


def test_entries_tell_what_is_not_used_and_where() -> None:
    """Fuzzy and empty entries can be listed with their lines; the listing cannot be changed."""
    found = CATALOGS.entries("es")
    assert found["b.prompt", "Bye"] == Entry("Adiós", fuzzy=True, line=9)
    assert [entry.line for entry in found.values() if not entry.usable] == [6, 9]
    assert CATALOGS.entries("ja") == {}
    with pytest.raises(TypeError):
        cast("Any", found)["b.prompt", "Bye"] = Entry("Chau")


def test_the_source_language_is_always_there() -> None:
    """It comes first, whether or not it has a catalog of its own."""
    assert Catalogs({}).languages == ("en",)
    assert CATALOGS.languages == ("en", "de", "es", "es-AR")
    assert Catalogs({"en": {}, "de": {}}).languages == ("en", "de")


def test_the_source_language_may_have_a_catalog() -> None:
    """Wordings can be changed without touching the flow."""
    catalogs = Catalogs({"en": {("a", "Hello"): Entry("Hi there")}})
    assert catalogs.get("en", "a", "Hello") == "Hi there"
    assert catalogs.get("es", "a", "Hello") == "Hello"


TEXTS = st.sampled_from(["", "a", "b"])


@given(
    st.dictionaries(
        st.sampled_from(["es", "es-AR", "de"]),
        st.dictionaries(st.tuples(TEXTS, TEXTS), st.builds(Entry, TEXTS, fuzzy=st.booleans())),
    ),
    st.sampled_from(["es", "es-AR", "de-CH", "en"]),
    TEXTS,
    TEXTS,
)
def test_get_is_the_first_find(
    catalogs: dict[str, dict[tuple[str, str], Entry]], locale: str, context: str, source: str
) -> None:
    """`get` is what `find` finds in the locale, else in its language, else the source."""
    made = Catalogs(catalogs)
    found = (made.find(tag, context, source) for tag in (locale, locale[:2]))
    assert made.get(locale, context, source) == next((text for text in found if text is not None), source)


def test_reading_a_directory(tmp_path: Path) -> None:
    """Each language's folder is one catalog; other domains and other files are none of its business."""
    write(tmp_path, "es", '\ufeffmsgctxt "a"\nmsgid "Hello"\nmsgstr "Hola"\n')
    write(tmp_path, "pt_BR", 'msgctxt "a"\nmsgid "Hello"\nmsgstr "Olá"\n')
    write(tmp_path, "de", "nonsense", domain="other")
    (tmp_path / "README.md").write_text("Catalogs live here.")
    catalogs = Catalogs.read(tmp_path)
    assert catalogs.languages == ("en", "es", "pt-BR")
    assert [catalogs.get(tag, "a", "Hello") for tag in catalogs.languages] == ["Hello", "Hola", "Olá"]
    assert Catalogs.read(tmp_path / "nowhere").languages == ("en",)


def test_reading_another_domain(tmp_path: Path) -> None:
    """A deployment may keep its own flows' texts apart."""
    write(tmp_path, "es", 'msgctxt "a"\nmsgid "Hello"\nmsgstr "Hola"\n', domain="shop")
    assert Catalogs.read(tmp_path, "shop").get("es", "a", "Hello") == "Hola"


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        ('msgid "a"\n', 2, "msgstr is missing here"),
        (b'msgid "a"\nmsgstr "\xe9"\n', 2, "this is not UTF-8: save the file as UTF-8"),
    ],
)
def test_broken_catalogs_are_named(tmp_path: Path, data: str | bytes, line: int, message: str) -> None:
    """The error begins with file and line, as editors understand them."""
    path = write(tmp_path, "es", data)
    with pytest.raises(CatalogError, match=message) as caught:
        Catalogs.read(tmp_path)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert (caught.value.path, caught.value.line) == (path, line)
    assert caught.value.message in str(caught.value)


def test_folders_must_be_languages(tmp_path: Path) -> None:
    """A misspelt folder is an error rather than a language nobody can choose; so are two of the same language."""
    write(tmp_path, "pt-BR", "")
    write(tmp_path, "pt_BR", "")
    with pytest.raises(CatalogError, match="two folders for pt-BR"):
        Catalogs.read(tmp_path)
    write(tmp_path, "french", "")
    with pytest.raises(CatalogError, match="the folder french is no language"):
        Catalogs.read(tmp_path)


def test_one_catalog_can_be_read_alone(tmp_path: Path) -> None:
    """A tool that checks one file needs no directory."""
    assert read(write(tmp_path, "es", 'msgid "a"\nmsgstr "b"\n')) == {("", "a"): Entry("b", line=1)}
