"""Commands in texts, as Slack's people can give them."""

from __future__ import annotations

import pytest
from hypothesis import given

from bot.channels.slack.commands import spelt
from bot.channels.slack.rendering import LIMIT
from bot.text.nodes import CodeBlock, Document, Link, List, Paragraph, Quote, Text, paragraph
from bot.text.plain import plain
from tests.channels.slack.documents import DOCUMENT

NAMES = ("back", "human", "language")


@pytest.mark.parametrize(
    ("text", "threaded", "expected"),
    [
        ("Write /back to correct something.", False, "Write /triage back to correct something."),
        ("Write /back to correct something.", True, "Write @Triage /back to correct something."),
        ("/human, or (/language es)", False, "/triage human, or (/triage language es)"),
        ("/backs /back-up /backup a/back https://x.example/back ./back //back", False, None),
        ("/unknown", False, None),
    ],
)
def test_a_command_is_spelt_for_slack(text: str, threaded: bool, expected: str | None) -> None:
    """By itself alone: never within an address, a path or a longer word."""
    assert plain(spelt((paragraph(text),), NAMES, threaded=threaded)) == (expected or text)


def test_everywhere_but_in_code_and_links() -> None:
    """In paragraphs, lists and quotations; code is to be copied, and a link says where it leads."""
    run = (Text("/back", bold=True),)
    code, link = CodeBlock(run), Link("https://x.example/", run)
    found = spelt((Paragraph((*run, link)), List((run,)), Quote((run,)), code), NAMES, threaded=False)
    spoken = (Text("/triage back", bold=True),)
    assert found == (Paragraph((*spoken, link)), List((spoken,)), Quote((spoken,)), code)


def test_what_would_be_too_long_stays() -> None:
    """A message that is full already keeps its words."""
    full = (paragraph("/back " + "x" * (LIMIT - 6)),)
    assert spelt(full, NAMES, threaded=False) == full


@given(DOCUMENT)
def test_without_commands_nothing_changes(document: Document) -> None:
    """Nobody's words are touched that are no command."""
    assert spelt(document, (), threaded=True) == spelt(document, NAMES, threaded=False) == document
