"""Plain data understood as the model, and the model written as plain data again.

pydantic-core does both, and tells everything that is wrong at once. Its schema is made here, from the annotations:
pydantic makes the same one, but importing it and having it do so takes longer than reading all the shipped flows.
"""

from __future__ import annotations

from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from msgspec.structs import asdict
from pydantic_core import CoreSchema, SchemaSerializer, SchemaValidator, core_schema

from bot.flow.keys import Model, defaults_of, keys_of
from bot.flow.marks import telling

_Model = TypeVar("_Model", bound=Model)


def understood(model: type[_Model], data: Any) -> _Model:
    """What a mapping of a file says; raises ValidationError, which knows everything that is wrong with it."""
    found: _Model = _validator(model).validate_python(data)
    return found


def written(value: Model) -> dict[str, Any]:
    """The mapping as an author could have written it, what is left at its default left out."""
    found: dict[str, Any] = _serializer(type(value)).to_python(value, mode="json", by_alias=True, exclude_defaults=True)
    return found


@cache
def _validator(model: type[Model]) -> SchemaValidator:
    return SchemaValidator(shape(model))


@cache
def _serializer(model: type[Model]) -> SchemaSerializer:
    return SchemaSerializer(shape(model))


def shape(kind: Any) -> CoreSchema:
    """The schema of a kind of value, with all that it is made of."""
    shapes = _Shapes()
    made = shapes(kind)
    return core_schema.definitions_schema(made, list(shapes.models.values()))


class _Shapes:
    """Makes the schemas of annotations, each model's once."""

    def __init__(self) -> None:
        self.models: dict[type[Model], CoreSchema] = {}

    def __call__(self, kind: Any) -> CoreSchema:
        """The schema of an annotation."""
        origin, inside = get_origin(kind), get_args(kind)
        if origin is Annotated:
            *less, mark = inside
            made: CoreSchema = mark.__get_pydantic_core_schema__(Annotated[tuple(less)] if less[1:] else less[0], self)
            return made
        if origin in {Union, UnionType}:
            some = [self(each) for each in inside if each is not NoneType]
            one = core_schema.union_schema(list(some)) if some[1:] else some[0]
            return core_schema.nullable_schema(one) if NoneType in inside else one
        if origin is Literal:
            return core_schema.literal_schema(list(inside))
        if origin is tuple:
            items = [self(each) for each in inside if each is not Ellipsis]
            return core_schema.tuple_schema(items, variadic_item_index=0 if Ellipsis in inside else None)
        if origin is list:
            return core_schema.list_schema(self(inside[0]))
        if origin is dict:
            return core_schema.dict_schema(self(inside[0]), self(inside[1]))
        return self._plain(kind)

    def _plain(self, kind: Any) -> CoreSchema:
        if kind is Any:
            return core_schema.any_schema()
        if issubclass(kind, Model):
            return self._model(kind)
        if (own := getattr(kind, "__get_pydantic_core_schema__", None)) is not None:
            made: CoreSchema = own(kind, self)
            return made
        plain: dict[type, CoreSchema] = {
            str: core_schema.str_schema(),
            int: core_schema.int_schema(),
            float: core_schema.float_schema(),
            bool: core_schema.bool_schema(),
        }
        return plain.get(kind) or core_schema.is_instance_schema(kind)

    def _model(self, model: type[Model]) -> CoreSchema:
        ref = f"{model.__module__}.{model.__qualname__}"
        if model not in self.models:
            mapping = core_schema.typed_dict_schema(
                {key.name: self._key(model, key.name, name) for name, key in keys_of(model).items()},
                cls=model,
                extra_behavior="forbid",
            )
            self.models[model] = core_schema.no_info_after_validator_function(
                telling(lambda found: model(**found)),
                mapping,
                ref=ref,
                serialization=core_schema.wrap_serializer_function_ser_schema(
                    lambda value, handler: handler(asdict(value)), schema=mapping
                ),
            )
        return core_schema.definition_reference_schema(ref)

    def _key(self, model: type[Model], attribute: str, name: str) -> core_schema.TypedDictField:
        key, defaults = keys_of(model)[name], defaults_of(model)
        made = self(key.type)
        if attribute in defaults:
            made = core_schema.with_default_schema(made, default=defaults[attribute])
        return core_schema.typed_dict_field(
            made, required=key.required, validation_alias=name, serialization_alias=name
        )
