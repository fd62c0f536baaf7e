"""What the proofs look at: a flow with its places, and all flows together with their translations."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.flow.checks.doubts import decides
from bot.flow.checks.skeletons import skeleton
from bot.flow.checks.turns import Turns
from bot.flow.expressions import Expression, ExpressionError
from bot.flow.graph import successors, ways
from bot.flow.leaves import leaves
from bot.flow.library import PATTERN, WORDS
from bot.flow.menu import split_words
from bot.flow.model import Call, Form, Goto
from bot.flow.texts import Text, Wording
from bot.text.locales import SOURCE, fallbacks
from bot.text.markdown import MarkdownError
from bot.text.normal import normalise, normalise_each
from bot.text.plain import plain
from bot.text.quick import are_words, is_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from bot.flow.checks.skeletons import Skeleton
    from bot.flow.graph import Way
    from bot.flow.leaves import Leaf
    from bot.flow.loader import Loaded, Source
    from bot.flow.menu import Option
    from bot.flow.model import Step
    from bot.flow.problems import Severity
    from bot.flow.program import Program
    from bot.flow.reader import Path


class Finding(NamedTuple):
    """What a proof has to say about the value (or, with `key`, the key) at `path` of a flow's document."""

    code: str
    path: Path
    message: str
    hint: str = ""
    severity: Severity = "error"
    key: bool = False


class Use(NamedTuple):
    """An expression and where it stands; `shown` in a text, where its value is printed."""

    expression: Expression
    path: Path
    shown: bool


class View:
    """One flow: its program, and where in its document steps, texts and expressions stand."""

    def __init__(self, source: Source, program: Program) -> None:
        """Look at a flow; `program` is that of the source's flow."""
        self.source = source
        self.flow = source.flow
        self.program = program
        self.is_pattern = program.id.startswith(PATTERN)
        self.places: dict[str, Path] = {}
        """Where each step is; a form's fields are steps, as in the program."""
        for number, step in enumerate(self.flow.steps):
            self.places[step.id] = ("steps", number)
            if isinstance(step, Form):
                for position, field in enumerate(step.fields):
                    self.places[f"{step.id}.{field.collect}"] = ("steps", number, "fields", position)
        self._steps = {path: step for step, path in self.places.items()}

    @cached_property
    def _leaves(self) -> list[Leaf]:
        return leaves(self.flow)

    @cached_property
    def texts(self) -> Mapping[Text, Path]:
        """Every text, and where it stands."""
        return {leaf: path for leaf, path in self._leaves if isinstance(leaf, Text)}

    @cached_property
    def uses(self) -> Sequence[Use]:
        """Every expression, in the order of the model."""
        found: list[Use] = []
        for leaf, path in self._leaves:
            if isinstance(leaf, Expression):
                found.append(Use(leaf, path, shown=False))
            else:
                found += [Use(each, path, shown=True) for each in leaf.wording.expressions]
        return found

    def step_at(self, path: Path) -> str | None:
        """The step or form field that `path` leads into; None outside the steps."""
        return self._steps.get(path[:4]) or self._steps.get(path[:2])

    @cached_property
    def ways(self) -> Mapping[str, tuple[Way, ...]]:
        """The graph of the flow."""
        return ways(self.program)

    @cached_property
    def successors(self) -> Mapping[str, list[str]]:
        """The graph without the kinds of its ways."""
        return successors(self.ways)

    @cached_property
    def is_sound(self) -> bool:
        """Whether the graph can be trusted: every step has an id of its own, every target exists, none is guessed."""
        if any(map(decides, self.source.doubts)):
            return False
        ids = {step.id for step in self.flow.steps}
        unique = len(ids) == len(self.flow.steps) and all(
            len({field.collect for field in step.fields}) == len(step.fields)
            for step in self.flow.steps
            if isinstance(step, Form)
        )
        return unique and all(
            target in ids for step in self.program.steps.values() for target in self.program.targets(step)
        )

    def departures(self) -> Iterator[tuple[Step, str, Mapping[str, Any]]]:
        """Each step that calls or goes over to another flow, that flow's id, and the slots it gives."""
        for step in self.flow.steps:
            if isinstance(step, Call):
                yield step, step.call, step.with_
            elif isinstance(step, Goto):
                yield step, step.goto, step.with_


