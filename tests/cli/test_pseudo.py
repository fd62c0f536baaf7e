"""The pseudo-language of the flows that are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cli import shipped
from bot.cli.pseudo import with_pseudo
from bot.flow.checks import check
from bot.flow.loader import load
from bot.text.pseudo import PSEUDO

if TYPE_CHECKING:
    from tests.cli.conftest import Run


def test_every_shipped_text_is_translated_soundly() -> None:
    """Nothing is missing, places and markup are those of the source; only a rule's words are no longer English."""
    loaded = with_pseudo(load([shipped.flows()]))
    found = [problem for problem in check(loaded) if PSEUDO in problem.message]
    assert loaded.catalogs.languages == ("en", PSEUDO)
    assert {problem.code for problem in found} == {"rule-facts"}


def test_a_conversation_in_it(run: Run) -> None:
    """All that the bot says looks translated, and the words of the real languages still count."""
    code, out, _ = run("chat", "--locale", "pseudo", stdin="/start\nWooCommerce\n/why\nPayments fail\n/back\n")
    assert code == 0
    assert "⟦ŴööÇöɱɱéŕçé⟧" in out
    said = [line for line in out.splitlines() if line and not line.startswith("> ")]
    assert [line for line in said if "⟦" not in line and any(map(str.isalpha, line))] == []
