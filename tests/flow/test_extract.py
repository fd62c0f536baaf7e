"""The extractor: what Babel takes from a flow file, and that the shipped catalogs hold exactly that."""

from __future__ import annotations

import shutil
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract as babel_extract
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg  # type: ignore[attr-defined]  # younger than the stubs

from bot.flow.extract import needs_translation
from bot.flow.model import Flow
from bot.flow.program import Program
from bot.flow.texts import Text
from bot.flow.understanding import understood
from bot.text.catalogs import Catalogs
from bot.text.locales import SOURCE
from tests.flow.made import COMPLETE, ROOT, SHIPPED, complete, flow, shipped

Message = tuple[int, str, str, list[str]]
"""Line, context, source and comments."""

BUTTON = "Characters at most: 64 (Telegram), 75 (Slack)"

FLOW = """\
flow: shop
version: 1
title: Shop
triggers: [{command: shop}]
slots: {x: {type: choice, label: "42"}}
steps:
  - id: hello
    say: "{{ user.first_name }}"
  - id: x
    collect: x
    why: We *have* to know.
    prompt: |
      Which one, {{ user.first_name }}?
    choices:
      - {id: one, label: One, synonyms: [first, uno]}
      - id: two
        label: '2'
    reprompt:
      - Once more.
      - One more time.
  - {id: rule, rule: r, text: R, accept: Fine, why: Because.}
"""


def messages(text: str) -> list[Message]:
    """What Babel takes from a flow file."""
    found = babel_extract("bot.flow.extract:extract", BytesIO(text.encode()))
    return [(line, str(context), str(source), list(comments)) for line, source, comments, context in found]


def extracted(files: list[Path]) -> set[tuple[str, str]]:
    """Context and source of every message of these files."""
    return {(context, source) for file in files for _, context, source, _ in messages(file.read_text("utf-8"))}


def test_what_babel_takes() -> None:
    """Every text with words, at its line, under its path, with the reason for its question and what is shortened."""
    assert messages(FLOW) == [
        (3, "shop.title", "Shop", []),
        (12, "shop.x.prompt", "Which one, {{ user.first_name }}?", ["Why it is asked: We *have* to know."]),
        (11, "shop.x.why", "We *have* to know.", ["Why it is asked: We *have* to know."]),
        (15, "shop.x.one.label", "One", [BUTTON]),
        (15, "shop.x.one.synonyms", "first, uno", []),
        (19, "shop.x.reprompt.1", "Once more.", []),
        (20, "shop.x.reprompt.2", "One more time.", []),
        (21, "shop.rule.text", "R", ["Why it is asked: Because."]),
        (21, "shop.rule.accept", "Fine", ["Why it is asked: Because.", BUTTON]),
        (21, "shop.rule.why", "Because.", ["Why it is asked: Because."]),
    ]


def test_the_configuration_finds_the_flows(tmp_path: Path) -> None:
    """`babel.cfg` says which files and how, and Babel understands it."""
    (tmp_path / "flows" / "deep").mkdir(parents=True)
    (tmp_path / "flows" / "deep" / "shop.yaml").write_text(FLOW)
    (tmp_path / "other.yaml").write_text(FLOW)
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = list(extract_from_dir(tmp_path, methods, options))
    assert {str(name).replace("\\", "/") for name, *_ in found} == {"flows/deep/shop.yaml"}
    assert len(found) == len(messages(FLOW))


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("flow: [", []),
        ("", []),
        ("- a\n", []),
        ("flow: a\nversion: 1\n---\n" + FLOW, ["shop.title"]),
        (FLOW + "---\n" + FLOW.replace("flow: shop", "flow: other"), ["shop.title", "other.title"]),
    ],
)
def test_what_is_not_sound_is_left_out(text: str, titles: list[str]) -> None:
    """A document that is no flow has no texts; the others of the file do."""
    assert [context for _, context, _, _ in messages(text) if context.endswith(".title")] == titles


@pytest.mark.parametrize(
    ("source", "needed"),
    [
        ("Hello", True),
        ("{{ user.first_name }}", False),
        ("{{ user.first_name }}!", False),
        ("Hello {{ user.first_name }}", True),
        ("**{{ slots.x }}** – {{ slots.y }}", False),
        ("{{ 'a' if slots.x else 'b' }}", False),
        ("{{ '}} a' }}", False),
        ("42", False),
        ("…", False),
        ("- {{ slots.x }}\n- {{ slots.y }}", False),
        ("- one\n- {{ slots.y }}", True),
        ("日本", True),
    ],
)
def test_what_needs_a_translation(source: str, needed: bool) -> None:
    """Words do; numbers, signs and the values of places do not."""
    assert needs_translation(Text(source)) is needed


def test_each_text_is_extracted_or_needs_no_translation() -> None:
    """No text of a shipped flow is forgotten, and none is asked for that a library would not look up."""
    texts = [text for source in (*shipped(), complete()) for text in Program(understood(Flow, source)).texts]
    looked_up = {(text.context, text.source) for text in texts if needs_translation(text)}
    assert extracted([*SHIPPED, COMPLETE]) == looked_up
    assert {text.context for text in texts if not needs_translation(text)} == {
        "pattern_help.reason.say",
        "pattern_why.reason.say",
    }


@pytest.mark.parametrize("language", sorted(path.name for path in (ROOT / "locales").iterdir() if path.is_dir()))
def test_the_shipped_catalogs_hold_what_is_extracted(language: str) -> None:
    """No message is missing, none is left over, each has a translation that nobody doubts."""
    entries = Catalogs.read(ROOT / "locales").entries(language)
    assert language != SOURCE
    assert set(entries) == extracted(SHIPPED)
    assert [key for key, entry in entries.items() if not entry.usable] == []


def test_a_message_is_found_by_the_library() -> None:
    """What was extracted, translated and read again is what the merchant sees."""
    ((_, context, source, _), *_) = messages(FLOW)
    made = Program(flow(FLOW))
    assert (made.texts[0].context, made.texts[0].source) == (context, source)


def test_no_catalog_is_stale(tmp_path: Path) -> None:
    """`make messages` would change nothing: its own commands, run over copies, leave every catalog as it is."""
    shutil.copytree(ROOT / "locales", tmp_path / "locales")
    make = shutil.which("make")
    assert make is not None
    recipe = subprocess.run([make, "-n", "messages"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    commands = [line for line in recipe.splitlines() if "pybabel" in line]
    assert len(commands) == 2
    for command in commands:
        words = command.replace(".venv/messages.pot", str(tmp_path / "messages.pot")).split()
        words = [str(tmp_path / "locales") if word == "locales" else word for word in words]
        subprocess.run([Path(sys.executable).with_name("pybabel"), *words[1:]], cwd=ROOT, check=True)
    catalogs = sorted(path.relative_to(ROOT) for path in (ROOT / "locales").glob("*/LC_MESSAGES/*.po"))
    stale = [path for path in catalogs if (tmp_path / path).read_bytes() != (ROOT / path).read_bytes()]
    assert stale == [], "run `make messages`, and translate what is new"
    assert catalogs
