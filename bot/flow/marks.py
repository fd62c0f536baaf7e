"""Marks of the model: what an annotation says of a value beside its type, for whoever reads it.

A mark answers pydantic's question for a schema (`__get_pydantic_core_schema__`), and only then is anything of pydantic
imported: the model exists without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic_core import CoreSchema

    Handler = Callable[[Any], Any]
    """The schema of a kind."""


class RefusalError(ValueError):
    """A value that means nothing: the code of its problem, the reason in words for the author, what may mend it."""

    def __init__(self, code: str, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.code = code
        self.hint = hint


def telling(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """`function`, whose refusals are told in pydantic's way, among all the others."""
    from pydantic_core import PydanticCustomError  # noqa: PLC0415

    def told(value: Any) -> Any:
        try:
            return function(value)
        except RefusalError as refused:
            context = {"reason": str(refused), "hint": refused.hint}
            raise PydanticCustomError(refused.code, "{reason}", context) from refused

    return told


class Within:
    """Limits of a value, as pydantic-core calls them: `strict`, `pattern`, `min_length`, `max_length`, `ge`, `le`.

    It stands right behind the type, before a `Read`.
    """

    __slots__ = ("limits",)

    def __init__(self, **limits: Any) -> None:
        self.limits = limits

    def __get_pydantic_core_schema__(self, kind: Any, handler: Handler) -> CoreSchema:
        return {**handler(kind), **self.limits}


class Checked:
    """What else must be right about a value of its type: `check` raises RefusalError."""

    __slots__ = ("check",)

    def __init__(self, check: Callable[[Any], Any]) -> None:
        """`check` gives the value back."""
        self.check = check

    def __get_pydantic_core_schema__(self, kind: Any, handler: Handler) -> CoreSchema:
        from pydantic_core import core_schema  # noqa: PLC0415

        return core_schema.no_info_after_validator_function(telling(self.check), handler(kind))


class Read:
    """How a value is read before it is of its type, its form as JSON Schema tells it, and how it is written again."""

    __slots__ = ("form", "read", "write")

    def __init__(
        self,
        read: Callable[[Any], Any],
        form: Mapping[str, Any] | None = None,
        write: Callable[[Any], Any] | None = None,
    ) -> None:
        """`read` raises RefusalError."""
        self.read = read
        self.form = form
        self.write = write

    def __get_pydantic_core_schema__(self, kind: Any, handler: Handler) -> CoreSchema:
        from pydantic_core import core_schema  # noqa: PLC0415

        return core_schema.no_info_before_validator_function(
            telling(self.read),
            handler(kind),
            serialization=core_schema.plain_serializer_function_ser_schema(self.write) if self.write else None,
            metadata={"pydantic_js_functions": [lambda *_: dict(self.form)]} if self.form else None,
        )


class OneOf:
    """What tells apart the kinds that a value may be of: `tag` names one of `kinds` by the plain value."""

    __slots__ = ("code", "kinds", "reason", "tag")

    def __init__(
        self, kinds: Mapping[str, Any], tag: Callable[[Any], str | None], code: str = "", reason: str = ""
    ) -> None:
        """`code` and `reason` are of the problem that a value is if it is of no kind."""
        self.kinds = kinds
        self.tag = tag
        self.code = code
        self.reason = reason

    def __get_pydantic_core_schema__(self, _kind: Any, handler: Handler) -> CoreSchema:
        from pydantic_core import core_schema  # noqa: PLC0415

        tags = {each: tag for tag, each in self.kinds.items()}
        return core_schema.tagged_union_schema(
            {tag: handler(each) for tag, each in self.kinds.items()},
            lambda value: tags.get(type(value)) or self.tag(value),
            custom_error_type=self.code or None,
            custom_error_message=self.reason or None,
        )
