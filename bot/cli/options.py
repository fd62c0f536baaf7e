"""What several commands may be given."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

LocalesOption = Annotated[
    Path | None,
    typer.Option(
        "--locales",
        metavar="DIR",
        help="Folder of translations above the shipped ones, or several with the separator of PATH.",
        show_default="the shipped ones",
    ),
]

FlowsOption = Annotated[
    Path | None, typer.Option("--flows", metavar="DIR", help="Folder of flows.", show_default="the shipped ones")
]
DatabaseOption = Annotated[
    str | None,
    typer.Option(
        "--db",
        metavar="URL",
        envvar="TRIAGE_DATABASE_URL",
        help="Where conversations are kept: sqlite:///FILE or postgresql://…",
        show_default="nowhere",
    ),
]
