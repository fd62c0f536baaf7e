"""Loading: which files count, what overrides what, and that nothing in them can stop the loader or a running bot."""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING

import pytest

from bot.flow.library import Library
from bot.flow.loader import Layers, load
from bot.flow.problems import FlowError
from tests.flow.made import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from bot.flow.loader import Loaded

GOOD = "flow: {0}\nversion: 1\ntitle: {1}\nsteps: [{{id: a, say: A}}]\n"
PO = 'msgctxt "a.title"\nmsgid "A"\nmsgstr "Una A"\n'


def write(folder: Path, name: str, text: str | bytes) -> Path:
    """A file below the folder."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def found(loaded: Loaded) -> dict[str, str]:
    """The title of each flow, by its id."""
    return {source.flow.flow: source.flow.title.source for source in loaded.sources}


def codes(loaded: Loaded) -> list[tuple[str, str]]:
    """Code and file name of each problem."""
    return [(problem.code, problem.file.rpartition(os.sep)[2]) for problem in loaded.problems]


def test_the_shipped_flows_and_catalogs() -> None:
    """What the product comes with can be loaded, all of it."""
    loaded = load([ROOT / "flows"], ROOT / "locales")
    assert loaded.problems == ()
    assert {"help_us_help_you", "rules", "pattern_words", "pattern_human"} <= found(loaded).keys()
    assert loaded.catalogs.languages[0] == "en"
    assert len(loaded.catalogs.languages) == 1 + len(list((ROOT / "locales").glob("*/LC_MESSAGES/messages.po")))
    assert isinstance(loaded.library(), Library)


def test_a_folder_with_everything_below_it(tmp_path: Path) -> None:
    """Both endings, several flows in a file, folders in folders; nothing else is looked at."""
    write(tmp_path, "a.yaml", GOOD.format("a", "A") + "---\n" + GOOD.format("b", "B"))
    write(tmp_path, "deep/er/c.yml", GOOD.format("c", "C"))
    write(tmp_path, "notes.txt", "not: [yaml")
    write(tmp_path, "desk.yaml", "undo: 9s")
    write(tmp_path, "a.yaml~", "not: [yaml")
    (tmp_path / "folder.yaml").mkdir()
    loaded = load([tmp_path])
    assert found(loaded) == {"a": "A", "b": "B", "c": "C"}
    assert codes(loaded) == []
    assert [source.file for source in loaded.sources] == [str(tmp_path / "a.yaml")] * 2 + [
        str(tmp_path / "deep" / "er" / "c.yml")
    ]


def test_hidden_files_are_not_flows(tmp_path: Path) -> None:
    """A ConfigMap of Kubernetes shows each file as a link into a hidden folder, where it is a second time."""
    write(tmp_path, "..2026_01_05/a.yaml", GOOD.format("a", "A"))
    write(tmp_path, ".git/b.yaml", "not: [yaml")
    write(tmp_path, "._a.yaml", b"\x00\x05\x16\x07")
    (tmp_path / "..data").symlink_to(tmp_path / "..2026_01_05", target_is_directory=True)
    (tmp_path / "a.yaml").symlink_to(tmp_path / "..data" / "a.yaml")
    loaded = load([tmp_path])
    assert (found(loaded), codes(loaded)) == ({"a": "A"}, [])


def test_a_folder_below_a_hidden_one(tmp_path: Path) -> None:
    """Where the folder itself stands does not matter."""
    write(tmp_path, ".venv/flows/a.yaml", GOOD.format("a", "A"))
    assert found(load([tmp_path / ".venv" / "flows"])) == {"a": "A"}


def test_a_file_of_any_name(tmp_path: Path) -> None:
    """Who names a file means it."""
    assert found(load([write(tmp_path, ".flow", GOOD.format("a", "A"))])) == {"a": "A"}


def test_a_later_path_overrides_an_earlier_one(tmp_path: Path) -> None:
    """A deployment replaces a shipped pattern by one of the same id; the place of the file does not matter."""
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    write(ours, "x.yaml", GOOD.format("a", "Ours") + "---\n" + GOOD.format("b", "B"))
    write(theirs, "y.yaml", GOOD.format("a", "Theirs"))
    loaded = load([ours, theirs])
    assert (found(loaded), codes(loaded)) == ({"a": "Theirs", "b": "B"}, [])
    assert found(load([theirs, ours]))["a"] == "Ours"


def test_an_override_that_is_broken(tmp_path: Path) -> None:
    """It is not taken for what it is to override: there is a problem, so the flows are not used at all."""
    ours = write(tmp_path, "ours.yaml", GOOD.format("a", "Ours"))
    theirs = write(tmp_path, "theirs.yaml", "flow: a\nversion: 1\nsteps: []\n")
    loaded = load([ours, theirs])
    assert [code for code, _ in codes(loaded)] == ["missing-key", "bad-value"]
    with pytest.raises(FlowError):
        loaded.library()


def test_two_flows_of_one_id(tmp_path: Path) -> None:
    """In one folder that is a mistake; the message names the other file."""
    first = write(tmp_path, "a.yaml", GOOD.format("a", "A"))
    write(tmp_path, "b.yaml", "# a comment\n" + GOOD.format("a", "B"))
    (problem,) = load([tmp_path]).problems
    assert (problem.code, problem.severity, problem.line, problem.column) == ("duplicate-flow", "error", 2, 7)
    assert str(first) in problem.message


def test_nothing_to_load(tmp_path: Path) -> None:
    """An empty folder, and a path that leads nowhere."""
    for path in (tmp_path, tmp_path / "nobody", tmp_path / "nobody.yaml"):
        assert [code for code, _ in codes(load([path]))] == ["no-flows"]


def test_a_conversation_script_is_no_flow(tmp_path: Path) -> None:
    """Whoever names one learns what to do with it, and not what a flow needs."""
    (problem,) = load([write(tmp_path, "a.flowtest.yaml", "cases: []\n")]).problems
    assert (problem.code, problem.hint) == ("no-flows", "play it with `triage test`")
    assert codes(load([])) == []


def test_what_the_system_does_not_let_us_read(tmp_path: Path) -> None:
    """Each is a problem of that file; the others are read."""
    write(tmp_path, "a.yaml", GOOD.format("a", "A"))
    (tmp_path / "b.yaml").symlink_to(tmp_path / "gone.yaml")
    (tmp_path / "c.yaml").symlink_to(tmp_path / "c.yaml")
    loaded = load([tmp_path])
    assert found(loaded) == {"a": "A"}
    assert codes(loaded) == [("unreadable", "b.yaml"), ("unreadable", "c.yaml")]


def test_a_path_that_cannot_be_looked_at(tmp_path: Path) -> None:
    """No name stops the loader; newer Pythons say of a name that is too long that there is no such file."""
    for name in ("a" * 5000, "a\0b"):
        (problem,) = load([tmp_path / name]).problems
        assert problem.code in {"unreadable", "no-flows"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty-document"),
        (b"- a\n", "not-a-mapping"),
        (b"flow: [", "yaml-syntax"),
        (b"\xff\xfe\x00", "not-utf8"),
        (b"\x00" * 100, "control-character"),
        (b"flow: a\nflow: b\n", "duplicate-key"),
        (GOOD.format("a", "{{ nobody }}").encode(), "unquoted-template"),
        (GOOD.format("a", "'{{ nobody }}'").encode(), "bad-expression"),
        (GOOD.format("A", "A").encode(), "bad-value"),
    ],
)
def test_a_broken_file_does_not_hide_the_others(tmp_path: Path, data: bytes, code: str) -> None:
    """Its problems are told with its name, and everything else is still read."""
    write(tmp_path, "broken.yaml", data)
    write(tmp_path, "good.yaml", GOOD.format("good", "Good"))
    loaded = load([tmp_path])
    assert "good" in found(loaded)
    assert (code, "broken.yaml") in codes(loaded)
    assert {file for _, file in codes(loaded)} == {"broken.yaml"}


def test_a_broken_file_leaves_the_library_in_force(tmp_path: Path) -> None:
    """Who reloads keeps what there is until the files are sound: a library is made whole or not at all."""
    file = write(tmp_path, "a.yaml", GOOD.format("a", "Before"))
    library = load([tmp_path]).library()
    for broken in ("flow: a\nversion: 1\n", GOOD.format("a", "After") + "---\n" + GOOD.format("b", "# Heading")):
        file.write_text(broken)
        with pytest.raises(FlowError) as refused:
            library = load([tmp_path]).library()
        assert refused.value.problems
        assert library.programs["a"].flow.title.source == "Before"
    file.write_text(GOOD.format("a", "After"))
    library = load([tmp_path]).library()
    assert library.programs["a"].flow.title.source == "After"


def test_kept_flows(tmp_path: Path) -> None:
    """The older versions that the store kept go into the library."""
    file = write(tmp_path, "a.yaml", GOOD.format("a", "A"))
    old = load([tmp_path]).sources[0].flow
    file.write_text(GOOD.format("a", "A").replace("id: a", "id: b"))
    library = load([tmp_path]).library(kept=[old])
    assert library.programs["a"].first == "b"
    kept = library.pinned("a", Library([old], library.catalogs).programs["a"].hash)
    assert kept is not None
    assert kept.first == "a"


def test_catalogs(tmp_path: Path) -> None:
    """Every language that has a folder; without a folder of languages there is only the source."""
    write(tmp_path, "flows/a.yaml", GOOD.format("a", "A"))
    write(tmp_path, "locales/es/LC_MESSAGES/messages.po", PO)
    loaded = load([tmp_path / "flows"], tmp_path / "locales")
    assert loaded.catalogs.languages == ("en", "es")
    assert loaded.catalogs.get("es", "a.title", "A") == "Una A"
    assert load([tmp_path / "flows"]).catalogs.languages == ("en",)


PT_PO = PO.replace("Una A", "Um A")


def test_catalogs_in_layers(tmp_path: Path) -> None:
    """A later folder overrides single messages of those before; what is lowest fills in and adds no language."""
    write(tmp_path, "flows/a.yaml", GOOD.format("a", "A"))
    own = PO.replace("Una A", "Otra A") + '\nmsgctxt "a.x"\nmsgid "X"\nmsgstr ""\n'
    below = PO + '\nmsgctxt "a.x"\nmsgid "X"\nmsgstr "Equis"\n'
    one = write(tmp_path, "one/es/LC_MESSAGES/messages.po", below).parents[2]
    write(tmp_path, "one/pt/LC_MESSAGES/messages.po", PT_PO)
    two = write(tmp_path, "two/es/LC_MESSAGES/messages.po", own).parents[2]
    catalogs = load([tmp_path / "flows"], Layers((one, two))).catalogs
    assert catalogs.languages == ("en", "es", "pt")
    assert [catalogs.get(*each) for each in (("es", "a.title", "A"), ("es", "a.x", "X"), ("pt", "a.title", "A"))] == [
        *("Otra A", "Equis", "Um A")
    ]
    filled = load([tmp_path / "flows"], Layers((two,), beneath=one)).catalogs
    assert filled.languages == ("en", "es")
    assert (filled.get("es", "a.title", "A"), filled.get("es", "a.x", "X")) == ("Otra A", "Equis")
    missing = load([tmp_path / "flows"], Layers((one, tmp_path / "nobody")))
    assert (codes(missing), missing.catalogs.languages) == ([("unreadable", "nobody")], ("en", "es", "pt"))


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("es/LC_MESSAGES/messages.po", 'msgid "a"\nmsgstr a\n', "bad-catalog"),
        ("es/LC_MESSAGES/messages.po", b'msgid "\xff"\n', "bad-catalog"),
        ("spanish/LC_MESSAGES/messages.po", PO, "bad-catalog"),
        ("es/LC_MESSAGES/messages.po/x", "", "unreadable"),
    ],
)
def test_a_broken_catalog(tmp_path: Path, name: str, data: str | bytes, code: str) -> None:
    """It is a problem like any other, with the name of the catalog, and the flows are read all the same."""
    write(tmp_path, "flows/a.yaml", GOOD.format("a", "A"))
    write(tmp_path, f"locales/{name}", data)
    loaded = load([tmp_path / "flows"], tmp_path / "locales")
    assert codes(loaded) == [(code, "messages.po")]
    assert found(loaded) == {"a": "A"}
    assert loaded.catalogs.languages == ("en",)


def test_a_folder_of_catalogs_that_is_not_there(tmp_path: Path) -> None:
    """Who names one means it: nobody should find out from a merchant that all texts are English."""
    write(tmp_path, "flows/a.yaml", GOOD.format("a", "A"))
    assert codes(load([tmp_path / "flows"], tmp_path / "locale")) == [("unreadable", "locale")]


def test_the_collector_of_garbage_is_as_before(tmp_path: Path) -> None:
    """It pauses while files are read, whatever is in them, and is then as its owner wants it: also what is frozen."""
    write(tmp_path, "a.yaml", "a: [")
    gc.freeze()
    frozen = gc.get_freeze_count()
    assert gc.isenabled()
    load([tmp_path])
    assert gc.isenabled()
    assert gc.get_freeze_count() > frozen / 2
    gc.disable()
    try:
        load([tmp_path])
        assert not gc.isenabled()
    finally:
        gc.enable()
