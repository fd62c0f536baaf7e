"""A stand-in for Telegram: the Bot API of one bot, and the people and chats around it."""

from tests.platforms.telegram.stand_in import TelegramStandIn

__all__ = ["TelegramStandIn"]
