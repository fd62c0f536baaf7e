"""The page on the desk's settings keeps its word: its sample is sound, and no setting is missing on it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from msgspec.structs import asdict

from bot.desk import opening, settings
from bot.desk.reading import read
from bot.flow.keys import Model, keys_of
from bot.text.locales import LANGUAGES

TEXT = (Path(__file__).parents[2] / "docs" / "desk-settings.md").read_text("utf-8")
(SAMPLE,) = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
MODELS = [
    each
    for module in (settings, opening)
    for each in vars(module).values()
    if isinstance(each, type) and issubclass(each, Model) and each.__module__ == module.__name__
]


def test_the_sample_has_no_problem() -> None:
    """In a deployment of all shipped languages."""
    found = read(SAMPLE.encode(), "desk.yaml", tuple(LANGUAGES))
    assert found.problems == ()
    assert found.desk is not None
    assert found.desk.build().macros["logs"].title == "Ask for logs"


@pytest.mark.parametrize("model", MODELS)
def test_every_key_is_explained(model: type[Model]) -> None:
    """Each key of each mapping stands on the page as one writes it."""
    missing = [name for name in keys_of(model) if f"`{name}`" not in TEXT and f"{name}:" not in TEXT]
    assert missing == []


def test_the_defaults_on_it_are_those_of_the_desk() -> None:
    """The last column of the table."""
    rows = dict(re.findall(r"^\| `(\w+)` \| .* \| (.+) \|$", TEXT, re.MULTILINE))
    written = {name: re.findall(r"`(\w+)`", otherwise) for name, otherwise in rows.items()}
    text = "".join(f"{name}: {written[name][0]}\n" for name in ("undo", "reopen", "approval", "language"))
    text += "".join(f"{name}: [{', '.join(written[name])}]\n" for name in ("snooze", "removal"))
    found = read(text.encode(), "desk.yaml").desk
    assert found == settings.DeskFile()
    assert rows["retention"] == ", ".join(map(str, asdict(settings.Retention()).values()))
