"""What the machine has to offer: time zones, a port, a clock that agrees with others."""

from __future__ import annotations

import zoneinfo
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

import httpx

from bot.cli.doctor.findings import Finding, wrong
from bot.web.front import LIVE
from bot.web.server import Occupied, bound

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.settings import Settings

ZONES: Final = ("Europe/Amsterdam", "America/New_York", "Asia/Tokyo")
MOST_SKEW_S: Final = 30.0
"""Seconds by which the clock may differ; Slack refuses what is five minutes old."""
PATIENCE_S: Final = 10.0


def time_zones() -> Finding:
    """Working hours are in the zones of people, whose rules have to be there."""
    try:
        for each in ZONES:
            zoneinfo.ZoneInfo(each)
    except (zoneinfo.ZoneInfoNotFoundError, OSError):
        return wrong("time zones are missing", "Install the package tzdata: pip install tzdata, or apt install tzdata.")
    return Finding("time zones are there")


async def port(settings: Settings) -> Finding:
    """The port is free, or it is this service that has it."""
    host, number = settings.http_host, settings.http_port
    try:
        for each in bound(host, number):
            each.close()
    except Occupied as error:
        if await _is_ours(host, number):
            return Finding(f"port {number}: a service is running here")
        return wrong(f"port {number}: it is not free", str(error))
    return Finding(f"port {number} on {host} is free")


async def clock(url: str, whose: str, now: Callable[[], float]) -> list[Finding]:
    """The clock of this machine (seconds since 1970) beside that of the platform behind `url`, by its `Date`."""
    try:
        async with httpx.AsyncClient(timeout=PATIENCE_S) as http:
            before = now()
            answer = await http.head(str(httpx.URL(url).join("/")))
            here = (before + now()) / 2
        there = parsedate_to_datetime(answer.headers["Date"]).timestamp()
    except (httpx.HTTPError, httpx.InvalidURL, KeyError, ValueError):
        return []  # what cannot be reached is said by others
    skew = here - there
    if abs(skew) <= MOST_SKEW_S:
        return [Finding(f"the clock agrees with that of {whose}")]
    late = "ahead of" if skew > 0 else "behind"
    words = f"the clock of this machine is {abs(skew):.0f} s {late} that of {whose}"
    return [wrong(words, "Keep it right with NTP (timedatectl set-ntp true), or on the host of the container.")]


async def _is_ours(host: str, number: int) -> bool:
    anywhere = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}  # noqa: S104  (it is asked, not listened on)
    try:
        async with httpx.AsyncClient(timeout=PATIENCE_S) as http:
            return (await http.get(f"http://{anywhere.get(host, host)}:{number}{LIVE}")).text == "live\n"
    except (httpx.HTTPError, httpx.InvalidURL):
        return False
