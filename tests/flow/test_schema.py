"""The JSON Schema of the language: editors accept every real flow, and refuse what the reader refuses for its form."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator, meta
from pydantic_core import ValidationError

from bot.flow import model
from bot.flow.keys import Model, keys_of
from bot.flow.model import Flow
from bot.flow.schema import explanations, schema
from bot.flow.understanding import understood
from tests.flow.made import COMPLETE, ROOT, at, changed, complete, data, places, shipped

VALIDATOR = Draft202012Validator(schema())
MODELS = [each for each in vars(model).values() if isinstance(each, type) and issubclass(each, Model)]
BOTH = [*shipped(), complete()]
FREE = {"slots", "steps", "texts", "set", "with", "into", "rename", "map"}
"""Keys of mappings whose own keys are names of the author's (`steps` in `migrate`)."""


def accepts(document: Any) -> bool:
    """Whether an editor would find nothing wrong."""
    return VALIDATOR.is_valid(document)


def test_it_is_a_schema() -> None:
    """As its dialect says what a schema is."""
    meta.validate(schema())


def test_every_shipped_flow_is_accepted() -> None:
    """And the one that has every key of the language, and the one that scripts are tested with."""
    gallery = data(ROOT.joinpath("tests/flows/gallery.yaml").read_text("utf-8"))
    assert [each["flow"] for each in (*BOTH, *gallery) if not accepts(each)] == []
    assert COMPLETE.exists()


MAPPINGS = [
    path
    for path in places(complete())
    if isinstance(at(complete(), path), dict) and not FREE.intersection(path[-1:]) and path[-2:-1] != ("map",)
]


@pytest.mark.parametrize("path", MAPPINGS, ids=lambda path: ".".join(map(str, path)) or "flow")
def test_an_unknown_key_is_refused(path: tuple[str | int, ...]) -> None:
    """Wherever the reader refuses it: a misspelt key is red while it is typed."""
    document = complete()
    wrong = changed(document, path, {**at(document, path), "promt": "x"})
    assert not accepts(wrong)
    with pytest.raises(ValidationError):
        understood(Flow, wrong)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("version",), "1"),
        (("flow",), "Help us"),
        (("expire_after",), "soon"),
        (("steps",), []),
        (("slots", "shop", "type"), "choise"),
        (("steps", 0), {"id": "a"}),
        (("steps", 0), {"id": "a", "say": "A", "end": "b"}),
        (("steps", 0), {"say": "A"}),
        (("steps", 0), {"id": "a", "say": "A", "next": [{"if": "true"}]}),
        (("slots", "Bad Name"), {"type": "text"}),
    ],
)
def test_what_else_is_refused(path: tuple[str | int, ...], value: Any) -> None:
    """Wrong types, forms and choices, and steps that are none or several."""
    assert not accepts(changed(complete(), path, value))


def test_every_key_is_explained() -> None:
    """In the editor as in the docs: there is no key without a docstring."""
    missing = [f"{each.__name__}.{key}" for each in MODELS for key in keys_of(each) if key not in explanations(each)]
    assert missing == []
    flow = schema()["properties"]["budget"]
    assert flow["description"].startswith("Questions and rules that may lie between")


def test_an_inherited_key_is_explained_as_its_own_class_says() -> None:
    """What all steps have is explained once."""
    assert explanations(model.Say)["when"] == explanations(model.StepBase)["when"]
    assert "_" not in explanations(model.Call)
    assert "with" in explanations(model.Call)
