"""Translations."""

from __future__ import annotations

import pytest

from bot.text.pofile import Entry
from tests.flow.checks.examples import Translations, found, problems

RICH = (
    "Write `/back`, see **our** [guide](https://docs.example/a), dear {{ user.first_name }}.\n\n- one\n- two\n\n> quote"
)
SPANISH = (
    "Escriba `/back`, vea **nuestra** [guía](https://docs.example/a), {{ user.first_name }}.\n\n- uno\n- dos\n\n> cita"
)
LINE = 6
"""Of the text in every file below."""


def flow(text: str) -> str:
    """A flow with one text of several lines."""
    lines = "".join(f"      {line}\n" for line in text.split("\n"))
    return f"steps:\n  - id: a\n    say: |\n{lines}"


def spanish(text: str, translation: Entry | str | None) -> dict[str, Translations]:
    """The Spanish catalog of that flow; without a translation the text is not in it."""
    entries: Translations = {("f.title", "F"): "F"}
    if translation is not None:
        entries["f.a.say", text] = translation
    return {"es": entries}


def says(text: str, translation: Entry | str | None) -> list[tuple[str, str, int]]:
    """Code, severity and line of what is wrong with a translation."""
    return [(each.code, each.severity, each.line) for each in problems(flow(text), catalogs=spanish(text, translation))]


@pytest.mark.parametrize(
    ("code", "severity", "broken", "fixed"),
    [
        ("missing-translation", "error", None, SPANISH),
        ("missing-translation", "error", "", RICH),
        ("fuzzy-translation", "warning", Entry(SPANISH, fuzzy=True), Entry(SPANISH)),
        ("missing-translation", "error", Entry("", fuzzy=True), Entry(SPANISH)),
        ("bad-translation", "error", SPANISH + "\n\n# Title", SPANISH),
        ("bad-translation", "error", SPANISH.replace("user.first_name", "user."), SPANISH),
        ("bad-translation", "error", SPANISH.replace("}}", ""), SPANISH),
        ("placeholder-mismatch", "error", SPANISH.replace("{{ user.first_name }}", "amigo"), SPANISH),
        ("placeholder-mismatch", "error", SPANISH.replace("first_name", "last_name"), SPANISH),
        ("placeholder-mismatch", "error", SPANISH + " {{ user.first_name }}", SPANISH),
        ("markup-mismatch", "error", SPANISH.replace("/back", "/volver"), SPANISH),
        ("markup-mismatch", "error", SPANISH.replace("`", ""), SPANISH),
        ("markup-mismatch", "error", SPANISH.replace("docs.example", "docs.ejemplo"), SPANISH),
        ("markup-mismatch", "warning", SPANISH.replace("\n- dos", ""), SPANISH),
        ("markup-mismatch", "warning", SPANISH.replace("> ", ""), SPANISH),
        ("markup-mismatch", "warning", SPANISH.replace("**", ""), SPANISH),
    ],
)
def test_examples(code: str, severity: str, broken: Entry | str | None, fixed: Entry | str) -> None:
    """Each mistake of a translation is found, at the text in the flow, and nothing else."""
    assert says(RICH, broken) == [(code, severity, LINE)]
    assert says(RICH, fixed) == []


@pytest.mark.parametrize("text", ["{{ summary }}", "1.0 – {{ now.date }}", "👍", "`{{ case.id }}`", "---"])
def test_texts_without_words_need_no_translation(text: str) -> None:
    """Values, numbers, signs and emoji are the same in every language."""
    assert says(text, None) == []


def test_the_same_words_are_a_translation() -> None:
    """A name of a product or of a language stays as it is, once somebody has said so in the catalog."""
    assert says("Magento", "Magento") == []
    assert says("Magento", None) == [("missing-translation", "error", LINE)]


def test_a_region_uses_the_texts_of_its_language() -> None:
    """`pt-BR` needs only what differs from `pt`."""
    catalogs = spanish("Hello", "Olá")
    assert found(flow("Hello"), {"pt": catalogs["es"], "pt-BR": {}}) == []
    assert found(flow("Hello"), {"pt": {}, "pt-BR": catalogs["es"]}) == [
        ("missing-translation", 3),
        ("missing-translation", LINE),
    ]


def test_the_source_language_needs_no_catalog() -> None:
    """A catalog of the source language may change wordings, and need not hold them all."""
    assert found(flow("Hello"), {"en": {}}) == []


def test_the_message_leads_to_the_catalog() -> None:
    """It names the language, the line of the entry, and what is missing or too much."""
    catalogs = spanish(RICH, SPANISH.replace("/back", "/volver"))
    (problem,) = problems(flow(RICH), catalogs=catalogs)
    assert problem.message == (
        "`es` (line 7 of the catalog) does not have the same `code`: `/back` is missing; `/volver` is not in the source"
    )


def test_the_context_is_told_to_whoever_adds_the_entry() -> None:
    """A missing text can be found in the template by its context."""
    (problem,) = problems(flow("Hello"), catalogs=spanish("Hello", None))
    assert problem.hint == "its msgctxt is f.a.say"


def test_code_blocks_and_lines_are_kept() -> None:
    """A translation that takes a block of code for a paragraph, or leaves a line out, is told."""
    text = "Run this:\n\n```\ncomposer update\n```\n\n---\n\nDone."
    assert says(text, text.replace("Run this", "Ejecute esto")) == []
    assert says(text, text.replace("```\n", "")) == [("markup-mismatch", "warning", LINE)]
    assert says(text, text.replace("---\n", "")) == [("markup-mismatch", "warning", LINE)]


def test_values_may_change_places() -> None:
    """Another order of words is no mistake."""
    text = "{{ user.first_name }}, it is {{ now.hour }}."
    assert says(text, "Son las {{ now.hour }}, {{user.first_name}}.") == []
