"""Bots that are fit to go live, and deliberately broken ones."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr
from telegram import Bot

from bot.channels.telegram.profile import describe
from bot.chat.addresses import Address
from bot.cli import shipped
from bot.cli.chat import proved
from bot.cli.doctor import telegram as doctor
from bot.cli.telegram import profiles
from bot.settings import Settings
from tests.platforms.telegram.stand_in import TOKEN

if TYPE_CHECKING:
    from bot.cli.doctor.findings import Finding
    from bot.flow.loader import Loaded
    from tests.platforms.telegram import TelegramStandIn

pytestmark = pytest.mark.anyio
WEBHOOK = "https://triage.example/telegram/webhook"


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    """The shipped flows."""
    return proved(shipped.sources([]), shipped.locales())


async def examined(
    server: TelegramStandIn, *sending: Address, loaded: Loaded | None = None, **more: Any
) -> list[Finding]:
    """What is found of the bot with these settings."""
    settings = Settings(
        **{"telegram_token": SecretStr(server.token), "telegram_api_url": f"{server.url}/bot"} | more  # type: ignore[arg-type]
    )
    return await doctor.examine(settings, loaded, list(sending), time.time)


def bot_of(server: TelegramStandIn) -> Bot:
    """The bot as somebody else uses it."""
    return Bot(server.token, base_url=f"{server.url}/bot")


def faults(findings: list[Finding]) -> list[Finding]:
    """What is not well."""
    return [each for each in findings if each.state != "ok"]


async def test_a_bot_that_polls(telegram: TelegramStandIn) -> None:
    """With a good token and nothing else there is nothing to mend."""
    findings = await examined(telegram)
    assert faults(findings) == []
    assert "the token is that of @triage_bot" in [each.words for each in findings]


async def test_a_token_that_nobody_knows(telegram: TelegramStandIn) -> None:
    """It says where to copy the right one from, and shows the wrong one nowhere."""
    other = TOKEN.replace("AAF", "AAX")
    findings = await examined(telegram, telegram_token=SecretStr(other))
    (fault,) = faults(findings)
    assert (fault.state, "@BotFather" in fault.fix) == ("wrong", True)
    assert other not in str(findings)


async def test_telegram_away(telegram: TelegramStandIn) -> None:
    """It says what was tried."""
    (fault,) = faults(await examined(telegram, telegram_api_url="http://127.0.0.1:1/bot"))
    assert (fault.state, "http://127.0.0.1:1/bot" in fault.fix) == ("wrong", True)


async def test_a_group_of_staff_that_moved(telegram: TelegramStandIn) -> None:
    """It says what the setting is to be now; nothing stands still meanwhile."""
    noor = telegram.user("Noor")
    group = telegram.group("Desk", [noor], bot="administrator")
    moved = group.migrate(noor)
    (fault,) = faults(await examined(telegram, staff=f"telegram:{telegram.world.bot.id}:{group.id}:"))
    assert (fault.state, f"TRIAGE_STAFF=telegram:{telegram.world.bot.id}:{moved.id}:" in fault.fix) == ("odd", True)


@pytest.mark.parametrize(
    ("webhook", "error", "words"),
    [
        ({}, "", "Telegram knows of no webhook"),
        ({"url": "https://triage.example/elsewhere"}, "", "which is not answered here"),
        ({"url": WEBHOOK, "allowed_updates": ["message"]}, "", "gets no callback_query, edited_message"),
        ({"url": WEBHOOK}, "Wrong response from the webhook: 403 Forbidden", "cannot deliver to the webhook: Wrong"),
        ({"url": WEBHOOK}, "Connection refused", "cannot deliver to the webhook: Connection refused"),
    ],
)
async def test_a_webhook_that_brings_nothing(
    telegram: TelegramStandIn, webhook: dict[str, Any], error: str, words: str
) -> None:
    """None, another one, one without presses of buttons, one with another secret, and one that is not reached."""
    if webhook:
        async with bot_of(telegram) as bot:
            await bot.set_webhook(**webhook)
    if error:
        assert telegram.webhook is not None
        telegram.webhook.last_error = (int(time.time()), error)
    (fault,) = faults(await examined(telegram, telegram_webhook_secret=SecretStr("secret")))
    assert (fault.state, words in fault.words) == ("wrong", True)
    assert ("TRIAGE_TELEGRAM_WEBHOOK_SECRET" in fault.fix) == ("403" in error)
    assert fault.fix


async def test_a_webhook_that_works(telegram: TelegramStandIn) -> None:
    """A failure of yesterday is forgotten; a webhook that is set while the bot is to poll is worth a look."""
    async with bot_of(telegram) as bot:
        await bot.set_webhook(WEBHOOK, secret_token="secret")
    assert telegram.webhook is not None
    telegram.webhook.last_error = (int(time.time()) - 90_000, "Connection refused")
    findings = await examined(telegram, telegram_webhook_secret=SecretStr("secret"))
    assert faults(findings) == []
    assert any(WEBHOOK in each.words for each in findings)
    (fault,) = faults(await examined(telegram))
    assert (fault.state, "a webhook is set" in fault.words) == ("odd", True)


async def test_commands(telegram: TelegramStandIn, loaded: Loaded) -> None:
    """They are odd until they were registered, in every language, as they are now."""
    (fault,) = faults(await examined(telegram, loaded=loaded))
    assert (fault.state, "for: all others, de, es" in fault.words) == ("odd", True)
    async with bot_of(telegram) as bot:
        await describe(bot, profiles(loaded))
    assert faults(await examined(telegram, loaded=loaded)) == []


@pytest.mark.parametrize(
    ("status", "privacy", "state"),
    [
        ("administrator", True, "ok"),
        ("member", False, "ok"),
        ("member", True, "wrong"),
        ("left", False, "wrong"),
    ],
)
async def test_the_chat_of_the_staff(telegram: TelegramStandIn, status: str, privacy: bool, state: str) -> None:
    """The bot has to be in it and to see what is written there: as an administrator, or without privacy mode."""
    group = telegram.group("Desk", [telegram.user("Bea")], bot=status)
    telegram.privacy_mode = privacy
    staff = str(Address("telegram", telegram.token.partition(":")[0], str(group.id)))
    findings = await examined(telegram, staff=staff)
    assert [each.state for each in faults(findings)] == ([] if state == "ok" else ["wrong"])


async def test_a_chat_of_the_staff_that_is_none(telegram: TelegramStandIn) -> None:
    """A number that was mistyped is said to be no chat of the bot's."""
    (fault,) = faults(await examined(telegram, staff="telegram:7000000001:-4242:"))
    assert "Add @triage_bot to that chat" in fault.fix


async def test_a_round_trip(telegram: TelegramStandIn) -> None:
    """A message is sent and taken away again, only where that was asked for; who never said /start gets none."""
    ana, bea = telegram.user("Ana"), telegram.user("Bea")
    await ana.start()
    account = telegram.token.partition(":")[0]
    to_ana, to_bea = (Address("telegram", account, str(each.user.id)) for each in (ana, bea))
    findings = await examined(telegram, to_ana)
    assert f"a message was sent to {to_ana} and deleted" in [each.words for each in findings]
    assert len(telegram.wire.calls("deleteMessage")) == 1
    (fault,) = faults(await examined(telegram, to_bea))
    assert (fault.state, "/start" in fault.fix) == ("wrong", True)
