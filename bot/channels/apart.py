"""Files that were to leave as one where the platform does not take them so: they leave one by one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, TypeVar

from bot.service.port import Later, Lost, Refused

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

FIRST_PAUSE_S: Final = 0.5
MOST_TRIES: Final = 10
"""Of one file, before nobody can tell any more when the rest will be there."""

_Item = TypeVar("_Item")


async def one_by_one(
    items: Iterable[_Item],
    send: Callable[[_Item], Awaitable[str]],
    refused: Callable[[_Item, Refused], Awaitable[str]],
    meaning: Callable[[Exception], Refused | Later | Lost],
) -> list[str]:
    """Send each; the platform's ids, in their order. For one that it refuses, `refused` says so in its place.

    Once one has left, the others are waited for here: if the message were taken up again, it would leave twice. Raises
    what an error means while nothing has left, and Lost when it broke off in between.
    """
    natives: list[str] = []
    for item in items:
        tries, refusal = 0, None
        while True:
            try:
                natives.append(await (send(item) if refusal is None else refused(item, refusal)))
                break
            except Exception as error:  # noqa: BLE001  (`meaning` tells)
                failure = error if isinstance(error, (Refused, Later, Lost)) else meaning(error)
                tries += 1
                if isinstance(failure, Refused) and refusal is None:
                    refusal = failure
                elif not natives:
                    raise failure from None
                elif not isinstance(failure, Later) or tries >= MOST_TRIES:
                    raise Lost("it broke off in between") from None
                else:
                    await asyncio.sleep(max(failure.after / 1000, FIRST_PAUSE_S))
    return natives


def unavailable(name: str, refusal: Refused) -> str:
    """What stands in place of a file that cannot be passed on."""
    return f"{name or '…'}: this file cannot be passed on ({refusal})"
