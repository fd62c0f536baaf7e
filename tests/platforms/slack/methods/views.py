"""views.*: modals, in stacks of three at most, and the home tab."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.platforms.slack.refusals import Refusal

if TYPE_CHECKING:
    from tests.platforms.slack.call import Call, Method
    from tests.platforms.wire import Json


def open_view(call: Call) -> Json:
    """A new modal for whoever's trigger that is."""
    view = call.server.blocks.view(call.need("view"))
    person = call.server.triggers.take(call.need("trigger_id"))
    return {"view": call.server.views.open(call.workspace, person, view)}


def push_view(call: Call) -> Json:
    """A modal on top of the one that is open."""
    view = call.server.blocks.view(call.need("view"))
    person = call.server.triggers.take(call.need("trigger_id"))
    return {"view": call.server.views.push(call.workspace, person, view)}


def update_view(call: Call) -> Json:
    """Other content for a view; with `hash` only if nobody changed it since."""
    view = call.server.blocks.view(call.need("view"))
    current = call.server.views.find(call.workspace, call.get("view_id"), call.get("external_id"))
    if call.get("hash") and call.get("hash") != current["hash"]:
        raise Refusal("hash_conflict")
    return {"view": call.server.views.update(current, view)}


def publish_view(call: Call) -> Json:
    """Somebody's home tab."""
    view = call.server.blocks.view(call.need("view"))
    if view["type"] != "home":
        raise Refusal("invalid_arguments", response_metadata={"messages": ["[ERROR] the view is no home tab"]})
    if call.need("user_id") not in call.workspace.users:
        raise Refusal("user_not_found")
    return {"view": call.server.views.publish(call.workspace, call.get("user_id"), view, call.get("hash"))}


METHODS: dict[str, Method] = {
    "views.open": open_view,
    "views.push": push_view,
    "views.update": update_view,
    "views.publish": publish_view,
}
