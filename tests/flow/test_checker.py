"""The Babel checker of our catalogs."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from tests.flow.made import ROOT

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = "See **our** [guide](https://docs.example/a), {{ user.first_name }}."
SPANISH = "Vea **nuestra** [guía](https://docs.example/a), {{ user.first_name }}."


def faults(source: str, translation: str, context: str | None = "f.a.say") -> list[str]:
    """What Babel says of a catalog with one message, asking every checker it finds."""
    catalog = Catalog(locale="es")
    catalog.add(source, translation, context=context)
    return [str(error) for _, errors in catalog.check() for error in errors]


@pytest.mark.parametrize(
    ("translation", "fault"),
    [
        (SPANISH.replace("{{ user.first_name }}", "amigo"), "the translation does not show the same values"),
        (SPANISH.replace("example", "ejemplo"), "the translation does not have the same links"),
        (SPANISH.replace("**", ""), "the translation has nothing in bold"),
        (SPANISH + "\n\n# Título", "it cannot be used: "),
    ],
)
def test_a_translation_that_says_something_else(translation: str, fault: str) -> None:
    """Babel finds the checker by its entry point; places and markup must be those of the source."""
    assert faults(SOURCE, SPANISH) == []
    (found,) = faults(SOURCE, translation)
    assert found.startswith(fault)


def test_all_faults_of_a_message_are_told() -> None:
    """In one sentence, because Babel takes one from each checker."""
    (found,) = faults(SOURCE, "Vea la guía.")
    assert found.count("; ") >= 2


@pytest.mark.parametrize(
    ("context", "length", "channels"),
    [
        ("f.a.one.label", 64, []),
        ("f.a.one.label", 65, ["Telegram"]),
        ("f.a.one.label", 76, ["Slack", "Telegram"]),
        ("f.form.title", 25, ["Slack"]),
        ("f.a.say", 500, []),
        (None, 500, []),
    ],
)
def test_a_translation_that_is_too_long(context: str | None, length: int, channels: list[str]) -> None:
    """Buttons and headings must fit into what channels show."""
    found = faults("A", "x" * length, context)
    assert [name for name in ("Slack", "Telegram") if found and f"{name} shows" in found[0]] == channels


@pytest.mark.parametrize(("source", "translation"), [("A", ""), ("%", "%"), ("# no text of a flow", "x")])
def test_what_it_leaves_alone(source: str, translation: str) -> None:
    """A message that has no translation yet, and one that is no text of a flow."""
    assert faults(source, translation) == []


@pytest.mark.parametrize("file", sorted((ROOT / "locales").glob("*/LC_MESSAGES/*.po")), ids=lambda file: file.parts[-3])
def test_the_shipped_catalogs_pass(file: Path) -> None:
    """As `pybabel compile` would ask."""
    catalog = read_po(BytesIO(file.read_bytes()))
    assert [(message.context, errors) for message, errors in catalog.check()] == []
