"""How fast messages may leave: token buckets whose levels the store keeps, so that all processes share them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.chat.addresses import parse
from bot.store.rows import SHUT, Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.service.port import Channel, Rate

GATHER_MS: Final = 100
"""How long an empty shared bucket is left to fill at least: what leaves then is taken up at once, not one by one."""


class _Shared(NamedTuple):
    """A shared bucket as it was left at some time, and until when nobody need ask for what it holds up."""

    at: int
    until: int
    level: Level
    rate: Rate


class Rations:
    """The `Ration` that the channels' rates make; whoever is not named by a channel is not limited."""

    def __init__(self, channels: Mapping[str, Channel]) -> None:
        """`channels` by the name that their addresses begin with."""
        self._channels = channels
        self._shared: dict[str, _Shared] = {}
        """By carrier: other processes only take from it, so that there is never more than is known here."""

    def shut(self, carriers: Iterable[str], now: int) -> int | None:
        """Until when nothing can leave by any of the carriers, as far as is known here; None if something may."""
        found = self._known(carriers, now)
        if found is None or not all(now < each.until for each in found):
            return None
        return min(each.until for each in found)

    def most(self, carriers: Iterable[str], now: int) -> int | None:
        """As many as can leave by the carriers at most, as far as is known here; None if nothing is."""
        found = self._known(carriers, now)
        return None if found is None else sum(int(max(0, filled(e.level, e.rate, now).tokens)) for e in found)

    def _known(self, carriers: Iterable[str], now: int) -> list[_Shared] | None:
        """The shared buckets of the carriers; None if one is not known."""
        found = [self._shared.get(carrier) for carrier in carriers]
        # one that was left at a time to come tells that the clock went back
        known = [each for each in found if each is not None and each.at <= now]
        return known if known and len(known) == len(found) else None

    def buckets(self, destination: str) -> Sequence[str]:
        """See `Ration.buckets`."""
        return [rate.bucket for rate in self._rates(destination)]

    def admit(
        self, candidates: Iterable[tuple[int, str, int]], levels: Mapping[str, Level | None], now: int
    ) -> tuple[list[int], dict[int, int], dict[str, Level]]:
        """See `Ration.admit`: one that lacks a token of any of its buckets takes none of the others.

        Those that wait for the same bucket are put off until its next token, the one after that, and so on: if all came
        back for the next one, all but one would be put off again, each time. For a shared bucket they stay as they are.
        An album waits for one token alone, or it would for ever where others take each; it owes those it lacks.
        """
        admitted: list[int] = []
        later: dict[int, int] = {}
        left: dict[str, Level] = {}
        ahead: Counter[str] = Counter()
        shared: dict[str, Rate] = {}
        for id_, destination, messages in candidates:
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
                left[rate.bucket] = taken(left[rate.bucket], rate, messages if rate.files else 1)
        for carrier, rate in shared.items():
            level = left[rate.bucket]
            pause = wait(level, rate, now)
            self._shared[carrier] = _Shared(now, now + max(pause, GATHER_MS) if pause else now, level, rate)
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


def taken(level: Level, rate: Rate, tokens: int) -> Level:
    """The level without so many tokens; where there are fewer, the bucket is shut until it has gained the others."""
    left = level.tokens - tokens
    return Level(left, level.at) if left >= 0 else Level(SHUT, level.at + int(-left / rate.per_second * 1000))


def wait(level: Level, rate: Rate, now: int, ahead: int = 0) -> int:
    """Milliseconds until the bucket has a token for whoever comes after `ahead` others, rounded up; 0 if it has one."""
    shut = max(0, level.at - now)
    lacking = max(0.0, 1 + ahead - max(0.0, level.tokens))
    return shut + (int(lacking / rate.per_second * 1000) + 1 if lacking else 0)
