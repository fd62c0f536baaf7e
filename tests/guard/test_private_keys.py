"""Private keys, whole and in pieces."""

from __future__ import annotations

import pytest

from bot.guard import private_keys
from bot.guard.spans import PRIVATE_KEY
from tests.guard.samples import SAMPLES


def _found(text: str) -> list[str]:
    assert {span.kind for span in private_keys.find(text, text.lower())} <= {PRIVATE_KEY}
    return [text[span.start : span.end] for span in private_keys.find(text, text.lower())]


@pytest.mark.parametrize("name", ["pem", "pem_escaped", "pem_cut", "pem_tail"])
@pytest.mark.parametrize("frame", ["{}", "this is the key:\n{}\n\nis it right?", '"{}"', "```{}```"])
def test_blocks(name: str, frame: str) -> None:
    """A block goes with its first and last line, also in JSON, and as far as it was pasted if a limit cut it."""
    assert _found(frame.format(SAMPLES[name])) == [SAMPLES[name].strip()]


def test_openssh() -> None:
    """An OpenSSH key is found, with its lines of hyphens and without them."""
    assert SAMPLES["openssh"] in _found(SAMPLES["openssh"])
    assert _found(f"key: {SAMPLES['openssh_body']}\nthanks") == [SAMPLES["openssh_body"]]


def test_putty() -> None:
    """The private half of a PuTTY file goes, what names it stays."""
    body = SAMPLES["openssh_body"].replace("b3Blbn", "AAAAgQ")
    text = f"Public-Lines: 2\nAAAAB3Nz\nPrivate-Lines: 5\n{body}\nPrivate-MAC: 00"
    assert _found(text) == [f"Private-Lines: 5\n{body}"]


def test_several_blocks() -> None:
    """Each block is a finding of its own; the words between them stay."""
    text = f"{SAMPLES['pem']}\nand\n{SAMPLES['openssh']}\nand {SAMPLES['pem_cut']}"
    assert {SAMPLES["pem"], SAMPLES["openssh"], SAMPLES["pem_cut"].strip()} <= set(_found(text))


def test_short_last_line() -> None:
    """The rest of a key goes with its short last line, and not with the words before it."""
    rest = f"{'Ab1/' * 16}\nAb1=\n{SAMPLES['pem'].splitlines()[-1]}"
    assert _found(f"and here the rest:\n{rest}") == [rest]
    assert _found(f"a short word\n{SAMPLES['pem'].splitlines()[-1]}") == []


def test_encrypted_key() -> None:
    """The header lines of an encrypted key belong to it."""
    marker = SAMPLES["pem"].splitlines()[0]
    text = f"{marker}\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00FF\n\n{'Ab1/' * 16}\n"
    assert _found(text) == [text.strip()]


@pytest.mark.parametrize(
    "text",
    [
        SAMPLES["certificate"],
        SAMPLES["ssh_public"],
        SAMPLES["pem"].splitlines()[0],
        SAMPLES["pem"].splitlines()[-1],
        f"it begins with {SAMPLES['pem'].splitlines()[0]} and ends with {SAMPLES['pem'].splitlines()[-1]}",
        "where is my private key?",
    ],
)
def test_what_is_public_survives(text: str) -> None:
    """Certificates, public keys and the first and last line by themselves may be shown."""
    assert _found(text) == []
