"""The tree is stored as JSON in the outbox, so it must survive that unchanged."""

from __future__ import annotations

import msgspec

from bot.text.nodes import Block, CodeBlock, Divider, Document, Link, List, Paragraph, Quote, Text, Var, paragraph

DOCUMENT: Document = (
    Paragraph((Text("a", bold=True), Var(0, italic=True), Link("https://example.com", (Text("b", code=True),)))),
    List(((Text("one"),), (Text("two", strike=True),)), 3),
    Quote(((Text("q"),),)),
    CodeBlock((Text("x = 1"),)),
    Divider(),
)


def test_documents_survive_json() -> None:
    """Every kind of node is read back as what it was."""
    stored = msgspec.json.encode(DOCUMENT)
    assert msgspec.json.decode(stored, type=tuple[Block, ...]) == DOCUMENT


def test_json_is_small() -> None:
    """What a node does not say takes no room."""
    assert msgspec.json.encode(paragraph("Hi")) == b'{"type":"p","children":[{"type":"t","value":"Hi"}]}'
