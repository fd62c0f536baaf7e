"""Rich text of every shape, with words as nasty as people can write them."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.text.nodes import CodeBlock, Divider, Link, List, Paragraph, Quote, Text

NASTY = (
    "<!channel>", "<!here|here>", "<@U123ABC>", "<#C123|general>", "<https://evil.example|bank>", "<mailto:a@b.c>",
    "*bold*", "_it_", "~no~", "`code`", "```pre```", "> quote", "&lt;!channel&gt;", "&amp;", ":smile:", "@here",
    "👩‍👩‍👧", "https://evil.example", "\n", " ", "",
)  # fmt: skip
WORDS = st.lists(st.sampled_from(NASTY) | st.text(max_size=20), max_size=3).map("".join)
STYLED = st.builds(Text, WORDS, st.booleans(), st.booleans(), st.booleans(), st.booleans())
URL = "https://help.example/a?b=c"
LINK = st.builds(lambda text: Link(URL, (text,)), STYLED)
INLINES = st.lists(STYLED | LINK, max_size=4).map(tuple)
SEVERAL = st.lists(INLINES, min_size=1, max_size=3).map(tuple)
BLOCK = st.one_of(
    st.builds(Paragraph, INLINES),
    st.builds(List, SEVERAL, st.none() | st.integers(1, 3)),
    st.builds(Quote, SEVERAL),
    st.builds(lambda text: CodeBlock((text,)), STYLED),
    st.just(Divider()),
)
DOCUMENT = st.lists(BLOCK, max_size=5).map(tuple)
