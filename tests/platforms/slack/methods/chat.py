"""chat.*: writing, changing and deleting messages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.platforms.slack.events import message_changed, message_deleted, message_written
from tests.platforms.slack.refusals import Refusal, Violation

if TYPE_CHECKING:
    from tests.platforms.slack.call import Call, Method
    from tests.platforms.slack.world import Conversation
    from tests.platforms.wire import Json

MAX_TEXT, MAX_UPDATE, MAX_MARKDOWN, MAX_ATTACHMENTS = 40_000, 4_000, 12_000, 100
DROPPED = "message_truncated"


def content(call: Call) -> Json:
    """The text, blocks, attachments and metadata of a call, as fields of a message."""
    text, markdown = call.get("text") or "", call.get("markdown_text") or ""
    if markdown and (text or call.get("blocks")):
        raise Refusal("markdown_text_conflict")
    if len(markdown) > MAX_MARKDOWN:
        raise Refusal("msg_too_long")
    found: Json = {"text": (text or markdown)[:MAX_TEXT]}
    if call.get("blocks"):
        found["blocks"] = call.server.blocks.message(call.get("blocks"))
    if call.get("attachments"):
        found["attachments"] = _attachments(call.get("attachments"))
    if call.get("metadata"):
        found["metadata"] = _metadata(call.get("metadata"))
    if not (found["text"] or found.get("blocks") or found.get("attachments")):
        raise Refusal("no_text")
    return found


def post_message(call: Call) -> Json:
    """A new message, perhaps in a thread."""
    call.scope("chat:write")
    conversation = call.postable()
    fields = content(call) | _author(call)
    thread = _thread(call, conversation)
    if call.flag("reply_broadcast"):
        if thread is None:
            raise Violation("invalid_arguments", ["reply_broadcast without thread_ts"])
        fields["subtype"] = "thread_broadcast"
    message = call.world.write(conversation, call.bot, thread, **fields)
    if thread is not None:
        conversation.assistant.get(thread, {}).pop("status", None)
    call.server.news.tell()
    message_written(call.server, conversation, message)
    answer: Json = {"channel": conversation.id, "ts": message["ts"], "message": _shown(message)}
    if len(call.get("text") or "") > MAX_TEXT:
        answer["response_metadata"] = {"messages": ["[WARN] text was truncated"], "warnings": [DROPPED]}
    return answer


def post_ephemeral(call: Call) -> Json:
    """A message that one member sees until the app is loaded anew."""
    call.scope("chat:write")
    conversation = call.postable()
    reader = call.need("user")
    if reader not in conversation.members:
        raise Refusal("user_not_in_channel")
    fields = content(call) | _author(call)
    thread = _thread(call, conversation)
    message: Json = {"type": "message", "user": call.bot.id, "ts": call.world.ids.ts(), "is_ephemeral": True}
    message |= fields | ({} if thread is None else {"thread_ts": thread})
    conversation.ephemeral.append((reader, message))
    call.server.news.tell()
    return {"message_ts": message["ts"]}


def update(call: Call) -> Json:
    """Other content for a message of the app; what is not given goes."""
    call.scope("chat:write")
    conversation = call.conversation()
    message = call.message(conversation)
    if message.get("app_id") != call.world.app_id:
        raise Refusal("cant_update_message")
    if conversation.archived:
        raise Refusal("is_inactive")
    if len(call.get("text") or "") > MAX_UPDATE:
        raise Refusal("msg_too_long")
    before = dict(message)
    fields = content(call)
    for name in ("blocks", "attachments"):
        message.pop(name, None)
    message |= fields | {"edited": {"user": call.bot.id, "ts": call.world.ids.ts()}}
    call.server.news.tell()
    message_changed(call.server, conversation, message, before)
    return {"channel": conversation.id, "ts": message["ts"], "text": message["text"], "message": _shown(message)}


def delete(call: Call) -> Json:
    """Remove a message of the app; of a thread's first message a tombstone stays, as long as there are replies."""
    call.scope("chat:write")
    conversation = call.conversation()
    message = call.message(conversation)
    if message.get("app_id") != call.world.app_id:
        raise Refusal("cant_delete_message")
    remove(call, conversation, message)
    return {"channel": conversation.id, "ts": message["ts"]}


def remove(call: Call, conversation: Conversation, message: Json) -> None:
    """Take a message out of a conversation."""
    del conversation.messages[message["ts"]]
    call.server.news.tell()
    message_deleted(call.server, conversation, message)


def permalink(call: Call) -> Json:
    """The address of a message."""
    conversation = call.conversation()
    message = call.message(conversation, "message_ts")
    path = f"archives/{conversation.id}/p{message['ts'].replace('.', '')}"
    return {"channel": conversation.id, "permalink": f"https://{call.workspace.id.lower()}.slack.example/{path}"}


def _author(call: Call) -> Json:
    found: Json = {"bot_id": call.installation.bot_id, "app_id": call.world.app_id}
    for name in ("username", "icon_emoji", "icon_url"):
        if name in call.arguments:
            call.scope("chat:write.customize")
            found[name] = call.get(name)
    return found


def _thread(call: Call, conversation: Conversation) -> str | None:
    thread: str | None = call.get("thread_ts")
    if not thread:
        return None
    parent = conversation.messages.get(thread)
    if parent is None:
        # Slack writes it into the channel; nobody means that
        raise Violation("thread_not_found", [f"thread_ts {thread} is no message of {conversation.id}"])
    if parent.get("thread_ts", thread) != thread:
        raise Violation("cannot_reply_to_message", [f"thread_ts {thread} is a reply, not the first message"])
    return thread


def _attachments(given: Any) -> list[Json]:
    found: list[Json] = json.loads(given) if isinstance(given, str) else given
    if len(found) > MAX_ATTACHMENTS:
        raise Refusal("too_many_attachments")
    return found


def _metadata(given: Any) -> Json:
    found = json.loads(given) if isinstance(given, str) else given
    if not isinstance(found, dict) or set(found) != {"event_type", "event_payload"}:
        raise Violation("invalid_metadata_format", ["metadata has event_type and event_payload, no more"])
    return found


def _shown(message: Json) -> Json:
    return {name: value for name, value in message.items() if name != "metadata"}


METHODS: dict[str, Method] = {
    "chat.postMessage": post_message,
    "chat.postEphemeral": post_ephemeral,
    "chat.update": update,
    "chat.delete": delete,
    "chat.getPermalink": permalink,
}
