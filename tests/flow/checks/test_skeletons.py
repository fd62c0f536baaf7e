"""What of a text is not words: texts with the same skeleton are built alike, as the parser would say."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.flow.checks.skeletons import have_skeleton, skeleton
from bot.flow.checks.translations import differences
from bot.flow.expressions import ExpressionError
from bot.flow.texts import Wording
from bot.text.markdown import MarkdownError

PIECES = (
    *("word", "Wort", "\u00e9t\u00e9", "3", "7", " ", ".", "!", ",", "-", "(", "\n", "\n\n", "- ", "1. ", "> "),
    *(
        "*",
        "**",
        "~~",
        "`",
        "`code`",
        "[",
        "](https://a.example/b)",
        "{{ slots.a }}",
        "{{ '}}' }}",
        "{",
        "\\",
        "#",
        "~~~",
        "<",
        ">",
        ": ",
    ),
)


def built(text: str) -> Wording | None:
    """The text as it is understood; None if it is not."""
    try:
        return Wording(text)
    except (MarkdownError, ExpressionError):
        return None


@given(st.lists(st.sampled_from(PIECES), max_size=10), st.data())
@example(["**", "word", ".", "**", "word"], None)
def test_the_same_skeleton_is_built_alike(pieces: list[str], data: st.DataObject | None) -> None:
    """Whatever a text is made of: with other words of the same skeleton, the parser finds no difference."""
    source = "".join(pieces)
    words = ["word", "Wort", "\u00e9t\u00e9", "word, Wort", "word. Wort"]
    other = "".join(
        data.draw(st.sampled_from(words)) if data is not None and each in words else each for each in pieces
    )
    assume(skeleton(source) is not None and skeleton(source) == skeleton(other))
    ours, theirs = built(source), built(other)
    assert (ours is None) is (theirs is None)
    if ours is not None and theirs is not None:
        assert list(differences(ours, theirs, (), "")) == []


@given(st.lists(st.sampled_from(PIECES), max_size=6), st.lists(st.sampled_from(PIECES), max_size=6))
@example(["word"], ["5", "word"])
@example(["`", "word", "`"], ["`", "`"])
def test_skeletons_are_recognised_without_making_them(one: list[str], other: list[str]) -> None:
    """Of whatever texts, one by one or together: the short way says the same as comparing what the long way makes."""
    bones = skeleton("".join(one))
    texts = ["".join(other), "".join(one).replace("word", "W\u00f6rter, 5"), "".join(one)]
    for number in range(len(texts)):
        some = texts[number:]
        assert bones is None or have_skeleton(some, bones) == all(skeleton(text) == bones for text in some)
        assert bones is None or have_skeleton(some[:1], bones) == (skeleton(some[0]) == bones)


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("Which platform?", "Welche Plattform ist es"),
        ("**Rule 3: no live shop.** See `/why`.", "**Regel 3: kein Shop, der lebt.** Siehe `/why`."),
        ("Hello {{ user.first_name }}, welcome.", "Hallo {{ user.first_name }}, willkommen"),
        ("- one\n- two [page](https://a.example/b)", "- eins\n- zwei [Seite](https://a.example/b)"),
    ],
)
def test_translations_that_need_no_parser(source: str, translation: str) -> None:
    """Other words alone make no difference, nor does how a sentence ends."""
    assert skeleton(source) == skeleton(translation) is not None


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("Which **platform**?", "Welche Plattform?"),
        ("See `/why`", "Siehe `/warum`"),
        ("{{ slots.a }}", "{{ slots.b }}"),
        ("[page](https://a.example/b)", "[Seite](https://a.example/c)"),
        ("one\ntwo", "eins\n\nzwei"),
        ("one", "1. eins"),
        ("- one", "eins"),
        ("Which?", "# Welche?"),
    ],
)
def test_translations_that_are_looked_at(source: str, translation: str) -> None:
    """Anything else that differs does."""
    assert skeleton(source) != skeleton(translation)


def test_what_cannot_be_told() -> None:
    """A place with a quote that escapes something is left to the parser."""
    assert skeleton(r"{{ 'it\'s' }}") is None
