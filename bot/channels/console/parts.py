"""Waiting for what the parts of a terminal bring about, of which one may end meanwhile."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

_T = TypeVar("_T")


class Ended(Exception):  # noqa: N818  (a fact about a part, which may have been told to end)
    """A part has ended, so that what was waited for may never come."""


async def beside(parts: Sequence[asyncio.Task[None]], work: Coroutine[None, None, _T]) -> _T:
    """Do `work`, unless one of the parts ends before: raises what that failed with, or Ended."""
    doing = asyncio.create_task(work)
    await asyncio.wait([doing, *parts], return_when=asyncio.FIRST_COMPLETED)
    if doing.done():
        return doing.result()
    doing.cancel()
    for part in parts:
        if part.done():
            part.result()
    raise Ended


async def over(parts: Sequence[asyncio.Task[None]]) -> Exception | None:
    """Wait until all parts have ended; what one failed with, which nobody may have waited for."""
    ended = await asyncio.gather(*parts, return_exceptions=True)
    return next((each for each in ended if isinstance(each, Exception)), None)
