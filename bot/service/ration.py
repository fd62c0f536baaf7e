"""How fast messages may leave: token buckets whose levels the store keeps, so that all processes share them."""

from __future__ import annotations

from collections import Counter
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
        self._shut: dict[str, tuple[int, int]] = {}
        """By carrier when its shared bucket was found empty, and until when it is: nobody need ask the store again."""

    def shut(self, carriers: Iterable[str], now: int) -> int | None:
        """Until when nothing can leave by any of the carriers, as far as is known here; None if something may."""
        found = [self._shut.get(carrier, (0, 0)) for carrier in carriers]
        # one that was found at a time to come tells that the clock went back
        return min(end for _, end in found) if all(since <= now < end for since, end in found) else None

    def buckets(self, destination: str) -> Sequence[str]:
        """See `Ration.buckets`."""
        return [rate.bucket for rate in self._rates(destination)]

    def admit(
        self, candidates: Iterable[tuple[int, str]], levels: Mapping[str, Level | None], now: int
    ) -> tuple[list[int], dict[int, int], dict[str, Level]]:
        """See `Ration.admit`: one that lacks a token of any of its buckets takes none of the others.

        Those that wait for the same bucket are put off until its next token, the one after that, and so on: if all came
        back for the next one, all but one would be put off again, each time. For a shared bucket they stay as they are.
        """
        admitted: list[int] = []
        later: dict[int, int] = {}
        left: dict[str, Level] = {}
        ahead: Counter[str] = Counter()
        shared: dict[str, Rate] = {}
        for id_, destination in candidates:
            rates = self._rates(destination)
            for rate in rates:
                left.setdefault(rate.bucket, filled(levels.get(rate.bucket), rate, now))
                if rate.shared:
                    shared[self._channels[_name(destination)].carrier] = rate
            lacking = [rate for rate in rates if wait(left[rate.bucket], rate, now)]
            if any(rate.shared for rate in lacking):
                continue
            if lacking:
                later[id_] = now + max(wait(left[rate.bucket], rate, now, ahead[rate.bucket]) for rate in lacking)
                ahead.update(rate.bucket for rate in lacking)
                continue
            admitted.append(id_)
            for rate in rates:
                level = left[rate.bucket]
                left[rate.bucket] = Level(level.tokens - 1, level.at)
        for carrier, rate in shared.items():
            self._shut[carrier] = (now, now + wait(left[rate.bucket], rate, now))
        return admitted, later, left

    def _rates(self, destination: str) -> Sequence[Rate]:
        channel = self._channels.get(_name(destination))
        return channel.rates(parse(destination)) if channel is not None else ()


def _name(destination: str) -> str:
    return destination.partition(":")[0]


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


def wait(level: Level, rate: Rate, now: int, ahead: int = 0) -> int:
    """Milliseconds until the bucket has a token for whoever comes after `ahead` others, rounded up; 0 if it has one."""
    shut = max(0, level.at - now)
    lacking = max(0.0, 1 + ahead - max(0.0, level.tokens))
    return shut + (int(lacking / rate.per_second * 1000) + 1 if lacking else 0)
