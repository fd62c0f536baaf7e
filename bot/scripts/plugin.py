"""A pytest plugin that collects `*.flowtest.yaml`: one test for each case and channel.

Settings, in pytest's own configuration: `triage_flows`, files and folders of flows, and `triage_locales`, the folder of
translations; by default `flows` and `locales` beside the configuration. Flow files in a script's own folder come along.
`--update` writes what the bot says now into the `bot:` texts of the scripts instead of comparing them.

The engine is loaded with the first script that is found: a fault in it fails tests, and does not keep pytest from
running.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.scripts import SUFFIX

if TYPE_CHECKING:
    from pathlib import Path


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the settings."""
    parser.addini("triage_flows", "flow files and folders that scripts talk to", type="paths", default=[])
    parser.addini("triage_locales", "folder of their translations", default="locales")


@pytest.hookimpl(trylast=True)
def pytest_load_initial_conftests(parser: pytest.Parser) -> None:
    """Add --update, unless someone has: a conftest may do so later than plugins are loaded, and may not do it twice."""
    if not hasattr(parser.parse_known_args([]), "update"):
        parser.addoption("--update", action="store_true", help="rewrite scripts with what the bot says now")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Take files by their name."""
    if not file_path.name.endswith(SUFFIX):
        return None
    from bot.scripts.items import ScriptFile  # noqa: PLC0415

    return ScriptFile.from_parent(parent, path=file_path)
