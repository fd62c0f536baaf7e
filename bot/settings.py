"""Settings: what a deployment may say, in the environment. Every wrong one is named, with what would be right."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.chat.addresses import parse

PREFIX: Final = "TRIAGE_"


class SettingsError(Exception):
    """Settings that cannot be used; the message has a line for each."""


def _place(address: str) -> str:
    """The address of a place, or "" for none; raises ValueError."""
    if address:
        parse(address)
    return address


class Settings(BaseSettings):
    """Each is the environment's variable of its name in capitals behind `TRIAGE_`; an empty one is its default."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True)

    database_url: SecretStr = SecretStr("sqlite:///triage.db")
    """Where conversations are kept. It may hold a password, so nothing ever shows it."""
    flow: str = ""
    """The flow that a new conversation begins with; "" for the one that `/start` begins."""
    staff: Annotated[str, AfterValidator(_place)] = ""
    """The address (channel:account:chat:thread) that cases go to; "" for the merchant's own place."""
    telegram_token: SecretStr = SecretStr("")
    """The token of the Telegram bot; "" for no Telegram."""
    telegram_api_url: str = ""
    """Where the Bot API is, up to the token; "" for Telegram's own."""
    telegram_webhook_secret: SecretStr = SecretStr("")
    """What Telegram proves itself with at the webhook; "" to poll instead."""
    http_host: str = "127.0.0.1"
    http_port: Annotated[int, Field(ge=1, le=65_535)] = 8080
    log_format: Literal["console", "json"] = "json"
    log_level: Literal["debug", "info", "warning", "error"] = "info"


def read() -> Settings:
    """The settings of the environment; raises SettingsError."""
    try:
        return Settings()
    except ValidationError as error:
        lines = [_line(each) for each in error.errors(include_url=False, include_context=True)]
        raise SettingsError("\n".join(lines)) from None


def _line(error: Any) -> str:
    name = PREFIX + "_".join(map(str, error["loc"])).upper()
    if error["type"] == "literal_error":
        return f"{name} is {error['input']!r}; it can be {error['ctx']['expected']}"
    return f"{name}: {error['msg'].removeprefix('Value error, ')}"
