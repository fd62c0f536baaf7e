"""Databases that keep what they are given, and such as do not."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from bot.cli.doctor import database
from bot.store.postgres import server

if TYPE_CHECKING:
    from pathlib import Path

    from bot.cli.doctor.findings import Finding

pytestmark = pytest.mark.anyio
FIRM = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}


def states(findings: list[Finding]) -> list[str]:
    """How they are."""
    return [each.state for each in findings]


async def test_a_file(tmp_path: Path) -> None:
    """It is made, written to and looked at; nothing is left in it."""
    findings = await database.examine(f"sqlite:///{tmp_path}/triage.db")
    assert "wrong" not in states(findings)
    assert any("WAL, synchronous=FULL" in each.words for each in findings)
    assert any("the disk " in each.words for each in findings)


@pytest.mark.parametrize(
    ("url", "fix"),
    [
        ("sqlite:///{0}/nowhere/triage.db", "Does its folder exist"),
        ("sqlite:///{0}/flow.yaml", "this is not a database"),
        ("mysql://u:opensesame@host/db", "is no database known here"),
        ("postgresql://u:opensesame@127.0.0.1:1/db", "PostgreSQL cannot be reached"),
    ],
)
async def test_one_that_cannot_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, fix: str) -> None:
    """It says why, and looks no further; a password is shown nowhere."""
    monkeypatch.setattr(server, "PATIENCE_S", 0.1)  # nobody comes up there
    (tmp_path / "flow.yaml").write_text("flow: test, and so on, as in any other file of the deployment\n" * 20, "utf-8")
    (found,) = await database.examine(url.format(tmp_path))
    assert (found.state, fix in found.fix) == ("wrong", True)
    assert "opensesame" not in str(found)


async def test_a_server_that_writes_nothing_through(postgres: str) -> None:
    """The server of the tests is set to lose what is committed in a power cut, and is found out."""
    findings = await database.examine(postgres)
    assert states(findings) == ["ok", "ok", "wrong"]
    assert "fsync = off, full_page_writes = off" in findings[-1].words
    assert "postgresql.conf" in findings[-1].fix


@pytest.mark.parametrize(
    ("said", "state"), [({}, "ok"), ({"synchronous_commit": "off"}, "wrong"), ({"fsync": "off"}, "wrong")]
)
def test_what_a_server_says_of_itself(said: dict[str, Any], state: str) -> None:
    """All three have to be on."""
    assert database.kept(FIRM | said).state == state


@pytest.mark.parametrize(
    ("mounts", "state", "kind"),
    [
        ("/dev/sda / ext4 rw 0 0\n", "ok", "ext4"),
        ("overlay / overlay rw 0 0\n", "odd", "overlay"),
        ("overlay / overlay rw 0 0\n/dev/sdb {0} xfs rw 0 0\n", "ok", "xfs"),
        ("/dev/sda / ext4 rw 0 0\nserver:/share {0} nfs4 rw 0 0\n", "wrong", "nfs4"),
        ("", "ok", "a disk"),
    ],
)
def test_where_the_file_lies(tmp_path: Path, mounts: str, state: str, kind: str) -> None:
    """In a container's own layer it is gone with it; on a share of the network locks cannot be relied upon."""
    listed = tmp_path / "mounts"
    listed.write_text(mounts.format(tmp_path.resolve()), "utf-8")
    found = database.system(tmp_path, listed)
    assert (found.state, kind in found.words) == (state, True)


def test_a_system_that_lists_no_mounts(tmp_path: Path) -> None:
    """Nothing is held against it."""
    assert database.system(tmp_path, tmp_path / "none").state == "ok"


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Less than a gibibyte is too little to go live with."""
    usage = shutil.disk_usage(tmp_path)
    assert database.room(tmp_path).state in {"ok", "odd"}
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    assert "Free some space" in database.room(tmp_path).fix
