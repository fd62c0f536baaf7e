"""The product in a hurry: the stand-ins take messages as they come, and a test moves the time of timers forward.

Platforms' rates are kept where `tests/service/test_ration.py` proves it; a test of them among others is `paced`. What
it asks a stand-in it does wait for: on a busy machine, too, everybody is known by their name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.channels.slack import people
from bot.channels.slack.outbound import SlackChannel
from bot.channels.telegram.outbound import TelegramChannel
from bot.service import delivery, timers
from tests.platforms.news import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable

LOOK_EVERY_MS: Final = 100


def hurry(change: Callable[[object, str, object], None] = setattr) -> None:
    """Have this process know no rates, look often at what is due, and try again soon; `change` sets an attribute."""
    for kind in (SlackChannel, TelegramChannel):
        change(kind, "rates", lambda *_: ())
    change(people, "PATIENCE_S", PATIENCE)
    change(delivery, "FIRST_PAUSE_MS", LOOK_EVERY_MS)
    change(delivery, "IDLE_MS", LOOK_EVERY_MS)
    change(timers, "LOOK_EVERY_MS", LOOK_EVERY_MS)
