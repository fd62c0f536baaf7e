"""Reading `.po` files, with Babel as the judge."""

from __future__ import annotations

from io import BytesIO

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from hypothesis import given
from hypothesis import strategies as st

from bot.text.pofile import Entry, Key, PoError, entries

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
VALUES = st.text('ab \\"nrt#~{}é😀\n\t%', max_size=40) | st.text("word ", max_size=200)
SOURCES = VALUES.filter(bool)
FLAGS = st.lists(st.sampled_from(["fuzzy", "python-format", "no-wrap", "fuzzy-ish"]), max_size=2)
COMMENTS = st.lists(st.text("why: fuzzy, #~", min_size=1, max_size=30).filter(str.strip), max_size=2)
MESSAGES = st.dictionaries(
    st.tuples(st.text("abc._1", min_size=1, max_size=12), SOURCES),
    st.tuples(VALUES, FLAGS, COMMENTS, COMMENTS, st.booleans()),
    max_size=6,
)


def according_to_babel(data: bytes) -> dict[Key, Entry]:
    """The same messages as Babel reads them."""
    return {
        (message.context or "", str(message.id)): Entry(str(message.string), message.fuzzy, message.lineno or 0)
        for message in read_po(BytesIO(data), abort_invalid=True)
        if message.id
    }


def refusal(text: str) -> PoError | None:
    """The error that a text gives, if it gives one."""
    try:
        entries(text)
    except PoError as error:
        return error
    return None


@given(MESSAGES, st.sampled_from([0, 20, 76]), st.booleans())
def test_babel_reads_the_same(
    messages: dict[Key, tuple[str, list[str], list[str], list[str], bool]], width: int, windows: bool
) -> None:
    """Escapes, several lines, contexts, flags, comments and obsolete messages are read as Babel reads them."""
    catalog = Catalog("es", fuzzy=False)
    for (context, source), (translation, flags, auto_comments, user_comments, obsolete) in messages.items():
        message = catalog.add(
            source, translation, flags=flags, context=context, auto_comments=auto_comments, user_comments=user_comments
        )
        if obsolete:
            catalog.obsolete[source, context] = message
            catalog.delete(source, context)
    file = BytesIO()
    write_po(file, catalog, width=width)
    data = file.getvalue()
    if windows:
        data = data.replace(b"\n", b"\r\n")
    assert entries(data.decode()) == according_to_babel(data)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n# a comment alone",
        HEADER,
        'msgid "a"\nmsgstr "b"',
        'msgid "a"  \nmsgstr   "b"\t\n',
        'msgctxt "c"\nmsgid "a"\nmsgstr "b"\nmsgctxt "c"\nmsgid "d"\nmsgstr "e"\n',
        '#, fuzzy\n#~ msgid "a"\n#~ msgstr "b"\n\nmsgctxt "c"\nmsgid "d"\nmsgstr "e"\n',
        '#~ msgid "a"\n#~ msgstr "b"\n#,python-format,fuzzy\n#| msgid "x"\nmsgctxt "c"\nmsgid "d"\nmsgstr "e"\n',
        '# fuzzy\n#. fuzzy\n#: fuzzy:1\n#, fuzzy-ish\n\n \nmsgctxt "c"\nmsgid "d"\nmsgstr "e"\n#, fuzzy\n',
        'msgid "a"\nmsgstr "\\\\n\\n\\"\\\\\\"\\t\\r\\\\\\\\"\n',
        'msgid ""\n"a\\""  \n"b"\nmsgstr ""\n"\\"\\n"\n""\n"c"\n',
    ],
)  # fmt: skip
def test_babel_reads_the_same_by_hand(text: str) -> None:
    """What people write by hand is read as Babel reads it, too."""
    assert entries(text) == according_to_babel(text.encode())


def test_lines_are_those_of_the_msgid() -> None:
    """An entry knows where it stands."""
    found = entries(HEADER + 'msgctxt "a"\nmsgid ""\n"b"\nmsgstr "c"\n\n\n#, fuzzy\nmsgid "d"\nmsgstr ""\n')
    assert found == {("a", "b"): Entry("c", line=6), ("", "d"): Entry("", fuzzy=True, line=12)}


def test_usable_translations() -> None:
    """A translation is used when it is there and nobody doubts it."""
    assert Entry("a").usable
    assert not Entry("").usable
    assert not Entry("a", fuzzy=True).usable


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('msgid "a"\n', 2, "msgstr is missing here"),
        ('msgid "a"', 1, "msgstr is missing here"),
        ('msgid "a"\n\nmsgid "b"\n', 2, "msgstr is missing here"),
        ('msgid "a"\nmsgctxt "b"\n', 2, "msgstr is missing here"),
        ('msgid "a"\n# why\nmsgstr "b"\n', 2, "msgstr is missing here"),
        ('msgctxt "a"\nmsgstr "b"\n', 2, "msgid is missing here"),
        ('\nmsgstr "b"\n', 2, "msgctxt or msgid is missing here"),
        ('"b"\n', 1, "msgctxt or msgid is missing here"),
        ('msgid "a"\nmsgstr "b"\n\n"c"\n', 4, "msgctxt or msgid is missing here"),
        ('msgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\n', 2, "plural forms are not used"),
        ('msgid "a"\nmsgstr[0] "c"\n', 2, "plural forms are not used"),
        ('msgid "a"\nmsgstr "say "hi""\n', 2, r'write \\" for a quote'),
        ('msgid "a"\nmsgstr ""\n"b\n', 3, "put the text in quotes"),
        ('msgid "a\\x"\nmsgstr ""\n', 1, r"\\\\ for a backslash"),
        ("msgid a\nmsgstr b\n", 1, "put the text in quotes"),
        ('msgid"a"\nmsgstr "b"\n', 1, "put the text in quotes"),
        ('<<<<<<< ours\nmsgid "a"\nmsgstr "b"\n', 1, "start this line with msgctxt or msgid, a quote or #"),
        ('msgid "a"\nnonsense\n', 2, "start this line with msgstr"),
        (' msgid "a"\nmsgstr "b"\n', 1, "start this line with msgctxt or msgid"),
        ('msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"\n', 4, "already on line 1"),
        ('msgctxt "a"\nmsgid ""\nmsgstr "b"\n', 2, "this msgid is empty"),
        (HEADER.replace("UTF-8", "iso-8859-1"), 1, "the charset is iso-8859-1: save the file as UTF-8"),
    ],
)
def test_broken_files_are_refused(text: str, line: int, message: str) -> None:
    """The error says what to do and names the line."""
    with pytest.raises(PoError, match=message) as caught:
        entries(text)
    assert (caught.value.line, caught.value.message) == (line, str(caught.value))


@given(
    st.lists(
        st.sampled_from(['msgctxt "a"\n', 'msgid "b"\n', 'msgstr "c"\n', '"d"\n', "msgid", " ", '"', "\\", "#~", "\n"])
    )
)
def test_any_file_is_read_or_refused(pieces: list[str]) -> None:
    """However broken a file is, the answer is its entries, or a message about one of its lines."""
    text = "".join(pieces)
    refused = refusal(text)
    assert refused is None or (refused.message and 1 <= refused.line <= text.count("\n") + 1)
