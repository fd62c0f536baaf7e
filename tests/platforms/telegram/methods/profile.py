"""What the bot says of itself, per language: commands, name, descriptions."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from tests.platforms.telegram.refusals import Violation, bad

if TYPE_CHECKING:
    from tests.platforms.telegram.call import Call, Method
    from tests.platforms.wire import Json

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
LANGUAGE = re.compile(r"([a-z]{2})?")
MAX_COMMANDS, MAX_COMMAND_TEXT = 100, 256
TEXTS = {"Name": ("name", 64), "Description": ("description", 512), "ShortDescription": ("short_description", 120)}


def get_me(call: Call) -> Json:
    """The bot itself."""
    return {
        **call.world.bot.json(),
        "can_join_groups": True,
        "can_read_all_group_messages": not call.server.privacy_mode,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": call.server.private_topics,
        "allows_users_to_create_topics": call.server.private_topics,
        "can_manage_bots": False,
    }


def set_commands(call: Call) -> bool:
    """The commands of one scope in one language."""
    commands: list[Json] = call.need("commands")
    if len(commands) > MAX_COMMANDS:
        raise bad("too many commands specified")
    for each in commands:
        if not COMMAND.fullmatch(each["command"].removeprefix("/")):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(each["description"]) <= MAX_COMMAND_TEXT:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    call.server.commands[_place(call)] = commands
    return True


def get_commands(call: Call) -> list[Json]:
    """The commands of exactly that scope and language, without falling back to others."""
    return call.server.commands.get(_place(call), [])


def delete_commands(call: Call) -> bool:
    """No commands for that scope and language, so that the more general ones show."""
    call.server.commands.pop(_place(call), None)
    return True


def log_out(_call: Call) -> bool:
    """Leave this server for another."""
    return True


def _place(call: Call) -> tuple[str, str]:
    scope = call.get("scope", {"type": "default"})
    return json.dumps(scope, sort_keys=True), _language(call)


def _language(call: Call) -> str:
    language: str = call.get("language_code", "")
    if not LANGUAGE.fullmatch(language):
        raise Violation(f"language_code {language!r} is no two-letter code of ISO 639-1")
    return language


def _setter(field: str, most: int) -> Method:
    def change(call: Call) -> bool:
        value = call.text(field, most)
        texts = call.server.texts.setdefault(field, {})
        if value:
            texts[_language(call)] = value
        else:
            texts.pop(_language(call), None)
        return True

    return change


def _getter(field: str) -> Method:
    def look(call: Call) -> Json:
        texts = call.server.texts.get(field, {})
        default = call.world.bot.first_name if field == "name" else ""
        return {field: texts.get(_language(call), texts.get("", default))}

    return look


METHODS: dict[str, Method] = {
    "getMe": get_me,
    "setMyCommands": set_commands,
    "getMyCommands": get_commands,
    "deleteMyCommands": delete_commands,
    "logOut": log_out,
    "close": log_out,
    **{f"setMy{name}": _setter(field, most) for name, (field, most) in TEXTS.items()},
    **{f"getMy{name}": _getter(field) for name, (field, _) in TEXTS.items()},
}
