"""Made-up secrets in the right form, so that no file of this repository has to hold one.

`@{name}` in a text of the corpus stands for a sample, `⟦kind|value⟧` for a value that the guard has to find.
"""

from __future__ import annotations

import base64
import random
import re
import string
from typing import Final, NamedTuple

from stdnum import iban, luhn

from bot.guard.cards import TEST_CARDS
from bot.guard.spans import Span

_LOWER_HEX: Final = "0123456789abcdef"
_LETTERS_AND_DIGITS: Final = string.ascii_letters + string.digits
_BASE64: Final = _LETTERS_AND_DIGITS + "+/"


def _random(name: str) -> random.Random:
    return random.Random(name)  # noqa: S311 - samples have to be the same in every run


def _text(name: str, alphabet: str, length: int) -> str:
    """Random characters that hold a digit and, where the alphabet has them, letters of both cases."""
    draw = _random(name)
    while True:
        value = "".join(draw.choices(alphabet, k=length))
        if all(
            not set(group) & set(alphabet) or set(group) & set(value)
            for group in (
                string.digits,
                string.ascii_lowercase[:6],
                string.ascii_uppercase,
            )
        ):
            return value


def card(prefix: str, length: int, *, valid: bool = True) -> str:
    """A card number of `length` digits that no documentation prints; with a wrong check digit if not `valid`."""
    draw = _random(f"{prefix} {length}")
    while True:
        body = prefix + "".join(draw.choices(string.digits, k=length - len(prefix) - 1))
        check = int(luhn.calc_check_digit(body))
        number = f"{body}{check if valid else (check + 1) % 10}"
        if number not in TEST_CARDS:
            return number


def grouped(number: str, separator: str, *sizes: int) -> str:
    """`number` in groups of `sizes` digits, of four if none are given."""
    pieces = []
    for size in sizes or (4,) * 5:
        pieces.append(number[:size])
        number = number[size:]
    return separator.join(piece for piece in pieces if piece)


def account(country: str, bban: str) -> str:
    """An IBAN with right check digits."""
    return f"{country}{iban.calc_check_digits(f'{country}00{bban}')}{bban}"


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _url_encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _jwt() -> str:
    header, payload = _url_encoded('{"alg":"HS256"}'), _url_encoded('{"sub":"1234567890","name":"nobody"}')
    return f"{header}.{payload}.{_text('jwt', _LETTERS_AND_DIGITS + '-_', 43)}"


def _key_lines(name: str, start: str, lines: int) -> str:
    return "\n".join(
        [
            start + _text(name, _BASE64, 64 - len(start)),
            *(_text(f"{name}{line}", _BASE64, 64) for line in range(lines)),
            _text(f"{name} end", _BASE64, 22) + "==",
        ]
    )


def _block(kind: str, body: str) -> str:
    return f"-----BEGIN {kind}-----\n{body}\n-----END {kind}-----"


_PKCS8: Final = _key_lines("pkcs8", "MII", 3)
_OPENSSH: Final = _key_lines("openssh", "b3BlbnNzaC1rZXktdjEA", 3)
_PRIVATE: Final = "PRIVATE KEY"

