"""The payloads of buttons, selects, modals, shortcuts and slash commands."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.platforms.slack.stand_in import SlackStandIn
    from tests.platforms.slack.world import Conversation, User, Workspace
    from tests.platforms.wire import Json

NAMES = {"block_actions": ("username", "name"), "shortcut": ("username",), "message_action": ("username", "name")}
"""How a person is called in the payloads that do not only say `name`."""
VERIFICATION = "stand-in"
SELECTED = {
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "overflow": "selected_option",
    "checkboxes": "selected_options",
    "multi_static_select": "selected_options",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}
"""The field that holds what was chosen in an element; the others have `value`."""


def block_actions(
    server: SlackStandIn,
    person: User,
    block: Json,
    element: Json,
    chosen: Json,
    where: Conversation | Json,
    message: Json,
) -> Json:
    """A press or a choice, in a message of a conversation, or in a view."""
    action: Json = {"type": element["type"], "action_id": element["action_id"], "block_id": block["block_id"]}
    action |= {name: element[name] for name in ("text", "value", "url", "placeholder", "style") if name in element}
    action |= chosen | {"action_ts": server.world.ids.ts()}
    payload = _interaction(server, "block_actions", person) | {"actions": [action], "state": {"values": {}}}
    if isinstance(where, dict):
        payload |= {"container": {"type": "view", "view_id": where["id"]}, "view": copy.deepcopy(where)}
        return payload
    ephemeral = bool(message.get("is_ephemeral"))
    container = {"type": "message", "message_ts": message["ts"], "channel_id": where.id, "is_ephemeral": ephemeral}
    if "thread_ts" in message:
        container["thread_ts"] = message["thread_ts"]
    payload |= {"container": container, "channel": _channel(where), "message": copy.deepcopy(message)}
    return payload | {"response_url": server.answer_url(person, where, message["ts"])}


def block_suggestion(server: SlackStandIn, person: User, block: Json, element: Json, words: str, where: Json) -> Json:
    """Words typed into a select whose options the app provides; `where` says in which view or message that stands."""
    payload = _interaction(server, "block_suggestion", person) | where
    del payload["trigger_id"]
    return payload | {"action_id": element["action_id"], "block_id": block["block_id"], "value": words}


def view_submission(server: SlackStandIn, person: User, view: Json) -> Json:
    """A modal that was filled in."""
    return _interaction(server, "view_submission", person) | {"view": copy.deepcopy(view), "response_urls": []}


def view_closed(server: SlackStandIn, person: User, view: Json, *, cleared: bool) -> Json:
    """A modal that was closed without being sent."""
    payload = _interaction(server, "view_closed", person) | {"view": copy.deepcopy(view), "is_cleared": cleared}
    del payload["trigger_id"]
    return payload


def shortcut(server: SlackStandIn, person: User, callback_id: str) -> Json:
    """A global shortcut."""
    payload = _shortcut(server, "shortcut", person, callback_id)
    return payload | {"action_ts": server.world.ids.ts()}


def message_shortcut(server: SlackStandIn, person: User, callback_id: str, where: Conversation, message: Json) -> Json:
    """A shortcut in the menu of a message."""
    payload = _shortcut(server, "message_action", person, callback_id)
    payload |= {"action_ts": server.world.ids.ts(), "message_ts": message["ts"], "message": copy.deepcopy(message)}
    return payload | {"channel": _channel(where), "response_url": server.answer_url(person, where, message["ts"])}


def slash(server: SlackStandIn, person: User, command: str, text: str, where: Conversation) -> Json:
    """A slash command, as form fields."""
    workspace = server.world.workspaces[person.team]
    return {
        "token": VERIFICATION,
        "command": command,
        "text": text,
        "response_url": server.answer_url(person, where, None),
        "trigger_id": server.triggers.new(person.id),
        "user_id": person.id,
        "user_name": person.name.lower(),
        "team_id": workspace.id,
        "team_domain": workspace.name.lower(),
        "channel_id": where.id,
        "channel_name": where.name or "directmessage",
        "api_app_id": server.world.app_id,
        **(
            {"is_enterprise_install": "false"}
            if workspace.organisation is None
            else {
                "is_enterprise_install": "true",
                "enterprise_id": workspace.organisation.id,
                "enterprise_name": workspace.organisation.name,
            }
        ),
    }


def chosen(element: Json, value: Any) -> Json:
    """What an element holds once `value` is typed or chosen in it: an option by its label, else the value itself."""
    kind = element["type"]
    field = SELECTED.get(kind, "value")
    if field == "selected_option":
        return {field: option(element, value)}
    if field == "selected_options":
        return {field: [option(element, each) for each in value]}
    return {field: value}


def option(element: Json, label: str) -> Json:
    """The option that says `label`. AssertionError when there is none."""
    groups = [group["options"] for group in element.get("option_groups", [])]
    options: list[Json] = element.get("options") or [each for group in groups for each in group]
    found = next((each for each in options if each["text"]["text"] == label), None)
    assert found is not None, f"no option {label!r}; there are {[each['text']['text'] for each in options]}"
    return found


def _interaction(server: SlackStandIn, kind: str, person: User) -> Json:
    workspace: Workspace = server.world.workspaces[person.team]
    name, organisation = person.name.lower(), workspace.organisation
    where: Json = {"team": {"id": workspace.id, "domain": workspace.name.lower()}, "is_enterprise_install": False}
    if organisation is not None:
        enterprise = {"id": organisation.id, "name": organisation.name}
        where = {"team": None, "enterprise": enterprise, "is_enterprise_install": True}
    return {
        "type": kind,
        "user": {"id": person.id, "team_id": workspace.id} | dict.fromkeys(NAMES.get(kind, ("name",)), name),
        "api_app_id": server.world.app_id,
        "token": VERIFICATION,
        "trigger_id": server.triggers.new(person.id),
        **where,
    }


def _shortcut(server: SlackStandIn, kind: str, person: User, callback_id: str) -> Json:
    payload = _interaction(server, kind, person) | {"callback_id": callback_id}
    del payload["api_app_id"]  # the one kind of payload that does not say it
    return payload


def _channel(where: Conversation) -> Json:
    return {"id": where.id, "name": where.name or "directmessage"}
