"""Polling: one process at a time asks for updates, and confirms them after all of them are kept."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

import structlog
from telegram.error import RetryAfter

from bot.channels.telegram.failures import milliseconds
from bot.channels.telegram.updates import KINDS

if TYPE_CHECKING:
    from telegram import Bot

    from bot.channels.telegram.ingest import Ingest
    from bot.service.leases import Lease

LONG_POLL_S: Final = 50
"""As long as Telegram waits at most."""
_STAND_BY_S: Final = 0.25
_FIRST_PAUSE_S: Final = 0.5
_LONGEST_PAUSE_S: Final = 30.0
# in this spelling the library does not advise its own method, which stops at an update that it cannot parse
_METHOD: Final = "get_Updates"

_LOG: Final = structlog.get_logger(__name__)


async def poll(bot: Bot, ingest: Ingest, lease: Lease) -> None:
    """Poll while `lease` is held, for ever. What was not kept is asked for again."""
    offset = 0
    pause = _FIRST_PAUSE_S
    hooked = True  # perhaps, from another time; Telegram lets nobody poll then
    while True:
        if not lease.held:
            await asyncio.sleep(_STAND_BY_S)
            continue
        try:
            if hooked:
                await bot.delete_webhook()
                hooked = False
            updates = await _next(bot, offset)
            await _keep(ingest, updates)
        except Exception as error:  # noqa: BLE001  (whatever it is, nothing was confirmed, and it is asked for again)
            _LOG.warning("polling_waits", error=type(error).__name__)
            asked = milliseconds(error) / 1000 if isinstance(error, RetryAfter) else 0.0
            await asyncio.sleep(max(pause, asked))
            pause = min(pause * 2, _LONGEST_PAUSE_S)
        else:
            pause = _FIRST_PAUSE_S
            offset = max([offset, *(each["update_id"] + 1 for each in updates)])


async def _next(bot: Bot, offset: int) -> list[dict[str, Any]]:
    arguments = {"offset": offset, "timeout": LONG_POLL_S, "allowed_updates": list(KINDS)}
    updates: list[dict[str, Any]] = await bot.do_api_request(
        _METHOD, api_kwargs=arguments, read_timeout=LONG_POLL_S + 10
    )
    return updates


async def _keep(ingest: Ingest, updates: list[dict[str, Any]]) -> None:
    """Keep all of a batch; raises what kept one of them from it.

    What came in one place is taken in turn: some needs a look-up first, and would be overtaken by what came after it.
    """
    lines: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for each in updates:
        lines.setdefault(_place(each), []).append(each)
    kept = await asyncio.gather(*(_in_turn(ingest, line) for line in lines.values()), return_exceptions=True)
    for result in kept:
        if isinstance(result, BaseException):
            raise result


async def _in_turn(ingest: Ingest, line: list[dict[str, Any]]) -> None:
    for each in line:
        await ingest.take(each)


def _place(update: dict[str, Any]) -> tuple[str, str]:
    """The chat and the topic of an update, whatever else is wrong with it."""
    found = next((each for kind in KINDS if isinstance(each := update.get(kind), dict)), {})
    at = found.get("message", found)  # a button is pressed below a message
    chat = at.get("chat") if isinstance(at, dict) else None
    if not isinstance(chat, dict):
        return "", ""
    # replies in a group without topics have the number of a thread, too
    return str(chat.get("id")), str(at.get("message_thread_id")) if at.get("is_topic_message") else ""
