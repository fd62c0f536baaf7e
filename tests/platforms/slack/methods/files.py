"""files.*: the three steps of an upload, and what is known of a file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.platforms.slack.events import message_written
from tests.platforms.slack.refusals import Refusal
from tests.platforms.slack.world import File

if TYPE_CHECKING:
    from tests.platforms.slack.call import Call, Method
    from tests.platforms.slack.stand_in import SlackStandIn
    from tests.platforms.wire import Json


def as_json(server: SlackStandIn, file: File) -> Json:
    """Slack's file."""
    address = f"{server.url}/files/{file.id}/{file.name}"
    shares = {"public": {where: [{"ts": ts}] for where, ts in file.shares.items()}} if file.shares else {}
    return {
        "id": file.id,
        "name": file.name,
        "title": file.title or file.name,
        "size": file.size,
        "user": file.owner,
        "mimetype": "application/octet-stream",
        "filetype": file.name.rpartition(".")[2],
        "pretty_type": file.name.rpartition(".")[2].upper(),
        "mode": "hosted",
        "created": int(server.clock.now()),
        "editable": False,
        "is_external": False,
        "external_type": "",
        "is_public": False,
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "permalink": f"{address}?permalink",
        "groups": [],
        "url_private": address,
        "url_private_download": address,
        "channels": list(file.shares),
        "shares": shares,
    }


def get_upload_url(call: Call) -> Json:
    """Step one: an address for so many bytes."""
    call.scope("files:write")
    name, size = str(call.need("filename")), int(call.need("length"))
    file = File(call.world.ids.new("F"), name, size, call.bot.id, call.workspace.id)
    call.world.files[file.id] = file
    return {"upload_url": f"{call.server.url}/upload/{file.id}", "file_id": file.id}


def complete_upload(call: Call) -> Json:
    """Step three: the files are there, and perhaps shown in a conversation."""
    call.scope("files:write")
    given = call.need("files")
    wanted: list[Json] = json.loads(given) if isinstance(given, str) else given
    files: list[File] = []
    for each in wanted:
        file = call.world.files.get(each["id"])
        if file is None or not file.uploaded:
            raise Refusal("file_not_found")
        file.title = each.get("title", "")
        files.append(file)
    if call.get("channel_id"):
        conversation = call.postable("channel_id")
        fields: Json = {"text": call.get("initial_comment") or "", "bot_id": call.installation.bot_id}
        if call.get("blocks"):
            fields["blocks"] = call.server.blocks.message(call.get("blocks"))
        fields |= {"app_id": call.world.app_id, "subtype": "file_share"}
        message = call.world.write(conversation, call.bot, call.get("thread_ts"), **fields)
        for file in files:
            file.shares[conversation.id] = message["ts"]
        message["files"] = [as_json(call.server, file) for file in files]
        message_written(call.server, conversation, message)
    call.server.news.tell()
    # which message shows them is known a little later, and asked of each file
    return {"files": [{"id": file.id, "title": file.title} for file in files]}


def info(call: Call) -> Json:
    """One file."""
    call.scope("files:read")
    file = call.world.files.get(call.need("file"))
    if file is None or not file.uploaded:
        raise Refusal("file_not_found")
    return {"file": as_json(call.server, file), "comments": []}


METHODS: dict[str, Method] = {
    "files.getUploadURLExternal": get_upload_url,
    "files.completeUploadExternal": complete_upload,
    "files.info": info,
}
