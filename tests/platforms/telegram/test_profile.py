"""What the bot says of itself, in several languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats

from tests.platforms.telegram.refused import refused

if TYPE_CHECKING:
    from tests.platforms.telegram import TelegramStandIn

pytestmark = pytest.mark.anyio


async def test_commands_have_scope_and_language(bot: Bot) -> None:
    """Commands are kept for one scope and language each, and read back for exactly these."""
    await bot.set_my_commands([BotCommand("help", "What I do")])
    await bot.set_my_commands([BotCommand("help", "Qué hago")], BotCommandScopeAllPrivateChats(), "es")
    assert [each.description for each in await bot.get_my_commands()] == ["What I do"]
    spanish = await bot.get_my_commands(BotCommandScopeAllPrivateChats(), "es")
    assert [each.description for each in spanish] == ["Qué hago"]
    assert await bot.get_my_commands(language_code="es") == ()
    await bot.delete_my_commands()
    assert await bot.get_my_commands() == ()


async def test_texts_fall_back_to_the_default(bot: Bot) -> None:
    """Name and descriptions exist per language; one that is missing is that of no language."""
    await bot.set_my_description("I help", None)
    await bot.set_my_description("Ayudo", "es")
    await bot.set_my_short_description("Help")
    assert (await bot.get_my_description("es")).description == "Ayudo"
    assert (await bot.get_my_description("nl")).description == "I help"
    assert (await bot.get_my_short_description()).short_description == "Help"
    assert (await bot.get_my_name()).name == "Triage"
    await bot.set_my_name("Triaje", "es")
    assert (await bot.get_my_name("es")).name == "Triaje"


@pytest.mark.parametrize(
    ("commands", "language", "reason"),
    [
        ([("Help", "x")], None, "bot_command_invalid"),
        ([("help", "x" * 257)], None, "bot_command_description_invalid"),
        ([("help", "x")] * 101, None, "too many commands"),
        ([("help", "x")], "pt-BR", "no two-letter code"),
    ],
)
async def test_wrong_commands_are_refused(bot: Bot, commands: Any, language: str | None, reason: str) -> None:
    """Each rule about commands is kept."""
    with refused(reason):
        await bot.set_my_commands(commands, language_code=language)


async def test_texts_have_limits(telegram: TelegramStandIn, bot: Bot) -> None:
    """A description that is too long is refused and noted."""
    with refused("description has 513 characters"):
        await bot.set_my_description("x" * 513)
    with refused("short_description has 121 characters"):
        await bot.set_my_short_description("x" * 121)
    assert len(telegram.wire.violations) == 2


async def test_typing_shows_for_five_seconds(telegram: TelegramStandIn, bot: Bot) -> None:
    """A chat action has an end, and a message ends it at once; unknown ones are refused."""
    ana = telegram.user("Ana")
    said = await ana.send("hello")
    await bot.send_chat_action(ana.user.id, "typing")
    action = said.chat.action
    assert action is not None
    assert (action[0], action[1] > telegram.clock.now()) == ("typing", True)
    await bot.send_message(ana.user.id, "Here I am")
    assert [said.chat.action] == [None]
    with refused("action"):
        await bot.send_chat_action(ana.user.id, "dancing")
