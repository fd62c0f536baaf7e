"""What a call of the Web API brings, and whether the method documents it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.platforms.schemas import published
from tests.platforms.slack.refusals import Violation

if TYPE_CHECKING:
    from aiohttp import web

    from tests.platforms.wire import Json

FILE = "slack-web-api-methods.2026-05.slack_kit.json"
ALWAYS = frozenset({"token", "team_id"})
"""Arguments that every method takes."""


async def read(request: web.Request) -> Json:
    """The arguments of a call, from the address, a form or JSON."""
    fields: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        fields |= await request.json() if await request.text() else {}
    elif request.method == "POST":
        fields |= await request.post()
    return {name: _decoded(value) for name, value in fields.items()}


def token(request: web.Request, arguments: Json) -> str:
    """The bearer token of a call, or the one among its arguments."""
    header = request.headers.get("Authorization", "")
    return header.removeprefix("Bearer ") if header.startswith("Bearer ") else str(arguments.get("token", ""))


def check(method: str, arguments: Json) -> None:
    """Refuse arguments that a method does not have, which Slack would ignore, and calls without what it needs."""
    known = published(FILE).get(method)
    if known is None:
        return
    unknown = arguments.keys() - known["args"].keys() - ALWAYS
    missing = [name for name, each in known["args"].items() if each["required"] and name not in arguments]
    # agent_view sets prompts and titles without a thread, which the data does not know yet
    missing = [name for name in missing if not (method.startswith("assistant.threads.") and name == "thread_ts")]
    faults = [f"unknown argument: {name}" for name in sorted(unknown)]
    faults += [f"missing required field: {name}" for name in missing]
    if faults:
        raise Violation("invalid_arguments", faults)


def _decoded(value: Any) -> Any:
    if not isinstance(value, str) or not value.startswith(("[", "{")):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
