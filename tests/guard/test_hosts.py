"""Which hosts may be a live shop."""

from __future__ import annotations

import pytest

from bot.guard.hosts import environment

LIVE = ("www.shop.nl", "Test-Winkel.nl")


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("shop.nl", "live"),
        ("WWW.SHOP.NL.", "live"),
        ("test-winkel.nl", "live"),  # a name that only sounds like staging
        ("staging.shop.nl", "staging"),
        ("shop-acc2.hosting.com", "staging"),
        ("pruebas.tienda.es", "staging"),
        ("collaudo.negozio.it", "staging"),
        ("testumgebung.laden.de", "staging"),
        ("recette.boutique.fr", "staging"),
        ("acceptatie.winkel.nl", "staging"),
        ("homologacao.loja.pt", "staging"),
        ("m2.shop.nl", "unclear"),
        ("contest.nl", "unclear"),
        ("8.8.8.8", "unclear"),
        ("192.168.1.20", "local"),
        ("[::1]", "local"),
        ("fe80::1", "local"),
        ("shop.test", "local"),
        ("localhost", "local"),
        ("nas", "local"),
    ],
)
def test_a_host_is_what_is_known_of_it_or_what_it_is_called(host: str, expected: str) -> None:
    """The shop's own hosts are live whatever they are called; a word for staging counts where it stands alone."""
    assert environment(host, LIVE) == expected
