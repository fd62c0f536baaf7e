"""What the readers of typed answers have in common: how they say that they could not read one."""

from __future__ import annotations

from typing import Literal

Reason = Literal[
    "too_long",
    "several",
    "not_a_number",
    "out_of_range",
    "no_version",
    "not_a_url",
    "not_an_email",
    "credentials",
    "no_date",
    "future",
]
"""Why an answer could not be read; a text for the merchant is chosen by it."""


class Unreadable(Exception):  # noqa: N818 - a reply that cannot be read is no error of anyone
    """The typed text is no answer of the wanted form, for the `reason` given."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason
