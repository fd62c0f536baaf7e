"""Plain data understood as the model, and the model written as plain data again.

pydantic-core does both, and tells everything that is wrong at once. Its schema is made here, from the annotations and
their marks: pydantic makes such schemas too, but importing it and having it do so takes longer than reading all the
shipped flows.
"""

from __future__ import annotations

from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, TypeVar, Union, get_args, get_origin

from msgspec.structs import asdict
from pydantic_core import CoreSchema, PydanticCustomError, SchemaSerializer, SchemaValidator, core_schema

from bot.flow.expressions import ExpressionError
from bot.flow.keys import Model, defaults_of, keys_of
from bot.flow.locations import label
from bot.flow.marks import Checked, OneOf, Read, RefusalError, Within
from bot.flow.texts import Text
from bot.text.markdown import MarkdownError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.flow.keys import Key

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


def _telling(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """`function`, whose refusals are told in pydantic's way, among all the others."""

    def told(value: Any) -> Any:
        try:
            return function(value)
        except RefusalError as refused:
            context = {"reason": str(refused), "hint": refused.hint}
            raise PydanticCustomError(refused.code, "{reason}", context) from refused

    return told


def _text(source: str) -> Text:
    try:
        return Text(source)
    except MarkdownError as error:
        raise PydanticCustomError("bad-markup", "{reason}", {"reason": str(error)}) from error
    except ExpressionError as error:
        raise PydanticCustomError("bad-expression", "{reason}", {"reason": str(error)}) from error


_PLAIN: Final[MappingProxyType[Any, CoreSchema]] = MappingProxyType(
    {
        Any: core_schema.any_schema(),
        str: core_schema.str_schema(),
        int: core_schema.int_schema(),
        float: core_schema.float_schema(),
        bool: core_schema.bool_schema(),
        Text: core_schema.no_info_after_validator_function(
            _text,
            core_schema.str_schema(strict=True, min_length=1, strip_whitespace=True),
            serialization=core_schema.plain_serializer_function_ser_schema(lambda text: text.source),
        ),
    }
)


class _Shapes:
    """Makes the schemas of annotations, each model's once."""

    def __init__(self) -> None:
        self.models: dict[type[Model], CoreSchema] = {}

    def __call__(self, kind: Any) -> CoreSchema:
        """The schema of an annotation."""
        origin, inside = get_origin(kind), get_args(kind)
        if origin is Annotated:
            *less, mark = inside
            return self._marked(mark, Annotated[tuple(less)] if less[1:] else less[0])
        if origin in {Union, UnionType}:
            some = [(self(each), label(each)) for each in inside if each is not NoneType]
            one = core_schema.union_schema(list(some)) if some[1:] else some[0][0]
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
        if kind not in _PLAIN and issubclass(kind, Model):
            return self._model(kind)
        return _PLAIN.get(kind) or core_schema.is_instance_schema(kind)

    def _marked(self, mark: Within | Checked | OneOf | Read, kind: Any) -> CoreSchema:
        match mark:
            case Within():
                return {**self(kind), **mark.limits}
            case Checked():
                return core_schema.no_info_after_validator_function(_telling(mark.check), self(kind))
            case OneOf():
                tags = {each: tag for tag, each in mark.kinds.items()}
                return core_schema.tagged_union_schema(
                    {tag: self(each) for tag, each in mark.kinds.items()},
                    lambda value: tags.get(type(value)) or mark.tag(value),
                    custom_error_type=mark.code,
                    custom_error_message=mark.reason,
                )
            case Read(read, form, write):
                return core_schema.no_info_before_validator_function(
                    _telling(read),
                    self(kind),
                    serialization=core_schema.plain_serializer_function_ser_schema(write) if write else None,
                    # where pydantic's generator of JSON Schemas looks for one
                    metadata={"pydantic_js_functions": [lambda *_: dict(form)]} if form else None,
                )

    def _model(self, model: type[Model]) -> CoreSchema:
        ref = f"{model.__module__}.{model.__qualname__}"
        if model not in self.models:
            keys = {key.name: self._key(name, key, defaults_of(model)) for name, key in keys_of(model).items()}
            mapping = core_schema.typed_dict_schema(keys, cls=model, extra_behavior="forbid")
            write = core_schema.wrap_serializer_function_ser_schema(
                lambda value, handler: handler(asdict(value)), schema=mapping
            )
            make: Callable[[dict[str, Any]], Model] = lambda found: model(**found)  # noqa: E731
            if hasattr(model, "__post_init__"):  # which may refuse it
                make = _telling(make)
            self.models[model] = core_schema.no_info_after_validator_function(
                make, mapping, ref=ref, serialization=write
            )
        return core_schema.definition_reference_schema(ref)

    def _key(self, name: str, key: Key, defaults: Mapping[str, Any]) -> core_schema.TypedDictField:
        made = self(key.type)
        if not key.required:
            made = core_schema.with_default_schema(made, default=defaults[key.name])
        return core_schema.typed_dict_field(
            made, required=key.required, validation_alias=name, serialization_alias=name
        )
