"""What commands say about flows and languages that are not there; the commands' own tests have the rest."""

from __future__ import annotations

import pytest
import typer

from bot.cli.flows import language, library, named, unknown


def test_a_flow_by_its_id() -> None:
    """Repair patterns included."""
    shipped = library(None, None)
    assert named(shipped, "pattern_back").id == "pattern_back"
    with pytest.raises(typer.BadParameter, match="did you mean `pattern_back`"):
        named(shipped, "pattern_bakc")


def test_a_language_by_its_name() -> None:
    """Somebody who writes its name is told its tag."""
    assert unknown("language", "Español", ["en", "es"]) == (
        "there is no language 'Español'; did you mean `Español`? there are: en (English), es (Español)"
    )
    assert language("es-MX", ["en", "es"], "--locale") == "es"
