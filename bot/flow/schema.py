"""The JSON Schema of the language, for editors: completion, explanations, and errors while somebody types.

It is made from the model, so it knows every key; explanations are the model's own docstrings. What only the proofs
know (targets, names, expressions) it does not check.
"""

from __future__ import annotations

import ast
import inspect
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from pydantic.json_schema import GenerateJsonSchema

from bot.flow import model, slots
from bot.flow.keys import Model, keys_of
from bot.flow.model import Flow
from bot.flow.understanding import shape

if TYPE_CHECKING:
    from collections.abc import Iterator

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """The schema of one document of a flow file."""
    made = GenerateJsonSchema().generate(shape(Flow))
    definitions: dict[str, Any] = made.get("$defs", {})
    for name, definition in (*definitions.items(), (Flow.__name__, made)):
        if isinstance(known := getattr(model, name, None), type) and issubclass(known, Model):
            for key, value in definition.get("properties", {}).items():
                _tidy(value)
                if explanation := explanations(known).get(key):
                    value["description"] = explanation
    return {"$schema": _DIALECT, **made, "title": "A flow of Triage"}


def _tidy(value: dict[str, Any]) -> None:
    """Take out what says nothing in a file: titles made from names, defaults as they are stored. Close mappings."""
    value.pop("title", None)
    value.pop("default", None)
    if "patternProperties" in value:
        value["additionalProperties"] = False


def explanations(known: type[Model]) -> dict[str, str]:
    """What the docstrings say of a model's keys, as they are written in the file; inherited ones included."""
    written: dict[str, str] = {}
    for each in reversed(known.__mro__):
        written |= _docstrings().get(each.__name__, {})
    return {name: written[key.name] for name, key in keys_of(known).items() if key.name in written}


@cache
def _docstrings() -> dict[str, dict[str, str]]:
    """By class of the model: its attributes with the strings below them."""
    nodes = [node for module in (slots, model) for node in ast.parse(inspect.getsource(module)).body]
    return {node.name: dict(_attributes(node)) for node in nodes if isinstance(node, ast.ClassDef)}


def _attributes(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for statement, below in zip(node.body, node.body[1:], strict=False):
        if (
            isinstance(statement, ast.AnnAssign)
            and isinstance(statement.target, ast.Name)
            and isinstance(below, ast.Expr)
            and isinstance(below.value, ast.Constant)
            and isinstance(below.value.value, str)
        ):
            yield statement.target.id, inspect.cleandoc(below.value.value).replace("\n", " ")
