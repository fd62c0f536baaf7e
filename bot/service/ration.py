"""How fast messages may leave: token buckets whose levels the store keeps, so that all processes share them. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.chat.addresses import parse
from bot.store.rows import Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.service.port import Channel, Rate


class Rations:
    """The `Ration` that the channels' rates make; whoever is not named by a channel is not limited."""

    def __init__(self, channels: Mapping[str, Channel]) -> None:
        """`channels` by the name that their addresses begin with."""
        self._channels = channels

    def buckets(self, destination: str) -> Sequence[str]:
        """See `Ration.buckets`."""
        return [rate.bucket for rate in self._rates(destination)]

    def admit(
        self, candidates: Iterable[tuple[int, str]], levels: Mapping[str, Level | None], now: int
    ) -> tuple[list[int], dict[int, int], dict[str, Level]]:
        """See `Ration.admit`: one that lacks a token of any of its buckets takes none of the others."""
        admitted: list[int] = []
        later: dict[int, int] = {}
        left: dict[str, Level] = {}
        for id_, destination in candidates:
            rates = self._rates(destination)
            for rate in rates:
                left.setdefault(rate.bucket, filled(levels.get(rate.bucket), rate, now))
            waits = [wait(left[rate.bucket], rate, now) for rate in rates]
            if any(waits):
                later[id_] = now + max(waits)
                continue
            admitted.append(id_)
            for rate in rates:
                level = left[rate.bucket]
                left[rate.bucket] = Level(level.tokens - 1, level.at)
        return admitted, later, left

    def _rates(self, destination: str) -> Sequence[Rate]:
        channel = self._channels.get(destination.partition(":")[0])
        return channel.rates(parse(destination)) if channel is not None else ()


def filled(level: Level | None, rate: Rate, now: int) -> Level:
    """The level of a bucket at `now`, which was at `level` some time ago, or is shut until some time.

    One of a time to come that is not shut tells that the clock went back: nothing is gained by that, and nothing lost.
    """
    if level is None:
        return Level(rate.burst, now)
    if level.at > now and level.tokens < 0:
        return level
    gained = max(0, now - level.at) / 1000 * rate.per_second
    return Level(min(rate.burst, max(0.0, level.tokens) + gained), now)


def wait(level: Level, rate: Rate, now: int) -> int:
    """Milliseconds until the bucket has a token, rounded up; 0 if it has one."""
    shut = max(0, level.at - now)
    lacking = max(0.0, 1 - max(0.0, level.tokens))
    return shut + (int(lacking / rate.per_second * 1000) + 1 if lacking else 0)
