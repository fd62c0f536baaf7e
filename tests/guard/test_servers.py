"""FTP and other ports, recognised while they are offered, in seven languages; and what offers neither."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.guard.redact import redact
from bot.guard.servers import find


def kinds(text: str) -> list[str]:
    """What is recognised in a text."""
    return [each.kind for each in find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("You can use FTP: ftp.shop.nl", ["ftp", "ftp"]),
        ("ftp://ftp.shop.nl/web", ["ftp"]),
        ("Host ftp.shop.nl, user bob", ["ftp"]),
        ("SFTP or FTP, as you like", ["ftp"]),
        ("FTPS on port 990", ["ftps", "port"]),
        ("ftpes://shop.nl", ["ftps"]),
        ("FTP over TLS is possible", ["ftps"]),
        ("Os doy acceso FTP al servidor", ["ftp"]),
        ("SSH, puerto: 2022", ["port"]),
        ("Accesso FTP o SFTP", ["ftp"]),
        ("la porta è 2222, via SSH", ["port"]),
        ("We geven toegang via ftp", ["ftp"]),
        ("SFTP op poort 2222", ["port"]),
        ("wir haben nur FTP-Zugang", ["ftp"]),
        ("SSH, Port: 8022", ["port"]),
        ("Voici un accès FTP", ["ftp"]),
        ("accès ssh au serveur, port n° 8022", ["port"]),
        ("Acesso por FTP", ["ftp"]),
        ("SSH na porta 2222", ["port"]),
        ("ＦＴＰ access", ["ftp"]),
        ("F\u200bTP is what we have", ["ftp"]),
        ("ssh -p 2222 deploy@staging.shop.nl", ["port"]),
        ("sftp -oPort=2200 deploy@staging.shop.nl", ["port"]),
        ("sftp://deploy@staging.shop.nl:2222/", ["port"]),
        ("SFTP: deploy@staging.shop.nl:2222", ["port"]),
        ("FileZilla, port 21", ["port"]),
    ],
)
def test_access_that_is_not_used_is_recognised(text: str, expected: list[str]) -> None:
    """Each offer with its kind, in reading order."""
    assert kinds(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "SFTP on port 22",
        "sftp://deploy@staging.shop.nl:22/",
        "ssh deploy@staging.shop.nl",
        "We have no FTP, only SFTP",
        "FTP is not possible with us, SSH is",
        "FTP: no",
        "Kein FTP, nur SSH",
        "Geen ftp, wel ssh",
        "pas de FTP chez nous",
        "no tenemos FTP",
        "niente: non abbiamo FTP",
        "sem FTP",
        "We use SFTP instead of FTP",
        "sftp to ftp.shop.nl",
        "the shop runs at https://staging.shop.nl:8443",
        "the webhook on port 8080 does not answer",
        "staging.shop.nl:8443",
        "SSH since 12:30, keys of 2048 bits",
        "Magento 2.4.7, PHP 8.3",
        "giftpakket, aftpost",
        "",
    ],
)
def test_what_offers_nothing_is_left_alone(text: str) -> None:
    """Port 22, words that deny it, ports of web shops, words that merely hold the letters."""
    assert kinds(text) == []


def test_an_offer_is_found_where_it_was_written() -> None:
    """Offsets are those of the text as it was typed, odd spellings and all."""
    text = "Only \u200bＦＴ\u200bＰ, sorry"
    (offer,) = find(text)
    assert text[offer.start : offer.end] == "ＦＴ\u200bＰ"


def test_an_offer_survives_the_removal_of_its_password() -> None:
    """The guard takes the login out first; what is left still says that it is FTP."""
    text = redact("ftp://deploy:Xk29vvQ81z@ftp.shop.nl/web", b"salt").text
    assert "Xk29vvQ81z" not in text
    assert kinds(text) == ["ftp"]


@given(st.text(alphabet=st.sampled_from("sftphport:/.@-p 2\n\u200b"), max_size=200))
def test_any_text_can_be_looked_at(text: str) -> None:
    """Offers are in order, not empty, and inside the text."""
    found = find(text)
    assert found == sorted(found)
    assert all(0 <= each.start < each.end <= len(text) for each in found)
