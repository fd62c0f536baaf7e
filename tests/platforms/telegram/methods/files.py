"""Sending files and fetching them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.platforms.telegram.entities import formatted
from tests.platforms.telegram.methods.sending import send
from tests.platforms.telegram.refusals import Refusal, Violation, bad

if TYPE_CHECKING:
    from tests.platforms.telegram.call import Call, Method
    from tests.platforms.telegram.world import File
    from tests.platforms.wire import Json

MEGABYTE = 1 << 20
MAX_UPLOAD, MAX_PHOTO, MAX_DOWNLOAD = 50 * MEGABYTE, 10 * MEGABYTE, 20 * MEGABYTE
LINK_SECONDS = 3600
GROUPED = {"photo": "photo", "video": "video", "document": "document", "audio": "audio"}


def content(kind: str, file: File) -> Json:
    """A file as a field of a message."""
    if kind == "photo":
        # the size of the picture itself is not looked at: nothing here depends on it
        sizes = [(90, 60), (1280, 853)]
        return {"photo": [{**file.json(), "width": width, "height": height} for width, height in sizes]}
    found: Json = {**file.json(), "mime_type": file.mime_type}
    if kind in {"document", "audio", "video", "animation"}:
        found["file_name"] = file.name
    if kind in {"audio", "video", "voice", "animation"}:
        found["duration"] = 3
    if kind in {"video", "animation"}:
        found |= {"width": 1280, "height": 720}
    # an animation is shown to old apps as a document, and stands in its message as both
    return {kind: found} | (content("document", file) if kind == "animation" else {})


def send_photo(call: Call) -> Json:
    """A picture."""
    return _send(call, "photo")


def send_document(call: Call) -> Json:
    """Any file."""
    return _send(call, "document")


def send_voice(call: Call) -> Json:
    """A voice message."""
    return _send(call, "voice")


def send_video(call: Call) -> Json:
    """A film."""
    return _send(call, "video")


def send_audio(call: Call) -> Json:
    """Music."""
    return _send(call, "audio")


def send_animation(call: Call) -> Json:
    """A film without sound, that plays by itself."""
    return _send(call, "animation")


def send_media_group(call: Call) -> list[Json]:
    """An album of two to ten; documents and sound keep to themselves."""
    media: list[Json] = call.need("media")
    if not 2 <= len(media) <= 10:
        raise bad("media group must include 2-10 items")
    kinds = {each["type"] for each in media}
    if not kinds <= GROUPED.keys() or (len(kinds) > 1 and kinds & {"document", "audio"}):
        raise bad("can't use the media of the specified type in the album")
    if "reply_markup" in call.arguments:
        raise Violation("an album has no buttons")
    group = {"media_group_id": call.world.new_id()}
    return [
        send(call, group | content(each["type"], _file(call, each["media"], each["type"])) | formatted(each, "caption"))
        for each in media
    ]


def get_file(call: Call) -> Json:
    """Where a file can be fetched for an hour."""
    file = call.world.files.get(call.need("file_id"))
    if file is None:
        raise bad("wrong file_id or the file is temporarily unavailable")
    if len(file.content) > MAX_DOWNLOAD:
        raise bad("file is too big")
    path = f"documents/file_{list(call.world.files).index(file.id)}_{file.name}"
    call.server.links[path] = (file, call.world.clock.now() + LINK_SECONDS)
    return {**file.json(), "file_path": path}


def _send(call: Call, kind: str) -> Json:
    call.writable()
    given = f"attach://{kind}" if kind in call.uploads else call.need(kind)
    return send(call, content(kind, _file(call, given, kind)) | formatted(call.arguments, "caption"))


def _file(call: Call, given: str, kind: str) -> File:
    """What a call sends: a part of it, or a file that Telegram has."""
    if given.startswith(("http://", "https://")):
        raise Violation("the stand-in fetches no address; send the bytes")
    if not given.startswith("attach://"):
        return call.world.file(given)
    upload = call.uploads.get(given.removeprefix("attach://"))
    if upload is None:
        raise bad(f"there is no file in the request named {given}")
    if not upload.content:
        raise bad("file must be non-empty")
    if len(upload.content) > MAX_UPLOAD:
        raise Refusal(413, "Request Entity Too Large")
    if kind == "photo" and len(upload.content) > MAX_PHOTO:
        raise bad(
            f"file of size {len(upload.content)} bytes is too big for a photo; the maximum size is {MAX_PHOTO} bytes"
        )
    return call.world.new_file(upload.name, upload.content, upload.mime_type)


METHODS: dict[str, Method] = {
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "sendVoice": send_voice,
    "sendVideo": send_video,
    "sendAudio": send_audio,
    "sendAnimation": send_animation,
    "sendMediaGroup": send_media_group,
    "getFile": get_file,
}
