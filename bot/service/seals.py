"""Seals: what is encrypted and authenticated (Fernet, https://github.com/fernet/spec), each for one purpose alone."""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken


class BrokenSeal(Exception):  # noqa: N818  (an answer to whoever brings it, not a defect)
    """It was sealed with another key, for another purpose, or too long ago; or it is no seal at all."""


class Seals:
    """Closes and opens with one key, which is nowhere in the database."""

    def __init__(self, key: str) -> None:
        """`key` is a key of Fernet's: 32 bytes in URL-safe base64."""
        self._fernet = Fernet(key)

    def close(self, purpose: str, content: str, now: int) -> str:
        """The content, sealed for a purpose (one word) at that time (milliseconds UTC); safe in a URL."""
        return self._fernet.encrypt_at_time(f"{purpose} {content}".encode(), now // 1000).decode()

    def open(self, purpose: str, sealed: str, now: int, lasts_s: int | None = None) -> str:
        """What was sealed for that purpose, at most `lasts_s` ago. Raises BrokenSeal."""
        try:
            if lasts_s is None:
                found = self._fernet.decrypt(sealed.encode())
            else:
                found = self._fernet.decrypt_at_time(sealed.encode(), lasts_s, now // 1000)
        except (InvalidToken, UnicodeEncodeError):
            raise BrokenSeal from None
        meant, _, content = found.decode().partition(" ")
        if meant != purpose:
            raise BrokenSeal
        return content
