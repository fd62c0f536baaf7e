"""Who plays: a merchant and a member of staff on both platforms, and the rooms that they meet in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from tests.platforms.slack.person import Person as SlackPerson
from tests.platforms.telegram.person import Person as TelegramPerson

if TYPE_CHECKING:
    from tests.platforms.slack import SlackStandIn
    from tests.platforms.slack.channel import Channel
    from tests.platforms.telegram import TelegramStandIn
    from tests.platforms.telegram.group import Group

Anyone: TypeAlias = SlackPerson | TelegramPerson


@dataclass(frozen=True)
class Role:
    """Somebody on one platform, and the rooms that this person sees beside the chat with the bot."""

    key: str
    platform: str
    label: str
    person: Anyone
    rooms: dict[str, Channel | Group]


class Cast:
    """Everybody, by key."""

    def __init__(self, slack: SlackStandIn, telegram: TelegramStandIn) -> None:
        self.slack, self.telegram = slack, telegram
        self._cast_slack()
        self._cast_telegram()

    def _cast_slack(self) -> None:
        ana, sam = self.slack.user("Ana"), self.slack.user("Sam")
        shared = self.slack.channel("webshop-integration", [ana, sam])
        desk = self.slack.channel("triage-desk", [sam], private=True)
        self.roles = {
            "slack-ana": Role("slack-ana", "slack", "Slack · merchant", ana, {shared.id: shared}),
            "slack-sam": Role("slack-sam", "slack", "Slack · staff", sam, {shared.id: shared, desk.id: desk}),
        }
        self.slack_merchant, self.slack_staff, self.slack_desk = ana, sam, desk

    def _cast_telegram(self) -> None:
        ana = self.telegram.user("Ana", username="ana_shop", language="en")
        sam = self.telegram.user("Sam", username="sam_support", language="en")
        desk = self.telegram.forum("Support desk", [sam])
        self.roles["telegram-ana"] = Role("telegram-ana", "telegram", "Telegram · merchant", ana, {})
        self.roles["telegram-sam"] = Role("telegram-sam", "telegram", "Telegram · staff", sam, {str(desk.id): desk})
        self.telegram_merchant, self.telegram_staff, self.telegram_desk = ana, sam, desk
