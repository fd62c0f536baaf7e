"""`--update` changes the texts of `bot:` and not one byte else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.scripts.expectations import spoken
from bot.scripts.model import read_script
from bot.scripts.rewriting import UnwritableError, rewrite
from tests.searching import examples

HEAD = "# a comment\ncases:\n- case: 'c'   # another\n  flow: shop\n  turns:\n"


def put(turn: str, *said: str) -> str:
    """The turn as it stands in the file after the bot said other words."""
    before = HEAD + turn + "  - {user:   y}  # the rest\n"
    after = rewrite(before.encode(), {(0, 0): said}).decode()
    assert after.startswith(HEAD)
    assert after.endswith("  - {user:   y}  # the rest\n")
    return after[len(HEAD) : -len("  - {user:   y}  # the rest\n")]


@pytest.mark.parametrize(
    ("turn", "said", "written"),
    [
        # one line for one line, in whatever manner it can be written
        ("  - {user: x, bot: Hello, at: a}\n", ["Bye"], "  - {user: x, bot: Bye, at: a}\n"),
        ("  - {user: x, bot: 'Hello', at: a}\n", ["Bye, now"], '  - {user: x, bot: "Bye, now", at: a}\n'),
        ("  - user: x\n    bot: Hello  # why\n", ["12"], '  - user: x\n    bot: "12"  # why\n'),
        ("  - user: x\n    bot: Hello\n    at: a\n", ["a: b"], '  - user: x\n    bot: "a: b"\n    at: a\n'),
        ("  - user: x\n    bot: Hello\n", ["true"], '  - user: x\n    bot: "true"\n'),
        # several lines become a block, but not inside of braces
        ("  - user: x\n    bot: Hello\n", ["A\n\nB"], "  - user: x\n    bot: |\n      A\n\n      B\n"),
        ("  - {user: x, bot: Hello}\n", ["A\nB"], '  - {user: x, bot: "A\\nB"}\n'),
        # a block keeps its indent, its comment and what follows it
        (
            "  - user: x\n    bot: |  # said\n        A\n\n        B\n\n    # next\n    at: a\n",
            ["C\nD"],
            "  - user: x\n    bot: |  # said\n        C\n        D\n\n    # next\n    at: a\n",
        ),
        ("  - user: x\n    bot: |-\n      A\n      B\n", ["C"], "  - user: x\n    bot: C\n"),
        ("  - user: x\n    bot: >\n      A\n      B\n", ["C\nD"], "  - user: x\n    bot: |\n      C\n      D\n"),
        # of a list only what differs is touched
        ("  - {user: x, bot: [A,  'B' ]}\n", ["A", "C"], "  - {user: x, bot: [A,  C ]}\n"),
        (
            "  - user: x\n    bot:\n    - 'A'\n    # between\n    -   B\n    at: a\n",
            ["A", "C\nD"],
            "  - user: x\n    bot:\n    - 'A'\n    # between\n    -   |\n      C\n      D\n    at: a\n",
        ),
        # another number of messages
        (
            "  - user: x\n    bot: A\n    at: a\n",
            ["A", "B\nC"],
            "  - user: x\n    bot:\n      - A\n      - |\n        B\n        C\n    at: a\n",
        ),
        ("  - user: x\n    bot:\n      - A\n      - B\n    at: a\n", ["C"], "  - user: x\n    bot: C\n    at: a\n"),
        (
            "  - user: x\n    bot:  # all\n      - A\n      - B\n    at: a\n",
            ["C"],
            "  - user: x\n    bot:  # all\n      C\n    at: a\n",
        ),
        ("  - user: x\n    bot: [A, B]\n", [], "  - user: x\n    bot: []\n"),
        ("  - {user: x, bot: [A]}\n", ["A", "B C"], "  - {user: x, bot: [A, B C]}\n"),
        ("  - {bot: [], user: x}\n", ["A"], "  - {bot: A, user: x}\n"),
        ("  - user: x\n    bot:\n", ["A"], "  - user: x\n    bot: A\n"),
        ('  - {user: x, "bot": ""}\n', [" A"], '  - {user: x, "bot": " A"}\n'),
    ],
)  # fmt: skip
def test_only_the_texts_change(turn: str, said: list[str], written: str) -> None:
    """Comments, quotes, spaces and order stay; a text is written the way its place allows."""
    assert put(turn, *said) == written


def test_line_breaks_and_a_byte_order_mark_stay() -> None:
    """A file from Windows stays one."""
    before = "\ufeffcases:\r\n- case: c\r\n  flow: shop\r\n  turns:\r\n  - user: x\r\n    bot: A\r\n"
    after = rewrite(before.encode(), {(0, 0): ["B\nC"]}).decode()
    assert after == before.replace("bot: A", "bot: |\r\n      B\r\n      C")


def test_several_turns_at_once() -> None:
    """Earlier changes do not shift later ones."""
    before = HEAD + "  - {user: x, bot: A}\n  - {user: y, bot: B}\n"
    after = rewrite(before.encode(), {(0, 0): ["A longer text"], (0, 1): ["C"]}).decode()
    assert after == HEAD + "  - {user: x, bot: A longer text}\n  - {user: y, bot: C}\n"


@pytest.mark.parametrize(
    "turn",
    [
        "  - {user: x, at: a}\n",  # nothing is expected to be said
        "  - {user: &a x, bot: *a}\n",  # the text is that of another key
        "  - {user: x, bot: &a A}\n  - {user: y, bot: *a}\n",  # the text is that of another turn, too
    ],
)
def test_what_cannot_be_changed_alone_is_left(turn: str) -> None:
    """Nothing is written where anything else would change with it."""
    with pytest.raises(UnwritableError):
        rewrite((HEAD + turn).encode(), {(0, 0): ["B"]})


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co", "Zl", "Zp"], include_characters="\n")).map(
    lambda text: text.rstrip("\n")
)


@given(
    turn=st.sampled_from(
        [
            "  - {user: x, bot: A}\n",
            "  - {bot: [A, 'B'], user: x}\n",
            "  - user: x\n    bot: A\n",
            "  - user: x\n    bot: |\n      A\n      B\n    at: a\n",
            "  - user: x\n    bot:\n      - A\n      - |\n        B\n        C\n",
        ]
    ),
    said=st.lists(TEXTS, max_size=3),
)
@settings(max_examples=examples(50))
def test_whatever_is_said_is_read_again(turn: str, said: list[str]) -> None:
    """Any text can be written in any place, and reads as it was; writing it again changes nothing."""
    before = (HEAD + turn + "  - {user: y}\n").encode()
    after = rewrite(before, {(0, 0): said})
    found, problems = read_script(after, "a.flowtest.yaml")
    assert problems == ()
    assert found is not None
    assert spoken(found.script.cases[0].turns[0].bot) == said
    assert rewrite(after, {(0, 0): said}) == after
