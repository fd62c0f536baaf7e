"""What a call brings: fields of a form, of JSON or of the address, and files; whether the method takes it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.platforms.telegram.refusals import Violation

if TYPE_CHECKING:
    from tests.platforms.schemas import Schema
    from tests.platforms.wire import Json

WORDS = frozenset(
    [
        "text",
        "caption",
        "parse_mode",
        "callback_query_id",
        "name",
        "title",
        "description",
        "short_description",
        "language_code",
        "url",
        "secret_token",
        "ip_address",
        "file_id",
        "icon_custom_emoji_id",
        "message_effect_id",
        "business_connection_id",
        "action",
        "emoji",
        "custom_title",
        "photo",
        "document",
        "voice",
        "video",
        "audio",
        "sticker",
        "animation",
        "certificate",
        "start_parameter",
    ]
)
"""Fields that are text even where the text looks like JSON."""


@dataclass(frozen=True)
class Upload:
    """A file sent along with a call."""

    name: str
    content: bytes
    mime_type: str


async def read(request: web.Request) -> tuple[Json, dict[str, Upload]]:
    """The arguments of a call, decoded, and its files by the name of their part."""
    fields: dict[str, Any] = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.content_type == "application/json":
        fields |= await request.json()
    elif request.method == "POST":
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                uploads[name] = Upload(value.filename, value.file.read(), value.content_type)
            else:
                fields[name] = value
    return {name: _decoded(name, value) for name, value in fields.items()}, uploads


def check(schema: Schema, method: str, arguments: Json, uploads: dict[str, Upload]) -> None:
    """Refuse what the method does not document: unknown parameters, missing ones, wrong types."""
    definition = f"{method[0].upper()}{method[1:]}Params"
    known = schema.document["definitions"].get(definition)
    if known is None:
        return
    # a file in a part of its own stands where a file_id could
    stand_ins = {name: "attach://part" for name in uploads if name in known.get("properties", {})}
    fault = schema.fault(definition, arguments | stand_ins)
    if fault is not None:
        raise Violation(fault)


def _decoded(name: str, value: Any) -> Any:
    if name in WORDS or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
