"""A flow that is refused, mended as far as its author can be understood, so that the proofs may look at it too.

Nothing runs a mended flow: its problems are errors. It only lets everything else that is wrong be told in the same run.
A misspelt key is read as the key that was meant; what cannot be understood is left out where it may be, and otherwise
replaced by something neutral. `doubts` name what was replaced or left out, so that no proof speaks of that.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, get_args, get_origin

from pydantic_core import ValidationError

from bot.flow.expressions import Expression
from bot.flow.keys import Model, keys_of
from bot.flow.locations import bare, known_keys, locate
from bot.flow.model import Flow, Question, Step
from bot.flow.source import MAX_PROBLEMS
from bot.flow.texts import Text
from bot.flow.understanding import understood
from bot.flow.validation import refusals, slugged, told

if TYPE_CHECKING:
    from bot.flow.keys import Key
    from bot.flow.locations import Location
    from bot.flow.problems import Problem
    from bot.flow.reader import Path, Tree
    from bot.flow.validation import Refusal

_ROUNDS: Final = 8
"""How often what was mended is looked at again: a step whose kind was misspelt shows its other mistakes only then."""

_STEP: Final = bare(Step)
_UNKNOWN: Final = "user.first_name == ''"
"""A condition of which nothing follows."""

_LIKELY: Final = MappingProxyType(
    {
        bool: frozenset({"ask_again", "optional", "unsure"}),
        dict: frozenset({"into", "slots", "texts", "with"}),
        list: frozenset({"choices", "next", "triggers"}),
    }
)
"""By the type of its value: what an unknown key that is like no other may have been meant for."""

_NOTHING: Final[Any] = object()
"""Stands for a value that cannot be made up."""


class Validated(NamedTuple):
    """A document's flow, None if there is no understanding it; `doubts` are the places that do not say what was meant.

    `tree` is the document as it was understood, with the places of the file.
    """

    flow: Flow | None
    tree: Tree
    doubts: frozenset[Path]
    problems: tuple[Problem, ...]


def validate(tree: Tree) -> Validated:
    """The flow of a document, mended if it has to be, and everything that the model refuses in it; nothing raises."""
    try:
        return Validated(understood(Flow, tree.data), tree, frozenset(), ())
    except ValidationError as error:
        return _Mending(tree).validated(error)


class _Mending:
    """The mending of one document: what it holds by now, what is in doubt, and what was wrong."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree.replaced(_copy(tree.data))
        self.doubts: set[Path] = set()
        self.problems: list[Problem] = []
        self.made = 0

    def validated(self, error: ValidationError) -> Validated:
        flow: Flow | None = None
        if error.error_count() > MAX_PROBLEMS:
            message = f"this flow has more than {MAX_PROBLEMS} problems"
            first = told(refusals(error, self.tree.data, Flow, MAX_PROBLEMS), self.tree)
            last = self.tree.problem("too-many-problems", ("flow",), message)
            return Validated(None, self.tree, frozenset(), (*first, last))
        for _ in range(_ROUNDS):
            found = refusals(error, self.tree.data, Flow)
            self.problems += told([each for each in found if not self._is_doubted(each.place.path)], self.tree)
            mended = [self._mend(each) for each in found]
            if not all(mended):
                break
            try:
                flow = understood(Flow, self.tree.data)
                break
            except ValidationError as remaining:
                error = remaining
        if ("flow",) in self.doubts:
            flow = None  # nothing can be said of a flow that nobody can name
        return Validated(flow, self.tree, frozenset(self.doubts), tuple(self.problems))

    def _is_doubted(self, path: Path) -> bool:
        return any(path[:length] in self.doubts for length in range(len(path) + 1))

    def _mend(self, refusal: Refusal) -> bool:
        """Change what is refused into something that may stand there; whether that could be done."""
        path = refusal.place.path
        if not path or not isinstance(_at(self.tree.data, path[:-1]), (dict, list)):
            return bool(path)  # what held it was left out together with it
        if refusal.error["type"] == "extra_forbidden":
            self._rename(path, refusal.meant)
            if refusal.meant is None:
                absent = set(known_keys(refusal.place.model)) - _at(self.tree.data, path[:-1]).keys()
                likely = _LIKELY.get(type(refusal.error["input"]), frozenset())
                self.doubts |= {(*path[:-1], key) for key in absent & likely}
        elif refusal.misspelt is not None:
            key, name = refusal.misspelt
            self._rename((*path, key), name)
        elif refusal.place.key:
            slug = slugged(str(path[-1]))
            self._rename(path, slug)
            self.doubts.add((*path[:-1], slug) if slug else path[:-1])
        elif refusal.error["type"] == "string_pattern_mismatch" and (slug := slugged(refusal.error["input"])):
            _at(self.tree.data, path[:-1])[path[-1]] = slug
            self.doubts.add(path)
        else:
            return self._replace(refusal.error["loc"])
        return True

    def _rename(self, path: Path, name: str | None) -> None:
        """Give a key the name that was meant; take it out where that is not known."""
        holder = _at(self.tree.data, path[:-1])
        if not isinstance(holder, dict) or path[-1] not in holder:
            return
        value = holder.pop(path[-1])
        if name and name not in holder:
            holder[name] = value
            self.tree.renamed(path, name)

    def _replace(self, loc: tuple[int | str, ...]) -> bool:
        """Leave out or replace what stands at `loc`, or else what holds it."""
        for end in range(len(loc), 0, -1):
            place = locate(Flow, loc[:end], self.tree.data)
            if not place.path:
                return False
            holder, last = _at(self.tree.data, place.path[:-1]), place.path[-1]
            field = _field(place)
            if field is not None and not field.required:
                holder.pop(last, None)
                self.doubts.add(place.path)
                return True
            value = holder.get(last) if isinstance(holder, dict) else holder[last]
            made = self._made(place.kind, value, str(last))
            if made not in (_NOTHING, value):
                holder[last] = made
                self.doubts.add(place.path)
                if isinstance(made, dict) and "id" in made and made["id"] != _at(value, ("id",)):
                    self.doubts.add((*place.path, "id"))
                return True
        return False

    def _made(self, kind: Any, value: Any, key: str) -> Any:
        """Something neutral that may stand where `kind` is asked for; `_NOTHING` if there is no such thing."""
        self.made += 1
        if kind is Text:
            return "\ue000" * self.made  # a text without words: nobody misses its translation
        if kind is str:
            return f"unknown_id_{self.made}"
        if kind is int:
            return "1d" if key == "after" else 1
        if kind == _STEP:
            name = value.get("id") if isinstance(value, dict) else None
            name = slugged(name) if isinstance(name, str) else ""
            return {"id": name or self._made(str, None, ""), "say": self._made(Text, None, "")}
        if isinstance(kind, type) and issubclass(kind, Model):
            return self._model(kind, value if isinstance(value, dict) else {})
        if get_origin(kind) is Literal:
            return value if value in get_args(kind) else "text"
        if get_origin(kind) is tuple and (inside := bare(get_args(kind)[0])) in {_STEP, Question}:
            return [self._made(inside, None, "")]
        return {Expression: _UNKNOWN, Any: None}.get(kind, _NOTHING)

    def _model(self, kind: type[Model], known: dict[str, Any]) -> Any:
        """A mapping with what it must have and nothing else."""
        keys = {name: key for name, key in keys_of(kind).items() if key.required}
        made = {name: self._made(bare(key.type), known.get(name), name) for name, key in keys.items()}
        return _NOTHING if _NOTHING in made.values() else made


def _field(place: Location) -> Key | None:
    """The key that the last part of a path is; None for a member of a list or of a mapping with keys of its own."""
    return keys_of(place.model).get(str(place.path[-1])) if place.model else None


def _at(data: Any, path: Path) -> Any:
    """What stands at a path; None if nothing does."""
    for part in path:
        if isinstance(data, dict):
            data = data.get(part)
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            return None
    return data


def _copy(value: Any) -> Any:
    """Plain data of its own, also where an alias made two places share it."""
    if isinstance(value, dict):
        return {key: _copy(each) for key, each in value.items()}
    return [_copy(each) for each in value] if isinstance(value, list) else value
