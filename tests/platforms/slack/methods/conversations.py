"""conversations.*: opening, joining, and reading what was said."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from tests.platforms.slack.refusals import Refusal
from tests.platforms.slack.world import SCOPE_WORD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.platforms.slack.call import Call, Method
    from tests.platforms.slack.world import Conversation
    from tests.platforms.wire import Json

T = TypeVar("T")

PAGE = 100
MAX_PAGE = 999


def open_direct(call: Call) -> Json:
    """The direct messages with somebody of the workspace."""
    call.scope("im:write")
    users = str(call.need("users")).split(",")
    if len(users) > 1:
        raise Refusal("not_enough_users", detail="the stand-in has no group direct messages")
    if users[0] not in call.workspace.users:
        raise Refusal("user_not_found")
    if call.workspace.users[users[0]].is_bot:
        raise Refusal("cannot_dm_bot")
    conversation = call.world.direct(call.workspace, users[0])
    return {"channel": conversation.json() if call.flag("return_im") else {"id": conversation.id}}


def info(call: Call) -> Json:
    """One conversation."""
    conversation = call.conversation("read")
    return {"channel": conversation.json() | {"is_member": call.bot.id in conversation.members}}


def every(call: Call) -> Json:
    """The conversations of the workspace that the app may see."""
    words = {SCOPE_WORD[kind] for kind in ("channel", "group", "im")}
    call.scope(*sorted(f"{word}:read" for word in words))
    wanted = set(str(call.get("types", "public_channel")).split(","))
    kinds = {
        kind
        for kind, name in {"channel": "public_channel", "group": "private_channel", "im": "im"}.items()
        if name in wanted
    }
    found = [
        each
        for each in call.world.conversations.values()
        if call.workspace.id in each.teams
        and each.kind in kinds
        and (each.kind == "channel" or call.bot.id in each.members)
        and not (each.archived and call.flag("exclude_archived"))
    ]
    page, cursor = _page(call, found)
    return {"channels": [each.json() | {"is_member": call.bot.id in each.members} for each in page], **cursor}


def join(call: Call) -> Json:
    """Become a member of a public channel."""
    call.scope("channels:join")
    conversation = call.conversation()
    if conversation.kind != "channel":
        raise Refusal("method_not_supported_for_channel_type")
    if conversation.archived:
        raise Refusal("is_archived")
    if call.bot.id not in conversation.members:
        conversation.members.append(call.bot.id)
    call.server.news.tell()
    return {"channel": conversation.json()}


def members(call: Call) -> Json:
    """Who is in a conversation."""
    page, cursor = _page(call, call.conversation("read").members)
    return {"members": page, **cursor}


def history(call: Call) -> Json:
    """The messages of a conversation without the replies in threads, newest first."""
    conversation = _readable(call)
    found = [
        each
        for each in reversed(conversation.messages.values())
        if each.get("thread_ts", each["ts"]) == each["ts"] or each.get("subtype") == "thread_broadcast"
    ]
    return _messages(call, found)


def replies(call: Call) -> Json:
    """A thread, oldest first."""
    conversation = _readable(call)
    found = conversation.thread(str(call.need("ts")))
    if not found:
        raise Refusal("thread_not_found")
    return _messages(call, found)


def _readable(call: Call) -> Conversation:
    conversation = call.conversation("history")
    if call.bot.id not in conversation.members:
        raise Refusal("not_in_channel")
    return conversation


def _messages(call: Call, found: Sequence[Json]) -> Json:
    oldest, latest, inclusive = call.get("oldest"), call.get("latest"), call.flag("inclusive")
    if oldest:
        found = [each for each in found if each["ts"] > oldest or (inclusive and each["ts"] == oldest)]
    if latest:
        found = [each for each in found if each["ts"] < latest or (inclusive and each["ts"] == latest)]
    page, cursor = _page(call, found)
    hidden = set() if call.flag("include_all_metadata") else {"metadata"}
    shown = [{name: value for name, value in each.items() if name not in hidden} for each in page]
    return {"messages": shown, "has_more": bool(cursor["response_metadata"]["next_cursor"]), **cursor}


def _page(call: Call, found: Sequence[T]) -> tuple[list[T], Json]:
    start = int(str(call.get("cursor") or "0").removeprefix("next:") or 0)
    limit = int(call.get("limit") or PAGE)
    if not 1 <= limit <= MAX_PAGE:
        raise Refusal("invalid_limit")
    end = start + limit
    return list(found[start:end]), {"response_metadata": {"next_cursor": f"next:{end}" if end < len(found) else ""}}


METHODS: dict[str, Method] = {
    "conversations.open": open_direct,
    "conversations.info": info,
    "conversations.list": every,
    "conversations.join": join,
    "conversations.members": members,
    "conversations.history": history,
    "conversations.replies": replies,
}
