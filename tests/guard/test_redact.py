"""The guard as its callers see it."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.guard.redact import FINDING_KINDS, Finding, Redaction, redact
from tests.guard.samples import SAMPLES

VISA = SAMPLES["visa_spaces"]
# Pieces that mean something to a detector, so that Hypothesis composes what random characters never would.
WORDS = [
    *("password", "contraseña", "clave", "mot de passe", "pw", "api_key", "key", "token", "secure code", "Auth: "),
    *("Bearer ", "Basic ", "commit ", "PSP ID: ", "login: ", "-u ", "://", "@", " is ", " es ", ": ", "=", "=>", "abc"),
    *("Xy12ab!", "4539", "0", "eyJ", "ghp_", "NL91", "-----BEGIN PRIVATE KEY-----", "</", "[removed: API key #"),
]
SIGNS = [
    *" \n-./|\"'`<>[](){}*_&?,;",
    "\u200b",
    "\u00a0",
    "４",
    "ñ",
    "İ",
    "😀",
    "\ud800",
    "[removed: password #a1b2c3]",
]
PIECES = st.sampled_from([*SAMPLES.values(), *WORDS, *SIGNS])
TEXTS = st.lists(PIECES, max_size=14).map("".join) | st.text(max_size=80)


def _removed(redaction: Redaction) -> list[Finding]:
    return [finding for finding in redaction.findings if finding.kind != "test_card"]


def test_a_secret_is_replaced_by_a_label() -> None:
    """The label says what was there, the finding where; neither holds the secret."""
    redaction = redact(f"paid with {VISA} today")
    (finding,) = redaction.findings
    assert (finding.kind, finding.start, finding.end) == ("card", 10, 29)
    assert redaction.text == f"paid with [removed: card number #{finding.fingerprint}] today"
    assert VISA.replace(" ", "") not in repr(redaction).replace(" ", "")


def test_a_test_card_stays_and_is_told() -> None:
    """Staff need to see which documented test card was used."""
    redaction = redact("test with 4111 1111 1111 1111")
    assert redaction.text == "test with 4111 1111 1111 1111"
    assert [(finding.kind, finding.start, finding.end) for finding in redaction.findings] == [("test_card", 10, 29)]


def test_offsets_are_of_the_text_as_given() -> None:
    """Findings behind a removed one, behind invisible characters and behind test cards keep their original places."""
    text = f"\u200bpassword: Xy12ab 4\u200b111111111111111 and {VISA}, pw: Xy12ab"
    found = [(finding.kind, text[finding.start : finding.end]) for finding in redact(text).findings]
    assert found == [
        ("password", "Xy12ab"),
        ("test_card", "4\u200b111111111111111"),
        ("card", VISA),
        ("password", "Xy12ab"),
    ]


def test_a_secret_goes_wherever_it_stands() -> None:
    """The second time a password is written, nothing beside it gives it away; it is removed all the same."""
    assert "Xy12ab" not in redact("password: Xy12ab. I tried Xy12ab and 'Xy12ab'!").text


def test_the_salt_keys_the_fingerprint() -> None:
    """Equal secrets have equal fingerprints under one salt, however grouped, and others under another salt."""
    prints = {salt: redact(VISA, salt).findings[0].fingerprint for salt in (b"", b"a", b"b", b"x" * 64, b"x" * 65)}
    assert len(set(prints.values())) == len(prints)
    assert redact(f"card {VISA.replace(' ', '-')}", b"a").findings[0].fingerprint == prints[b"a"]
    assert all(len(each) == 6 for each in prints.values())


def test_findings_are_stored_as_json() -> None:
    """A redaction survives serialisation."""
    redaction = redact(f"{VISA} password: Xy12ab")
    assert msgspec.json.decode(msgspec.json.encode(redaction), type=Redaction) == redaction


def test_kinds_are_public() -> None:
    """Callers translate the kinds, so adding or renaming one is a change of the interface."""
    assert sorted(FINDING_KINDS) == [
        "api_key",
        "auth_header",
        "card",
        "iban",
        "jwt",
        "password",
        "private_key",
        "test_card",
        "url_credentials",
    ]


@pytest.mark.parametrize("text", ["", "no", "Magento 2.4.7", "Where is order 000069037?", "\ud800", "[removed: x #y]"])
def test_ordinary_text_is_returned_as_it_is(text: str) -> None:
    """What holds no secret comes back unchanged, without findings."""
    assert redact(text) == Redaction(text)


def test_a_label_is_not_context() -> None:
    """A label names a kind of secret, which must not make a commit hash beside it a key."""
    text = f"{SAMPLES['slack']} at {SAMPLES['hex40']}"
    assert redact(text).text.endswith(SAMPLES["hex40"])


@given(TEXTS)
def test_redacting_twice_changes_nothing(text: str) -> None:
    """A redacted text holds nothing to remove: it can pass the guard again on every way through the house."""
    once = redact(text)
    twice = redact(once.text)
    assert twice.text == once.text
    assert _removed(twice) == []


@given(TEXTS)
def test_only_findings_are_replaced(text: str) -> None:
    """Findings are in order and apart, and all that is outside of them is kept to the character."""
    redaction = redact(text)
    rest = redaction.text
    position = 0
    for finding in redaction.findings:
        assert position <= finding.start < finding.end <= len(text)
        kept = text[position : finding.start]
        if finding.kind == "test_card":
            kept += text[finding.start : finding.end]
        assert rest.startswith(kept)
        rest = rest[len(kept) :]
        if finding.kind != "test_card":
            label, _, rest = rest.partition("]")
            assert label.startswith("[removed: ")
            assert label.endswith(f" #{finding.fingerprint}")
        position = finding.end
    assert rest == text[position:]


@given(
    st.text("abc é\n.,!?", max_size=30),
    st.sampled_from(["visa", "mastercard_dashes", "amex", "iban_de", "jwt", "slack", "pem", "mixed40", "webhook_auth"]),
    st.text("abc é\n.,!?", max_size=30),
)
def test_a_secret_of_known_form_never_passes(before: str, name: str, after: str) -> None:
    """Whatever is written around it, a secret that is known by its form is gone."""
    assert SAMPLES[name] not in redact(f"{before} {SAMPLES[name]} {after}").text


@pytest.mark.parametrize(
    "unit",
    [
        "4\u200b",
        "password           ",
        "pw:*",
        "b3BlbnNzaC1rZXktdjE ",
        "-----END PRIVATE KEY-----1\n",
        "://a1:b",
        "ghp_1",
    ],
)
def test_a_megabyte_of_anything_is_read_in_one_pass(unit: str) -> None:
    """Hostile repetition takes time in proportion to its length: were it quadratic, this would not end."""
    text = unit * (1_000_000 // len(unit))
    assert len(redact(text).text) <= len(text)
