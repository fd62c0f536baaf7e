"""auth.test, users.*, team.info, bots.info: who is who."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.platforms.slack.refusals import Refusal

if TYPE_CHECKING:
    from tests.platforms.slack.call import Call, Method
    from tests.platforms.slack.world import User
    from tests.platforms.wire import Json


def auth_test(call: Call) -> Json:
    """Whose token this is."""
    organisation = call.workspace.organisation
    if organisation is not None:
        return {
            "url": f"https://{organisation.id.lower()}.enterprise.slack.example/",
            "team": organisation.name,
            "user": call.bot.name.lower(),
            "team_id": organisation.id,
            "user_id": call.bot.id,
            "bot_id": call.installation.bot_id,
            "enterprise_id": organisation.id,
            "is_enterprise_install": True,
        }
    return {
        "url": f"https://{call.workspace.id.lower()}.slack.example/",
        "team": call.workspace.name,
        "user": call.bot.name.lower(),
        "team_id": call.workspace.id,
        "user_id": call.bot.id,
        "bot_id": call.installation.bot_id,
        "is_enterprise_install": False,
    }


def user_info(call: Call) -> Json:
    """One person: of this workspace, or met in a shared channel and then told of in short."""
    call.scope("users:read")
    user = call.world.user(call.need("user"))
    if user.team != call.workspace.id and not _met(call, user):
        raise Refusal("user_not_found")
    return {"user": _of(call, user)}


def users(call: Call) -> Json:
    """Everybody of the workspace."""
    call.scope("users:read")
    return {
        "members": [_of(call, each) for each in call.workspace.users.values()],
        "response_metadata": {"next_cursor": ""},
    }


def team_info(call: Call) -> Json:
    """The workspace."""
    call.scope("team:read")
    return {"team": {"id": call.workspace.id, "name": call.workspace.name, "domain": call.workspace.id.lower()}}


def bot_info(call: Call) -> Json:
    """The app's bot."""
    call.scope("users:read")
    bot = {"id": call.installation.bot_id, "app_id": call.world.app_id, "user_id": call.bot.id, "name": call.bot.name}
    return {"bot": bot | {"deleted": False, "updated": 0}}


def _of(call: Call, user: User) -> Json:
    found = user.json(stranger=user.team != call.workspace.id)
    if not call.flag("include_locale"):
        found.pop("locale", None)
    if "users:read.email" not in call.installation.scopes:
        found["profile"].pop("email", None)
    return found


def _met(call: Call, user: User) -> bool:
    rooms = call.world.conversations.values()
    return any(call.workspace.id in room.teams and user.id in room.members for room in rooms)


METHODS: dict[str, Method] = {
    "auth.test": auth_test,
    "users.info": user_info,
    "users.list": users,
    "team.info": team_info,
    "bots.info": bot_info,
}
