"""Which choice a typed reply means: a ladder of rungs, from exact to fuzzy, where the first rung with a hit decides.

1. the id, 2. the label in the conversation's language, 3. the label in any language, 4. a synonym, 5. any of these
with other spacing ("woo commerce"), 6. a number or ordinal that is the whole message, 7. the beginning of a label or
synonym, of less than three letters only if several begin with that word, or the label as a channel truncates it,
8. a label or synonym inside a sentence, or one with a typo in it.
Rungs 1 to 7 are sure when they hit one option; rung 8 never is.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache, cached_property, partial
from itertools import takewhile
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import msgspec

from bot.text.normal import least, normalise
from bot.text.ordinals import place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

Rung = Literal["id", "label", "other_label", "synonym", "spacing", "number", "beginning", "likeness"]
"""The rungs from 1 to 8, by the names that a log calls them."""

MOST_SHOWN: Final = 4
"""Options an ambiguous match names at most."""

_LETTERS: Final = 3  # fewer say too little to be the beginning of a label or a word of a sentence
_LONGEST_TYPO: Final = 80  # characters of a reply that is compared with labels letter by letter
_LONGEST_SENTENCE: Final = 8  # words of a reply whose words are looked at one by one
_LONGEST_RUN: Final = 4  # pieces of an enumeration that may be one label ("Cards, wallets and vouchers")

_SPACING: Final = re.compile("(?<![0-9]) | (?![0-9])")  # "1 6" stays apart: it may come from "1.6"
_SEPARATOR: Final = re.compile(r"[,;\n&]|(?<!\S)(?:\+|and|y|e|en|und|et)(?!\S)", re.IGNORECASE)
_APOSTROPHE: Final = re.compile("['\u2019]")
_DIGIT: Final = re.compile("[0-9]")
_DIGITS: Final = re.compile("[0-9 ]+")
_NOT_DIGITS: Final = re.compile("[^0-9]+")
_MOST_TYPOS: Final = 2
_SHORTEST_TYPO: Final = 6  # characters of a name of which one word of a sentence may be a misspelling
_LONG: Final = 8  # characters of a name in which two typos pass; in a shorter one, one
_NUMBERS: Final = re.compile(r"#?\d{1,3}[.)]?(?:\s+#?\d{1,3}[.)]?)+")


class Option(msgspec.Struct, frozen=True):
    """A choice as people may name it. `label` is in the conversation's language, `other_labels` in the other ones.

    `synonyms` begin with those of the conversation's language; those of the other languages follow.
    """

    id: str
    label: str
    other_labels: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()


class Match(msgspec.Struct, frozen=True):
    """What a reply may mean: none, one or, in the options' order, up to four ids. Only a `sure` one is taken.

    `rung` is the one that hit, if one did.
    """

    ids: tuple[str, ...]
    sure: bool
    rung: Rung | None = None


class Many(msgspec.Struct, frozen=True):
    """What an enumeration means: the sure ids in the options' order, each once, and the parts that need a question.

    `unmatched` holds parts as they were typed, `unsure` the ids each unclear part may mean.
    """

    ids: tuple[str, ...]
    unmatched: tuple[str, ...]
    unsure: tuple[tuple[str, ...], ...]


_NONE: Final = Match((), sure=False)


class _Tables(NamedTuple):
    raw: dict[str, Match]
    """By the case-folded text itself: the short way for what people type most."""
    exact: dict[str, Match]
    """By the normalised text."""
    compact: dict[str, Match]
    """By the normalised text without spaces."""


class Matcher:
    """Matches replies to the options of one question in one language. Tables are made when the first reply comes."""

    def __init__(self, options: Sequence[Option], truncated: int = 0) -> None:
        """`truncated` is the length to which the channel cuts labels, in characters; 0 if it does not."""
        self._options = tuple(options)
        self._truncated = truncated
        self._near_length: dict[tuple[int, int, bool], tuple[list[str], list[str]]] = {}

    def match(self, text: str) -> Match:
        """The option or options that `text` may mean; reads any text, never raises."""
        return self._firm(text) or self._guess(text)

    def firm(self, text: str) -> Match:
        """As `match`, but nothing is guessed (rungs 1 to 7): for questions where other words are an answer too."""
        return self._firm(text) or _NONE

    def exact(self, text: str) -> Match:
        """The options that `text` names in full (rungs 1 to 5): no number, beginning or typo counts."""
        if len(text) > self._longest and least(text) > self._longest:
            return _NONE
        key = normalise(text)
        tables = self._tables
        found = (
            tables.exact.get(key) or tables.compact.get(_compact(key))
            if key
            else tables.raw.get(text.strip().casefold())
        )
        return found or _NONE

    def match_many(self, text: str) -> Many:
        """The options that an enumeration means: the whole as one label first, then its parts."""
        sure: set[str] = set()
        unmatched: list[str] = []
        unsure: list[tuple[str, ...]] = []
        for part, match in self._parts(text):
            if match.sure:
                sure.update(match.ids)
            elif not match.ids:
                unmatched.append(part)
            elif match.ids not in unsure:
                unsure.append(match.ids)
        ids = tuple(option.id for option in self._options if option.id in sure)
        return Many(ids, tuple(unmatched), tuple(unsure))

    def _parts(self, text: str) -> Iterator[tuple[str, Match]]:
        whole = self._firm(text)
        if whole and whole.sure:
            yield text.strip(), whole
            return
        pieces = list(_pieces(text))
        start = 0
        while start < len(pieces):
            # A separator may belong to a label: the longest run of pieces that is one label wins.
            for end in range(min(start + _LONGEST_RUN, len(pieces)), start, -1):
                part = text[pieces[start][0] : pieces[end - 1][1]]
                match = self._firm(part)
                if match and match.sure:
                    yield part, match
                    break
                if end > start + 1:
                    continue
                for each in part.split() if _NUMBERS.fullmatch(part) else [part]:
                    yield each, self.match(each)
            start = end

    def _firm(self, text: str) -> Match | None:
        """Rungs 1 to 7; None if another rung may still hit."""
        raw, exact, compact = self._tables
        found = raw.get(text.strip().casefold())
        if found:
            return found
        key = normalise(text)
        if not key:
            return _NONE
        found = exact.get(key) or compact.get(_compact(key))
        if found:
            return found
        number = place(text)
        if number is not None:
            index = number - 1 if number > 0 else len(self._options) + number
            in_range = number != 0 and 0 <= index < len(self._options)
            return Match((self._options[index].id,), sure=True, rung="number") if in_range else _NONE
        return self._beginning(key)

    def _beginning(self, key: str) -> Match | None:
        """Rung 7."""
        hits = set(self._cut.get(key, ()))
        names = self._sorted_names
        first = bisect_left(names, (key, ""))
        if first < len(names) and names[first][0].startswith(key):
            begun = takewhile(lambda named: named[0].startswith(key), names[first:])
            if _letters(key) >= _LETTERS:
                hits.update(id_ for _, id_ in begun)
            elif not hits:
                # "ja", where every other label begins with "Ja,": too little to take one, enough to ask which.
                hits.update(id_ for name, id_ in begun if name.startswith(f"{key} "))
                hits = hits if len(hits) > 1 else set()
        return self._found(hits, "beginning") if hits else None

    def _guess(self, text: str) -> Match:
        """Rung 8."""
        key = normalise(text)
        apart = _APOSTROPHE.sub(" ", text)
        keys = {key} if apart == text else {key, normalise(apart)}  # "l'API" holds a word that is a label
        sentences = [f" {each} " for each in keys]
        words = {word for each in keys for word in each.split()}
        named = [each for word in words for each in self._words.get(word, ())]
        hits = {(name, id_) for id_, name in named for each in sentences if name in each}
        if hits:
            # "Magento 2" says more than the "Magento" inside it.
            longest = {id_ for name, id_ in hits if not any(name in other != name for other, _ in hits)}
            return self._found(longest, "likeness")
        return self._found(self._typos(key), "likeness")

    def _typos(self, key: str) -> set[str]:
        """The options nearest to `key` as a whole, else nearest to one of its words."""
        compact = _compact(key)
        words = key.split()
        hits = self._near(compact, 5) if len(compact) <= _LONGEST_TYPO else set()
        if not hits and len(words) <= _LONGEST_SENTENCE:
            for word in words:
                if len(word) >= _SHORTEST_TYPO - 1:
                    hits |= self._near(word, _SHORTEST_TYPO)
        return hits

    def _near(self, typed: str, shortest: int) -> set[str]:
        """The options whose name, of at least `shortest` characters, differs from `typed` by the fewest typos."""
        digits = _NOT_DIGITS.sub("", typed)
        best = _MOST_TYPOS
        ids, names = self._about(len(typed), shortest, digitless=not digits)
        hits: set[str] = set()
        for name, distance, index in _nearest()(typed, names, score_cutoff=best) if names else ():
            allowed = 2 if len(name) >= _LONG else 1
            # Another number is another thing, not a typo: "magento 1" is not "Magento 2".
            if distance > min(allowed, best) or digits != _NOT_DIGITS.sub("", name):
                continue
            best = int(distance)
            hits.add(ids[index])
        return hits

    def _about(self, length: int, shortest: int, *, digitless: bool) -> tuple[list[str], list[str]]:
        """Ids and compact names of about that length: only those can be as near, and of many names few are."""
        key = (length, shortest, digitless)
        found = self._near_length.get(key)
        if found is None:
            by_length = self._digitless if digitless else self._by_length
            lengths = range(max(shortest, length - _MOST_TYPOS), length + _MOST_TYPOS + 1)
            named = [each for near in lengths for each in by_length.get(near, ())]
            found = [id_ for id_, _ in named], [name for _, name in named]
            if named:  # which keeps few of them, however long what people write is
                self._near_length[key] = found
        return found

    def _found(self, hits: set[str], rung: Rung) -> Match:
        if not hits:
            return _NONE
        ids = [option.id for option in self._options if option.id in hits]
        return Match(tuple(ids[:MOST_SHOWN]), sure=rung != "likeness" and len(ids) == 1, rung=rung)

    @cached_property
    def _tables(self) -> _Tables:
        """Rungs 1 to 5, and of rung 6 the plain numbers."""
        tables = _Tables({}, {}, {})
        rungs: dict[Rung, list[tuple[str, tuple[str, ...]]]] = {
            "id": [(option.id, (option.id,)) for option in self._options],
            "label": [(option.id, (option.label,)) for option in self._options],
            "other_label": [(option.id, option.other_labels) for option in self._options],
            "synonym": [(option.id, option.synonyms) for option in self._options],
        }
        for rung, called in rungs.items():
            names = [(id_, text.strip().casefold(), normalise(text)) for id_, texts in called for text in texts]
            _enter(tables.exact, [(id_, key) for id_, _, key in names], rung)
            _enter(tables.compact, [(id_, _compact(key)) for id_, _, key in names], "spacing")
            # A label such as an emoji has nothing to compare but itself.
            _enter(tables.raw, [(id_, raw) for id_, raw, key in names if not key], rung)
            for _, raw, key in names:
                if key:
                    tables.raw.setdefault(raw, tables.exact[key])
        for number, option in enumerate(self._options, 1):
            if str(number) not in tables.exact and str(number) not in tables.compact:
                for form in ("{}", "{}.", "{})", "({})", "#{}", "{}\ufe0f\u20e3"):
                    tables.raw.setdefault(form.format(number), Match((option.id,), sure=True, rung="number"))
        return tables

    @cached_property
    def _longest(self) -> int:
        """Characters of the longest name, normalised."""
        return max(map(len, self._tables.exact), default=0)

    @cached_property
    def _own_names(self) -> list[tuple[str, str]]:
        """Id and normalised name, for each label in the conversation's language and each synonym."""
        return [(each.id, normalise(name)) for each in self._options for name in (each.label, *each.synonyms)]

    @cached_property
    def _sorted_names(self) -> list[tuple[str, str]]:
        """The same the other way round, in order, so that names with one beginning stand together."""
        return sorted((name, id_) for id_, name in self._own_names)

    @cached_property
    def _cut(self) -> dict[str, list[str]]:
        """The ids by a label's normalised beginning as the channel shows it: cut, or cut with an ellipsis."""
        cut: dict[str, list[str]] = {}
        for option in self._options if self._truncated > 0 else ():
            if len(option.label) > self._truncated:
                for length in (self._truncated - 1, self._truncated):
                    cut.setdefault(normalise(option.label[:length]), []).append(option.id)
        return cut

    @cached_property
    def _names(self) -> list[tuple[str, str]]:
        """Id and normalised name, for each label and synonym that a sentence may hold."""
        others = [(each.id, normalise(name)) for each in self._options for name in each.other_labels]
        return [(id_, name) for id_, name in dict.fromkeys(self._own_names + others) if _letters(name) >= _LETTERS]

    @cached_property
    def _words(self) -> dict[str, list[tuple[str, str]]]:
        """By their first word, the names between spaces, as they stand in a sentence between spaces."""
        found: dict[str, list[tuple[str, str]]] = {}
        for id_, name in self._names:
            found.setdefault(name.split()[0], []).append((id_, f" {name} "))
        return found

    @cached_property
    def _by_length(self) -> dict[int, list[tuple[str, str]]]:
        """Id and compact name, by the length of the name."""
        return _grouped((id_, _compact(name)) for id_, name in self._names)

    @cached_property
    def _digitless(self) -> dict[int, list[tuple[str, str]]]:
        """The same without digits."""
        return _grouped((id_, _DIGITS.sub("", _compact(name)).strip()) for id_, name in self._names)


