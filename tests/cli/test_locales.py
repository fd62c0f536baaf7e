"""`triage locales`: how complete each language is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from bot.cli import shipped

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run

FLOW = """\
flow: shop
version: 1
title: Shop
slots: {x: {type: choice}}
steps:
  - id: x
    collect: x
    prompt: "Which, {{ user.first_name }}?"
    choices: [{id: a, label: First}, {id: b, label: Second}]
  - {id: away, end: away}
"""
CATALOG = """\
msgctxt "shop.title"
msgid "Shop"
msgstr "Tienda"

msgctxt "shop.x.prompt"
msgid "Which, {{ user.first_name }}?"
msgstr "PROMPT"

msgctxt "shop.x.a.label"
msgid "First"
msgstr "FIRST"

#, FLAG
msgctxt "shop.x.b.label"
msgid "Second"
msgstr "Segundo"
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder with a flow and a place for its Spanish catalog."""
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "shop.yaml").write_text(FLOW)
    (tmp_path / "es" / "LC_MESSAGES").mkdir(parents=True)
    return tmp_path


def spanish(
    run: Run, shop: Path, *, prompt: str = "¿Cuál, {{ user.first_name }}?", first: str = "Primero", flag: str = ""
) -> dict[str, Any]:
    """What is said of Spanish where the catalog is so."""
    catalog = CATALOG.replace("PROMPT", prompt).replace("FIRST", first).replace("FLAG", flag)
    (shop / "es" / "LC_MESSAGES" / "messages.po").write_text(catalog)
    code, out, errors = run("locales", str(shop / "flows"), "--locales", str(shop), "--format", "json")
    assert (code, errors) == (0, "")
    (found,) = json.loads(out)
    assert (found.pop("language"), found.pop("name")) == ("es", "Español")
    found["translated"] -= found.pop("texts") - 4  # those of the shipped patterns, which come with their translations
    assert found.pop("translated") + found["missing"] + found["fuzzy"] == 4
    return {name: count for name, count in found.items() if count}


def test_each_kind_of_trouble_is_counted(run: Run, shop: Path) -> None:
    """Missing, fuzzy, too long, colliding and wrong; a text that is right counts for none of them."""
    assert spanish(run, shop) == {}
    assert spanish(run, shop, first="") == {"missing": 1}
    assert spanish(run, shop, flag="fuzzy") == {"fuzzy": 1}
    assert spanish(run, shop, first="Primero " * 9) == {"too_long": 1}
    assert spanish(run, shop, first="Segundo") == {"colliding": 1}
    assert spanish(run, shop, prompt="¿Cuál?") == {"wrong": 1}


def test_what_is_wrong_with_the_source_counts_for_no_language(run: Run, shop: Path) -> None:
    """It would be told once for each of them."""
    text = FLOW.replace("label: First", "label: Second").replace("First", "Second")
    (shop / "flows" / "shop.yaml").write_text(text)
    catalog = CATALOG.replace('msgid "First"', 'msgid "Second"').replace("PROMPT", "¿Cuál, {{ user.first_name }}?")
    (shop / "es" / "LC_MESSAGES" / "messages.po").write_text(
        catalog.replace("FIRST", "Segundo").replace("#, FLAG\n", "")
    )
    _, out, _ = run("locales", str(shop / "flows"), "--locales", str(shop), "--format", "json")
    assert json.loads(out)[0]["colliding"] == 0


def test_a_region_misses_what_its_language_misses(run: Run, shop: Path) -> None:
    """`es-MX` needs only what it says otherwise."""
    spanish(run, shop)
    (shop / "es_MX" / "LC_MESSAGES").mkdir(parents=True)
    (shop / "es_MX" / "LC_MESSAGES" / "messages.po").write_text(
        'msgctxt "shop.title"\nmsgid "Shop"\nmsgstr "Tiendita"\n'
    )
    _, out, _ = run("locales", str(shop / "flows"), "--locales", str(shop), "--format", "json")
    ours, theirs = json.loads(out)
    assert (ours["language"], theirs["language"]) == ("es", "es-MX")
    assert theirs["missing"] == ours["missing"] < ours["texts"]


def test_the_shipped_languages_as_a_table(run: Run) -> None:
    """A row each, and nothing to be done."""
    code, out, _ = run("locales")
    rows = out.splitlines()[1:-2]
    assert code == 0
    assert len(rows) == len(list(shipped.LOCALES.glob("*/LC_MESSAGES/*.po")))
    assert {tuple(row.split()[-5:]) for row in rows} == {("0",) * 5}


def test_no_translations(run: Run, shop: Path) -> None:
    """Is said."""
    _, out, _ = run("locales", str(shop / "flows"))
    assert out == "There are no translations.\n"


def test_a_catalog_that_cannot_be_read(run: Run, shop: Path) -> None:
    """Is told with its line."""
    (shop / "es" / "LC_MESSAGES" / "messages.po").write_text('msgid "a\n')
    code, _, errors = run("locales", str(shop / "flows"), "--locales", str(shop))
    assert code == 1
    assert "messages.po:1:1: error[bad-catalog]" in errors
