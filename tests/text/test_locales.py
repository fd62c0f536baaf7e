"""Reading language tags and finding the nearest language."""

from __future__ import annotations

from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.locales import LANGUAGES, fallbacks, negotiate, normalise

TAGS = st.from_regex(r"\A[A-Za-z]{2,3}([-_][A-Za-z]{4})?([-_]([A-Za-z]{2}|[0-9]{3}))?\Z")


@pytest.mark.parametrize(
    ("tag", "normal"),
    [
        ("en", "en"),
        ("EN", "en"),
        ("pt_BR", "pt-BR"),
        ("PT-br", "pt-BR"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("zh_Hans", "zh-Hans"),
        ("es-419", "es-419"),
        ("fil", "fil"),
        ("no", "no"),
        ("", None),
        ("e", None),
        ("english", None),
        ("en-", None),
        ("en US", None),
        (" en", None),
        ("en\n", None),
        ("en-US-x-private", None),
        ("../en", None),
        ("ен", None),
        ("es-٤١٩", None),
    ],
)
def test_tags_have_one_spelling(tag: str, normal: str | None) -> None:
    """Every platform's spelling becomes the usual one; what is no tag is None."""
    assert normalise(tag) == normal


@given(TAGS)
def test_normalising_twice_changes_nothing(tag: str) -> None:
    """The usual spelling is a tag whose usual spelling is itself, whatever the case and the separators were."""
    normal = normalise(tag)
    assert normal is not None
    assert normalise(normal) == normal == normalise(tag.swapcase().replace("-", "_"))


@given(st.text())
def test_any_text_can_be_asked_about(text: str) -> None:
    """Platforms may send anything: it is read or refused, never an exception."""
    assert fallbacks(text)[-1] == "en"
    assert negotiate([text], ["es"]) in {"en", "es"}


@pytest.mark.parametrize(
    ("tag", "tags"),
    [
        ("pt-BR", ("pt-BR", "pt", "en")),
        ("zh_hant_tw", ("zh-Hant-TW", "zh-Hant", "zh", "en")),
        ("es", ("es", "en")),
        ("en-GB", ("en-GB", "en")),
        ("en", ("en",)),
        ("?", ("en",)),
    ],
)
def test_fallbacks(tag: str, tags: tuple[str, ...]) -> None:
    """From the most special tag to the language, then the default, each once."""
    assert fallbacks(tag) == tags


def test_fallbacks_end_with_the_given_default() -> None:
    """A deployment may have another default."""
    assert fallbacks("pt-BR", "nl") == ("pt-BR", "pt", "nl")


@pytest.mark.parametrize(
    ("wanted", "available", "best"),
    [
        (["es"], ["en", "es"], "es"),
        (["es-MX"], ["en", "es"], "es"),
        (["pt-BR"], ["pt", "pt-BR"], "pt-BR"),
        (["pt-PT"], ["en", "pt-BR"], "pt-BR"),
        (["pt"], ["pt-BR", "pt-AO"], "pt-AO"),
        (["pt_br"], ["pt_BR"], "pt_BR"),
        ([None, "", "?", "de"], ["de", "en"], "de"),
        (["ja", "fr-CA", "en"], ["en", "fr"], "fr"),
        (["ja"], ["en", "fr"], "en"),
        (["ja"], ["fr"], "en"),
        ([], ["fr"], "en"),
    ],
)
def test_negotiation(wanted: list[str | None], available: list[str], best: str) -> None:
    """The first wish that some available language meets wins, by the nearest tag."""
    assert negotiate(wanted, available) == best


def test_negotiation_with_another_default() -> None:
    """The default comes last."""
    assert negotiate(["ja"], ["fr", "nl"], "nl") == "nl"


def test_shipped_languages() -> None:
    """Seven languages, English first, each with its own name and a flag of two letters."""
    assert list(LANGUAGES) == ["en", "es", "it", "nl", "de", "fr", "pt"]
    assert [language.native for language in LANGUAGES.values()][:3] == ["English", "Español", "Italiano"]
    for tag, language in LANGUAGES.items():
        assert language.tag == tag == normalise(tag)
        assert len(language.flag) == 2


def test_the_table_cannot_be_changed() -> None:
    """It is shared by everyone."""
    with pytest.raises(TypeError):
        cast("Any", LANGUAGES)["xx"] = LANGUAGES["en"]