SAMPLES: Final = {
    "visa": card("4539", 16),
    "visa_spaces": grouped(card("4716", 16), " "),
    "visa_dots": grouped(card("4485", 16), "."),
    "visa_wide": "".join(chr(ord(digit) + 0xFEE0) for digit in card("4024", 16)),
    "visa_zero_width": "\u200b".join(grouped(card("4532", 16), " ").split()),
    "visa_nbsp": grouped(card("4929", 16), "\u00a0"),
    "visa_mixed": grouped(card("4916", 16), " ").replace(" ", "-", 1),
    "visa_halves": grouped(card("4716", 16), " ", 8, 8),
    "visa_digits": " ".join(card("4485", 16)),
    "diners_like": card("3812", 14),
    "visa_19": card("4556", 19),
    "visa_invalid": card("4539", 16, valid=False),
    "visa_13": card("4916", 13),
    "mastercard_dashes": grouped(card("5425", 16), "-"),
    "mastercard_2": card("2720", 16),
    "mastercard_arabic": "".join(chr(0x660 + int(digit)) for digit in card("5399", 16)),
    "amex": grouped(card("3714", 15), " ", 4, 6, 5),
    "diners": card("3056", 14),
    "jcb": card("3540", 16),
    "unionpay": card("6214", 16),
    "maestro": card("6761", 17),
    "bancontact": grouped(card("6703", 17), " ", 4, 4, 4, 5),
    "luhn_17": card("1744280067", 16),
    "luhn_9": card("9821", 16),
    "luhn_2026": card("2026", 14),
    "iban_nl": account("NL", "INGB0004820915"),
    "iban_nl_spaces": grouped(account("NL", "RABO0193847562"), " "),
    "iban_de": grouped(account("DE", "370400440712034598"), " ", 4, 4, 4, 4, 4, 2),
    "iban_es": account("ES", "21000418410298761234"),
    "iban_it": account("IT", "X0542811101000000654321"),
    "iban_fr": grouped(account("FR", "20041010050500013M02606"), " ", 4, 4, 4, 4, 4, 4, 3),
    "iban_pt": account("PT", "000201231234567890192"),
    "iban_be_lower": account("BE", "539007547034").lower(),
    "iban_wrong": "NL00INGB0004820915",
    "hex40": _text("hex40", _LOWER_HEX, 40),
    "hex40_b": _text("hex40 b", _LOWER_HEX, 40),
    "mixed40": _text("mixed40", _LETTERS_AND_DIGITS, 40),
    "mixed40_b": _text("mixed40 b", _LETTERS_AND_DIGITS, 40),
    "mixed35": _text("mixed35", _LETTERS_AND_DIGITS, 35),
    "key24": _text("key24", _LETTERS_AND_DIGITS, 24),
    "hex16": _text("hex16", _LOWER_HEX, 16),
    "hex32": _text("hex32", _LOWER_HEX, 32),
    "hex64": _text("hex64", _LOWER_HEX, 64),
    "slack": "xo" + "xb-" + _text("slack", string.digits, 12) + "-" + _text("slack", _LETTERS_AND_DIGITS, 24),
    "github": "gh" + "p_" + _text("github", _LETTERS_AND_DIGITS, 36),
    "aws": "AK" + "IA" + _text("aws", string.ascii_uppercase + "234567", 16),
    "telegram": _text("telegram", string.digits, 10) + ":AA" + _text("telegram", _LETTERS_AND_DIGITS + "-_", 33),
    "stripe": "sk_" + "live_" + _text("stripe", _LETTERS_AND_DIGITS, 24),
    "jwt": _jwt(),
    "webhook_auth": _encoded(f"1744280067:{_text('hmac', _LOWER_HEX, 128)}"),
    "basic": _encoded("shop:Zomer-2031"),
    "basic_letters": _encoded("user:pass"),
    "pem": _block(_PRIVATE, _PKCS8),
    "pem_escaped": _block(f"RSA {_PRIVATE}", _PKCS8).replace("\n", "\\n"),
    "pem_cut": _block(f"RSA {_PRIVATE}", _PKCS8)[:180],
    "pem_tail": _block(f"EC {_PRIVATE}", _PKCS8)[100:],
    "openssh": _block(f"OPENSSH {_PRIVATE}", _OPENSSH),
    "openssh_body": _OPENSSH,
    "certificate": _block("CERTIFICATE", _PKCS8),
    "ssh_public": f"ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAB{_text('public', _BASE64, 340)}== shop@example",
    "ssh_public_short": f"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{_text('ed25519', _BASE64, 43)} shop@example",
}
"""Name to sample; equal in every run."""

_marks: Final = re.compile(r"⟦(?P<kind>[a-z_]+)\|(?P<value>.*?)⟧", re.DOTALL).finditer
_sample: Final = re.compile(r"@\{(\w+)\}").sub


class Case(NamedTuple):
    """A text and the spans in it that the guard has to find."""

    text: str
    expected: tuple[Span, ...]


def case(source: str) -> Case:
    """Read a text of the corpus: fill in the samples and take the marks off."""
    filled = _sample(lambda name: SAMPLES[name[1]], source)
    text = ""
    position = 0
    expected = []
    for mark in _marks(filled):
        text += filled[position : mark.start()]
        expected.append(Span(len(text), len(text) + len(mark["value"]), mark["kind"]))
        text += mark["value"]
        position = mark.end()
    return Case(text + filled[position:], tuple(expected))
