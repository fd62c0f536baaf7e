"""Which platforms there are, and which of them a deployment is connected to. A new one is entered here alone."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from bot.channels.console.channel import CARRIER as CONSOLE_CARRIER
from bot.channels.console.channel import DESK
from bot.channels.platform import Kind
from bot.channels.slack.parts import CARRIER as SLACK_CARRIER
from bot.channels.slack.parts import parts as slack_parts
from bot.channels.telegram.parts import CARRIER as TELEGRAM_CARRIER
from bot.channels.telegram.parts import parts as telegram_parts
from bot.chat.people import CONSOLE, SLACK, TELEGRAM
from bot.chat.places import Places
from bot.cli import slack, telegram
from bot.service.outgoing import Routes, whole
from bot.settings import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.channels.platform import Platform
    from bot.chat.people import Channel
    from bot.settings import Settings

KINDS: Final = (
    # terminals deliver what is theirs; the timers of those that are closed are fired by the service
    Kind(CONSOLE, CONSOLE_CARRIER, whole),
    Kind(SLACK, SLACK_CARRIER, slack_parts),
    Kind(TELEGRAM, TELEGRAM_CARRIER, telegram_parts),
)


ABILITIES: Final[Mapping[str, Channel]] = MappingProxyType({each.ability.name: each.ability for each in KINDS})
"""What each of them can do, by its name."""


def routes(staff: Places) -> Routes:
    """Who takes what where, if cases go to `staff`; without a place they wait for the terminal of `triage desk`."""
    return Routes(
        {each.ability.name: each.carrier for each in KINDS},
        {each.ability.name: each.parts for each in KINDS},
        staff if staff.addresses else Places((DESK,)),
    )


def of_settings(settings: Settings) -> list[Platform]:
    """The platforms that the settings have a token for; raises SettingsError for what does not fit together."""
    found = (slack.of_settings(settings), telegram.of_settings(settings))
    platforms: list[Platform] = [each for each in found if each is not None]
    for channel in (each.partition(":")[0] for each in settings.places.addresses):
        if channel not in {CONSOLE.name, *(each.name for each in platforms)}:
            raise SettingsError(f"TRIAGE_STAFF is on {channel}, but there is no token for {channel}.")
    return platforms
