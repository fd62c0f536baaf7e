"""What the author of a script reads about a turn that went wrong."""

from __future__ import annotations

from textwrap import dedent

from bot.scripts.report import explain
from bot.scripts.runner import play
from tests.scripts.sample import sheet, shop

SCRIPT = """\
cases:
  - case: a case
    flow: shop
    turns:
      - user: x
      - {tap: [red, colour.blue], at: size, slots: {colour: blue}}
      - wait: 25h
        bot: Hm
"""


def report(number: int) -> str:
    """The report on a turn of the script."""
    written = sheet(SCRIPT)
    found = list(play(shop(), written.script.cases[0], "telegram"))[number]
    return explain(written, "shop.flowtest.yaml", 0, "telegram", number, found.heard, found.failures)


def test_place_deed_failures_and_what_was_said() -> None:
    """The first line can be clicked on; below stand all failures, the bot's words and its buttons."""
    assert report(1) == dedent("""\
        shop.flowtest.yaml:6: telegram: tap: [red, colour.blue]

          at: expected 'size', found 'pattern_change.ask'
          slots: colour: expected 'blue', found 'red'

          The bot said, active at pattern_change.ask:

            Which size?
            · · ·
            You have answered this question already.

            Red

            Do you want to change that answer?

            [Yes] [No]""")


def test_exact_words_are_not_told_twice() -> None:
    """Where the words themselves are compared, they stand in the comparison, and a hint how to take them over."""
    assert report(2) == dedent("""\
        shop.flowtest.yaml:7: telegram: wait: 25h

          bot: the texts differ (- expected, + found)
            - Hm

          `--update` takes the new text""")
