"""Whether Telegram knows the bot, reaches it, and shows people what it can do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, TelegramError

from bot.channels.telegram.connecting import API_URL, make
from bot.channels.telegram.updates import KINDS
from bot.channels.telegram.webhook import PATH
from bot.chat.addresses import parse
from bot.chat.people import TELEGRAM
from bot.cli.doctor.findings import Finding, odd, wrong
from bot.cli.doctor.host import clock
from bot.cli.telegram import commands

if TYPE_CHECKING:
    from collections.abc import Callable

    from telegram import Bot, User, WebhookInfo

    from bot.chat.addresses import Address
    from bot.flow.loader import Loaded
    from bot.settings import Settings

FRESH_S: Final = 3_600
"""For how long a failure of Telegram's to reach the webhook counts."""
_FORBIDDEN: Final = re.compile(r"\b403\b")
_REGISTER: Final = "`triage serve` registers them when it starts. Start it once, and call this again."


async def examine(
    settings: Settings, loaded: Loaded | None, sending: list[Address], now: Callable[[], float]
) -> list[Finding]:
    """All about the bot; `sending` are the chats in which a message may be sent and deleted."""
    token = settings.telegram_token.get_secret_value()
    bot = make(token, settings.telegram_api_url)
    findings = await clock(settings.telegram_api_url or API_URL, "Telegram", now)
    try:
        known = await knows(bot, settings)
        findings.append(known)
        if known.state == "wrong":
            return findings
        me = await bot.get_me()
        secret = settings.telegram_webhook_secret.get_secret_value()
        findings.append(reaching(await bot.get_webhook_info(), now(), webhook=bool(secret)))
        if loaded is not None:
            findings.append(await registered(bot, loaded))
        if desk := settings.places.on(TELEGRAM.name):
            findings.append(await staff(bot, me, parse(desk)))
        findings += [await round_trip(bot, each) for each in sending]
    except TelegramError as error:
        findings.append(wrong(f"Telegram broke off ({type(error).__name__})", "Call this again in a moment."))
    finally:
        await bot.shutdown()
    return findings


async def knows(bot: Bot, settings: Settings) -> Finding:
    """The token is that of a bot."""
    try:
        await bot.initialize()
    except InvalidToken:
        fix = "Copy the token that @BotFather gave (/mybots, API Token) to TRIAGE_TELEGRAM_TOKEN."
        return wrong("Telegram does not know the token", fix)
    except TelegramError as error:
        where = settings.telegram_api_url or API_URL
        fix = f"Is {where} right (TRIAGE_TELEGRAM_API_URL), and may this machine reach it?"
        return wrong(f"Telegram cannot be reached ({type(error).__name__})", fix)
    return Finding(f"the token is that of @{bot.username}")


def reaching(info: WebhookInfo, now: float, *, webhook: bool) -> Finding:
    """Updates come by the way that the settings say: `webhook`, or polling."""
    if not webhook:
        if info.url:
            fix = "`triage serve` removes it when it starts. If it is another program's, give that one its own bot."
            return odd("updates are polled, but a webhook is set", fix)
        return Finding("updates are polled")
    tell = f"Set TRIAGE_PUBLIC_URL: `triage serve` tells Telegram then. Or call setWebhook with url=https://YOUR-HOST{PATH}."
    if not info.url:
        return wrong("there is a secret for a webhook, but Telegram knows of no webhook", tell)
    if not urlsplit(info.url).path.endswith(PATH):
        return wrong(f"the webhook is {info.url}, which is not answered here", tell)
    missing = set(KINDS) - set(info.allowed_updates or KINDS)
    if missing:
        return wrong(
            f"the webhook gets no {', '.join(sorted(missing))}", f"{tell} allowed_updates are: {', '.join(KINDS)}."
        )
    failed = info.last_error_date
    if failed is not None and now - failed.timestamp() < FRESH_S:
        words = f"Telegram cannot deliver to the webhook: {info.last_error_message}"
        if _FORBIDDEN.search(info.last_error_message or ""):
            return wrong(words, f"Telegram has another secret than TRIAGE_TELEGRAM_WEBHOOK_SECRET. {tell}")
        return wrong(words, "Does the service run, and does the proxy before it forward this path?")
    return Finding(f"updates come to {info.url}; {info.pending_update_count} are waiting")


async def registered(bot: Bot, loaded: Loaded) -> Finding:
    """Every command is shown in every language, with the words of today's flows."""
    missing = []
    for language, listed in commands(loaded).items():
        shown = {each.command: each.description for each in await bot.get_my_commands(language_code=language or None)}
        if shown != {name[:32]: words[:256] for name, words in listed}:
            missing.append(language or "all others")
    if missing:
        return odd(f"the commands are not registered as they are now, for: {', '.join(missing)}", _REGISTER)
    return Finding("the commands are registered in every language")


async def staff(bot: Bot, me: User, place: Address) -> Finding:
    """The bot is in the chat of the staff, and is shown what they write there."""
    try:
        member = await bot.get_chat_member(int(place.chat), me.id)
    except ChatMigrated as moved:
        setting = f"{place.channel}:{place.account}:{moved.new_chat_id}:"
        fix = f"Set TRIAGE_STAFF={setting} when you come to it. Until then the service follows by itself."
        return odd(f"the group of the staff ({place.chat}) has become a supergroup, with another id", fix)
    except (BadRequest, Forbidden):
        return wrong(f"the bot is not in the chat of TRIAGE_STAFF ({place.chat})", f"Add @{me.username} to that chat.")
    if member.status in {ChatMemberStatus.LEFT, ChatMemberStatus.BANNED}:
        return wrong(f"the bot has left the chat of TRIAGE_STAFF ({place.chat})", f"Add @{me.username} to it again.")
    sees = me.can_read_all_group_messages or member.status == ChatMemberStatus.ADMINISTRATOR
    if place.chat.startswith("-") and not sees:
        fix = "Make it an administrator there, or: @BotFather, /setprivacy, Disable; then add it to the chat again."
        return wrong("privacy mode hides from the bot what the staff writes", fix)
    return Finding(f"the bot is in the chat of the staff, as {member.status}")


async def round_trip(bot: Bot, place: Address) -> Finding:
    """A message arrives, and is taken away again."""
    thread = int(place.thread) if place.thread else None
    try:
        sent = await bot.send_message(
            int(place.chat), "Triage can be read here.", message_thread_id=thread, disable_notification=True
        )
        await bot.delete_message(int(place.chat), sent.message_id)
    except (BadRequest, Forbidden) as error:
        fix = "Is the bot in that chat, may it write there, and did the person say /start to it?"
        return wrong(f"no message can be sent to {place}: {error.message}", fix)
    return Finding(f"a message was sent to {place} and deleted")