class World:
    """All flows together. Every translation is parsed here, and only once."""

    def __init__(self, loaded: Loaded, patterns: Collection[str], words: Collection[str]) -> None:
        """Link the flows; the engine needs the repair `patterns` (without their prefix) and the `words`."""
        self.catalogs = loaded.catalogs
        self.whole = loaded.whole
        self.library = loaded.linked
        self.views = {
            source.flow.flow: View(source, self.library.programs[source.flow.flow]) for source in loaded.sources
        }
        self.patterns = patterns
        self.words = words
        self._wordings: dict[tuple[Text, str], Wording | ValueError | None] = {}
        self._worded: dict[Text, tuple[str, ...] | None] = {}
        self._numbers = {language: number for number, language in enumerate(self.catalogs.languages)}
        self._shown: dict[Text, tuple[str, ...]] = {}
        self._skeletons: dict[str, Skeleton | None] = {}
        self._words: dict[tuple[Text, str], tuple[tuple[str, str], ...]] = {}
        self._keys: dict[Option, frozenset[str]] = {}
        self.offered: dict[tuple[str, str], Sequence[Option]] = {}
        """The options of questions that were asked for already, by flow and step."""
        self._bare_words: dict[str, Mapping[str, str]] = {}

    @cached_property
    def home(self) -> View | None:
        """Where the absence of a pattern is told: the wordings, else the first pattern there is."""
        patterns = [view for view in self.views.values() if view.is_pattern]
        return self.views.get(WORDS) or next(iter(patterns), None)

    @cached_property
    def turns(self) -> Turns:
        """How far a turn runs."""
        return Turns(self.views)

    @cached_property
    def given(self) -> Mapping[str, list[Mapping[str, Any]]]:
        """By flow: the slots that each call of it, or each step that goes over to it, gives it."""
        found: dict[str, list[Mapping[str, Any]]] = {}
        for view in self.views.values():
            for _, flow, slots in view.departures():
                found.setdefault(flow, []).append(slots)
        return found

    @cached_property
    def in_doubt(self) -> bool:
        """Whether anything is not known as its author meant it."""
        return not self.whole or any(view.source.doubts for view in self.views.values())

    @cached_property
    def doubtful(self) -> frozenset[str]:
        """The flows that are called by one of which something is in doubt."""
        views = [view for view in self.views.values() if any(map(decides, view.source.doubts))]
        return frozenset(flow for view in views for _, flow, _ in view.departures())

    @cached_property
    def commands(self) -> Mapping[str, tuple[str, int]]:
        """The first trigger of each command: its flow, and its place among the flow's triggers."""
        found: dict[str, tuple[str, int]] = {}
        for view in self.views.values():
            for number, trigger in enumerate(view.flow.triggers):
                if trigger.command:
                    found.setdefault(trigger.command, (view.program.id, number))
        return found

    def bare_words(self, language: str) -> Mapping[str, str]:
        """The normalised words that call a repair pattern without a slash, and which."""
        if language not in self._bare_words:
            self._bare_words[language] = {
                key: view.program.id
                for view in self.views.values()
                if view.is_pattern
                for trigger in view.flow.triggers
                if trigger.words is not None
                for each in fallbacks(language)
                for _, key in self.words_of(trigger.words, each)
            }
        return self._bare_words[language]

    @cached_property
    def every_bare_word(self) -> frozenset[str]:
        """The same in every language."""
        return frozenset[str]().union(*map(self.bare_words, self.catalogs.languages))

    def translation(self, text: Text, language: str) -> Wording | ValueError | None:
        """The text's own translation, or why it cannot be parsed; None where there is none to be used."""
        key = (text, language)
        if key not in self._wordings:
            self._wordings[key] = self._translated(text, language)
        return self._wordings[key]

    def _translated(self, text: Text, language: str) -> Wording | ValueError | None:
        found = self.catalogs.find(language, text.context, text.source)
        if found is None:
            return None
        if found == text.source:
            return text.wording
        try:
            return Wording(found)
        except (MarkdownError, ExpressionError) as error:
            return error

    def skeleton(self, source: str) -> Skeleton | None:
        """The skeleton of a source, which many texts may share."""
        if source not in self._skeletons:
            self._skeletons[source] = skeleton(source)
        return self._skeletons[source]

    def worded(self, text: Text) -> tuple[str, ...] | None:
        """A text and its translations, if it is there in every language and each is one line of words and no more."""
        if text not in self._worded:
            self._worded[text] = self._only_words(text)
        return self._worded[text]

    def _only_words(self, text: Text) -> tuple[str, ...] | None:
        found = [text.source, *(written for _, written in self.written(text) if written is not None)]
        return tuple(found) if len(found) == len(self.catalogs.languages) and are_words(found) else None

    def written(self, text: Text) -> Iterator[tuple[str, str | None]]:
        """The languages other than the source language, each with the usable translation in its own catalog."""
        found = zip(self.catalogs.languages, self.catalogs.translations(text.context, text.source), strict=True)
        next(found)
        return found

    def plain(self, text: Text, language: str) -> str:
        """A text without places as the language's speakers see it; the nearest one where it has no translation."""
        return self.shown(text)[self._numbers.get(language, 0)]

    def shown(self, text: Text) -> tuple[str, ...]:
        """The same in every language, the source language first."""
        found = self._shown.get(text)
        if found is None:
            found = self.worded(text) or tuple([self._plain(text, language) for language in self._numbers])
            self._shown[text] = found
        return found

    def _plain(self, text: Text, language: str) -> str:
        written = text.source if language == SOURCE else self.catalogs.find(language, text.context, text.source)
        if written is not None and is_words(written):
            return written
        found = self.translation(text, language) or self.translation(text, language.partition("-")[0])
        return plain((found if isinstance(found, Wording) else text.wording).document)

    def keys_of(self, option: Option) -> frozenset[str]:
        """What an option can be called in any language, normalised."""
        found = self._keys.get(option)
        if found is None:
            called = self.shown(option.synonyms) if option.synonyms is not None else ()
            labels = self.shown(option.label)
            keys = normalise_each((option.id, *labels, *split_words(",".join(called))))
            if "" in keys:
                keys += [label.strip().casefold() for label in labels]
            found = self._keys[option] = frozenset(keys)
        return found

    def words_of(self, text: Text, language: str) -> tuple[tuple[str, str], ...]:
        """The members of a comma-separated text, each as it is written and normalised."""
        key = (text, language)
        if key not in self._words:
            self._words[key] = tuple((word, normalise(word)) for word in split_words(self.plain(text, language)))
        return self._words[key]
