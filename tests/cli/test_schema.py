"""`triage schema`: the JSON Schema of the flow language."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bot.flow.schema import schema

if TYPE_CHECKING:
    from tests.cli.conftest import Run
    from tests.conftest import Golden


def test_it_is_printed(run: Run) -> None:
    """As JSON, whole, and nothing else."""
    code, out, errors = run("schema")
    assert (code, errors) == (0, "")
    assert json.loads(out) == schema()


def test_the_one_in_the_docs_is_current(run: Run, golden: Golden) -> None:
    """A deployment may point its editors at that file; --update rewrites it."""
    golden("../../docs/flow.schema.json", run("schema")[1])
