"""The Events API: what happened, told to the app in every workspace that may know, until it is taken."""

from __future__ import annotations

import copy
import uuid
from typing import TYPE_CHECKING

from tests.platforms.slack.world import SCOPE_WORD

if TYPE_CHECKING:
    from tests.platforms.slack.stand_in import SlackStandIn
    from tests.platforms.slack.world import Conversation, Workspace
    from tests.platforms.wire import Json

PAUSES = (0, 60, 300)
"""Seconds before the first, second and third repetition of an event that was not taken."""
SCOPES = {
    "app_mention": "app_mentions:read",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "file_shared": "files:read",
    "member_joined_channel": "channels:read",
    "app_home_opened": None,
    "app_uninstalled": None,
    "channel_id_changed": "groups:read",
    "tokens_revoked": None,
}


def message_written(server: SlackStandIn, conversation: Conversation, message: Json) -> None:
    """A new message; one that names the bot is told of twice, as message and as mention."""
    event = _of(server, conversation, message)
    for workspace in server.world.workspaces_of(conversation):
        told = event if message["team"] == workspace.id else _from_outside(event)
        tell(server, workspace, message_event(conversation), told, conversation)
        bot = workspace.installation.bot.id
        if f"<@{bot}>" in message["text"] and conversation.kind != "im" and message["user"] != bot:
            mention = {name: value for name, value in told.items() if name != "channel_type"}
            tell(server, workspace, "app_mention", {**mention, "type": "app_mention"}, conversation)


def message_changed(server: SlackStandIn, conversation: Conversation, message: Json, before: Json) -> None:
    """Somebody, or Slack by an unfurl, changed a message."""
    fields = {"message": message, "previous_message": before}
    _changed(server, conversation, "message_changed", fields)


def message_deleted(server: SlackStandIn, conversation: Conversation, message: Json) -> None:
    """A message is gone."""
    fields = {"deleted_ts": message["ts"], "previous_message": message}
    _changed(server, conversation, "message_deleted", fields)


def message_event(conversation: Conversation) -> str:
    """The name under which an app subscribes to the messages of a kind of conversation."""
    return {"channel": "message.channels", "group": "message.groups", "im": "message.im"}[conversation.kind]


def tell(
    server: SlackStandIn, workspace: Workspace, name: str, event: Json, conversation: Conversation | None = None
) -> None:
    """Tell the app of an event, if it subscribed to it and was granted the scope for it."""
    needed = SCOPES.get(name)
    if name.startswith("message.") and conversation is not None:
        needed = f"{SCOPE_WORD[conversation.kind]}:history"
    installation, organisation = workspace.installation, workspace.organisation
    enterprise = organisation.id if organisation is not None else None
    if name not in server.events or (needed is not None and needed not in installation.scopes):
        return
    payload: Json = {
        "token": "stand-in",
        "team_id": workspace.id,
        "context_team_id": workspace.id,
        "context_enterprise_id": enterprise,
        "api_app_id": server.world.app_id,
        "event": copy.deepcopy(event),
        "type": "event_callback",
        "event_id": server.world.ids.new("Ev"),
        "event_time": int(server.clock.now()),
        "authorizations": [
            {
                "enterprise_id": enterprise,
                "team_id": workspace.id,
                "user_id": installation.bot.id,
                "is_bot": True,
                "is_enterprise_install": organisation is not None,
            }
        ],
        "is_ext_shared_channel": conversation is not None and conversation.shared,
        "event_context": f"4-{uuid.uuid4().hex}",
    }
    server.spawn_delivery(name.partition(".")[0], payload)


def removed(server: SlackStandIn, workspace: Workspace, *, vague: bool = False) -> None:
    """The app is gone from a workspace, or from all of an organisation, which is told by the organisation's id alone.

    With `vague` it is told by both ids. Either way nobody is left whose authorization could be named.
    """
    organisation = workspace.organisation
    outer: Json = {"team_id": workspace.id} if organisation is None or vague else {}
    outer |= {"enterprise_id": organisation.id} if organisation is not None else {}
    outer |= {"token": "stand-in", "api_app_id": server.world.app_id, "type": "event_callback"}
    for event in (
        {"type": "tokens_revoked", "tokens": {"bot": [workspace.installation.bot.id]}},
        {"type": "app_uninstalled"},
    ):
        now = {"event_id": server.world.ids.new("Ev"), "event_time": int(server.clock.now())}
        payload: Json = {**outer, **now, "event": event}
        if event["type"] in server.events:
            server.spawn_delivery(str(event["type"]), payload)


def _of(server: SlackStandIn, conversation: Conversation, message: Json) -> Json:
    event = {k: v for k, v in message.items() if k not in {"reply_count", "reply_users", "latest_reply", "metadata"}}
    kind = {"channel": "channel", "group": "group", "im": "im"}[conversation.kind]
    event |= {"channel": conversation.id, "channel_type": kind, "event_ts": message["ts"]}
    if conversation.shared:
        event |= {"user_team": message["team"], "source_team": message["team"]}
    if event.get("subtype") == "file_share":
        del event["team"]
    if event.get("subtype") == "thread_broadcast":
        event["root"] = server.world.conversations[conversation.id].messages[message["thread_ts"]]
    return event


def _from_outside(event: Json) -> Json:
    """Of a file of another organisation an event says little more than that files.info has to be asked."""
    if "files" not in event:
        return event
    files = [{"id": each["id"], "mode": "file_access", "file_access": "check_file_info"} for each in event["files"]]
    return event | {"files": files}


def _changed(server: SlackStandIn, conversation: Conversation, subtype: str, fields: Json) -> None:
    stamp = server.world.ids.ts()
    event: Json = {"type": "message", "subtype": subtype, "hidden": True, "channel": conversation.id, **fields}
    event |= {"ts": stamp, "event_ts": stamp, "channel_type": conversation.kind}
    for workspace in server.world.workspaces_of(conversation):
        tell(server, workspace, message_event(conversation), event, conversation)
