"""Expecting a refusal of the Web API."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from slack_sdk.errors import SlackApiError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def refused(error: str) -> Iterator[None]:
    """What is called inside is refused with this code."""
    with pytest.raises(SlackApiError) as caught:
        yield
    assert caught.value.response["error"] == error
