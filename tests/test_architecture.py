"""The plan of the house, held to: who imports whom, what the pure floors may do, how modules and tests look."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
MODULES = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in (ROOT / "bot").rglob("*.py")}
MAX_LINES = 399

PURE_ROOMS = ("text", "guard", "chat", "flow", "engine", "desk", "conversation")  # floors 1 to 5
READERS = ("bot.text.catalogs.read", "bot.flow.loader")  # where these floors meet files: catalogs and flows
CLOCK = re.compile(r"(.*\.)?((datetime|date)\.(now|utcnow|today)|time\.(time|time_ns|monotonic|perf_counter|sleep))")
FILES = re.compile(r"open|print|input|.*\.(read_text|read_bytes|write_text|write_bytes|iterdir|rglob)", re.DOTALL)
WAITING = (ast.AsyncFunctionDef, ast.AsyncFor, ast.AsyncWith, ast.Await)

DISPATCHERS = re.compile(r"telegram\.ext\b|slack_bolt\.(oauth|lazy_listener|listener|workflows)|slack_sdk\.oauth")
"""What acknowledges before it has kept anything, fails in silence, or holds in memory or in clear what is ours."""
LISTENERS = {"event", "message", "action", "command", "shortcut", "options", "view", "function", "step", "use", "error"}

FOREIGN = re.compile(r"pypi\.org|pythonhosted\.org|npmjs\.org|index-ur[l]|find-link[s]|[/]work[/]|[/]root[/]")
WORDS = {".cfg", ".json", ".md", ".po", ".py", ".toml", ".txt", ".yaml", ".yml", ""}


@cache
def parsed(path: Path) -> ast.Module:
    """A file of Python, as it stands now."""
    return ast.parse(path.read_text("utf-8"))


def impurities(tree: ast.Module, module: str) -> Iterator[str]:
    """What a module does that floors 1 to 5 may not: wait, read a clock, or, but for the READERS, touch files."""
    for statement in tree.body:
        place = f"{module}.{getattr(statement, 'name', '')}."
        may_read = any(place.startswith(f"{reader}.") for reader in READERS)
        for node in ast.walk(statement):
            if isinstance(node, WAITING):
                yield f"{module}:{node.lineno}: {type(node).__name__}"
            elif isinstance(node, ast.Attribute) or (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                name = ast.unparse(node.func if isinstance(node, ast.Call) else node)
                if CLOCK.fullmatch(name) or (FILES.fullmatch(name) and not may_read):
                    yield f"{module}:{node.lineno}: {name}"


def functions(tree: ast.Module) -> Iterator[ast.stmt]:
    """What stands at the top of a file, and in its classes."""
    for each in tree.body:
        yield from each.body if isinstance(each, ast.ClassDef) else (each,)


def visible_files() -> Iterator[Path]:
    """The files of the project that hold words, without what tools made."""
    for path in ROOT.rglob("*"):
        folders = path.relative_to(ROOT).parts[:-1]
        made = any((each.startswith(".") and each != ".ci") or each.endswith(("__", ".egg-info")) for each in folders)
        if not made and path.suffix in WORDS and path.is_file() and path.name != ".git":
            yield path


def test_floors_hold() -> None:
    """The import contracts of pyproject.toml are kept, which includes that every room has a floor."""
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([command, "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_pure_room_is_under_the_contract() -> None:
    """No room of floors 1 to 5 is forgotten in the contract that keeps the world out of them."""
    options = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    (listed,) = (set(each["source_modules"]) for each in options["contracts"] if each["id"] == "pure")
    existing = {f"bot.{room}" for room in PURE_ROOMS} & {".".join(name.split(".")[:2]) for name in MODULES}
    assert listed == existing


def test_pure_floors_do_no_io() -> None:
    """Floors 1 to 5 wait for nothing, read no clock and touch no file: time and texts come in as arguments."""
    pure = {name: path for name, path in MODULES.items() if name.split(".")[1] in PURE_ROOMS}
    assert [fault for name, path in pure.items() for fault in impurities(parsed(path), name)] == []


@pytest.mark.parametrize(
    ("source", "module", "faults"),
    [
        ("from datetime import datetime\nx = datetime.now(UTC)", "bot.engine.x", 1),
        ("import datetime as dt\nclock = dt.datetime.utcnow", "bot.engine.x", 1),
        ("def f(p):\n  return p.read_bytes()", "bot.flow.x", 1),
        ("print(open('x'))", "bot.guard.x", 2),
        ("async def f(x):\n  await x", "bot.chat.x", 2),
        ("def read(p):\n  return p.read_bytes()", "bot.text.catalogs", 0),
        ("def reader(p):\n  return p.read_bytes()", "bot.text.catalogs", 1),
        ("def load(p):\n  return date.today(), p.read_bytes()", "bot.flow.loader", 1),
        ("def f(now: datetime):\n  return now.date(), case.open()", "bot.desk.x", 0),
    ],
)
def test_impurities_are_seen(source: str, module: str, faults: int) -> None:
    """The check above finds clocks, files and waiting where they are forbidden, and nothing where they are not."""
    assert len(list(impurities(ast.parse(source), module))) == faults


def test_modules_are_small_and_say_what_they_are() -> None:
    """Each module of the bot has a docstring and stays short enough to read in one sitting."""
    long = [name for name, path in MODULES.items() if len(path.read_text("utf-8").splitlines()) > MAX_LINES]
    assert long == []
    assert [name for name, path in MODULES.items() if not ast.get_docstring(parsed(path))] == []


def test_tests_say_what_they_prove() -> None:
    """Each test function has a docstring."""
    silent = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {node.name}"
        for path in (ROOT / "tests").rglob("test_*.py")
        for node in functions(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


def test_no_library_keeps_or_hands_out_what_comes() -> None:
    """No dispatcher, queue, store or listener of the platforms' libraries is used: all of it is ours."""
    channels = {name: parsed(path) for name, path in MODULES.items() if name.startswith("bot.channels")}
    nodes = [(name, node) for name, tree in channels.items() for node in ast.walk(tree)]
    imported = [
        f"{name}: {each}"
        for name, node in nodes
        if isinstance(node, ast.Import | ast.ImportFrom)
        for each in [getattr(node, "module", None) or "", *(alias.name for alias in node.names)]
        if DISPATCHERS.match(each)
    ]
    listening = [
        f"{name}:{node.lineno}"
        for name, node in nodes
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "app" and node.attr in LISTENERS
    ]
    assert imported == listening == []


def test_no_file_names_a_machine() -> None:
    """No file names the host of a package index or a folder of the machine it was written on."""
    found = {
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in visible_files()
        for match in FOREIGN.finditer(path.read_text("utf-8"))
    }
    assert found == set()


def test_no_possessive_group_is_used() -> None:
    """Python before 3.11.4 matches a possessive group wrongly, so repeated groups are ordinary ones."""
    sources = (path for path in (ROOT / "bot").rglob("*.py"))
    assert [str(path) for path in sources if re.search(r"\)[*+?]\+|\(\?>", path.read_text("utf-8"))] == []


def test_nothing_swallows_a_cancellation() -> None:
    """`asyncio.wait_for` of Python 3.11 loses one that comes as it ends: `asyncio.timeout` is used in its place."""
    assert [name for name, path in MODULES.items() if "wait_for(" in path.read_text("utf-8")] == []
