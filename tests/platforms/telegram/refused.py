"""Expecting a refusal of the Bot API."""

from __future__ import annotations

import re

import pytest
from telegram.error import BadRequest, TelegramError


def refused(words: str, kind: type[TelegramError] = BadRequest) -> pytest.RaisesExc[TelegramError]:
    """What is raised inside says these words; python-telegram-bot plays with their capitals."""
    return pytest.raises(kind, match=re.compile(re.escape(words), re.IGNORECASE))