def _enter(table: dict[str, Match], names: list[tuple[str, str]], rung: Rung) -> None:
    """Enter one rung of ids and keys: each key that no earlier rung has, with every option it names."""
    found: dict[str, dict[str, None]] = {}
    for id_, key in names:
        if key and key not in table:
            found.setdefault(key, {})[id_] = None
    for key, ids in found.items():
        table[key] = Match(tuple(ids)[:MOST_SHOWN], sure=len(ids) == 1, rung=rung)


def _grouped(names: Iterable[tuple[str, str]]) -> dict[int, list[tuple[str, str]]]:
    found: dict[int, list[tuple[str, str]]] = {}
    for id_, name in dict.fromkeys(names):
        found.setdefault(len(name), []).append((id_, name))
    return found


@cache
def _nearest() -> Callable[..., list[tuple[str, float, int]]]:
    """What finds the names that differ by the fewest typos, those first.

    Loading it takes longer than starting the rest of the engine, and most replies never come here.
    """
    from rapidfuzz.distance import OSA  # noqa: PLC0415
    from rapidfuzz.process import extract  # noqa: PLC0415

    return partial(extract, scorer=OSA.distance, limit=None)


def _compact(key: str) -> str:
    return _SPACING.sub("", key) if _DIGIT.search(key) else key.replace(" ", "")


def _letters(key: str) -> int:
    return sum(map(str.isalpha, key))


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Where the pieces between separators begin and end, without their outer spaces and without empty ones."""
    start = 0
    for end, following in [*(each.span() for each in _SEPARATOR.finditer(text)), (len(text), len(text))]:
        piece = text[start:end]
        if piece.strip():
            yield start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())
        start = following
