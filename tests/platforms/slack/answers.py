"""What the app answers an interaction with: by its acknowledgement, or later at a response_url."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.platforms.slack.refusals import Refusal, Violation

if TYPE_CHECKING:
    from tests.platforms.slack.stand_in import SlackStandIn
    from tests.platforms.slack.triggers import AnswerUrl
    from tests.platforms.slack.world import Conversation, User, Workspace
    from tests.platforms.wire import Json

ACTIONS = ("errors", "update", "push", "clear")


def submitted(server: SlackStandIn, person: User, view: Json, body: Any) -> None:
    """Do to a modal what the answer to its submission says; without a word it closes."""
    workspace = server.world.workspaces[person.team]
    action = body.get("response_action") if isinstance(body, dict) else None
    if action is None:
        server.views.close(person.id)
    elif action == "errors":
        known = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
        if not body["errors"] or body["errors"].keys() - known:
            server.wire.violations.append(f"slack view_submission: errors for no input: {sorted(body['errors'])}")
        server.views.errors[view["id"]] = body["errors"]
    elif action == "update":
        server.views.update(view, server.blocks.view(body["view"]))
    elif action == "push":
        server.views.push(workspace, person.id, server.blocks.view(body["view"]))
    elif action == "clear":
        server.views.close(person.id, everything=True)
    else:
        server.wire.violations.append(f"slack view_submission: response_action {action!r} is none of {ACTIONS}")
    server.news.tell()


def commanded(server: SlackStandIn, where: Conversation, person: User, body: Any) -> None:
    """Show what a slash command was answered with."""
    if body:
        given = body if isinstance(body, dict) else {"text": str(body)}
        _write(server, server.world.workspaces[person.team], where, person.id, given)


def at_url(server: SlackStandIn, url: AnswerUrl, given: Json) -> None:
    """An answer at a response_url: a new message, or a change of the one whose button was pressed."""
    where, workspace = url.conversation, server.world.workspaces[url.workspace]
    source = where.messages.get(url.source or "")
    whispered = next((raw for _, raw in where.ephemeral if raw["ts"] == url.source), None)
    target = source or whispered
    if given.get("delete_original") or given.get("replace_original"):
        if target is None:
            raise Refusal("message_not_found")
        if given.get("delete_original"):
            where.messages.pop(target["ts"], None)
            where.ephemeral = [each for each in where.ephemeral if each[1] is not target]
        else:
            for name in ("text", "blocks", "attachments"):
                target.pop(name, None)
            target |= {"text": "", **_content(server, given)}
        server.news.tell()
        return
    _write(server, workspace, where, url.person, given)


def _write(server: SlackStandIn, workspace: Workspace, where: Conversation, person: str, given: Json) -> None:
    installation = workspace.installation
    author = {"bot_id": installation.bot_id, "app_id": server.world.app_id}
    fields = {"text": "", **_content(server, given), **author}
    if given.get("response_type", "ephemeral") == "ephemeral":
        message: Json = {"type": "message", "user": installation.bot.id, "ts": server.world.ids.ts(), **fields}
        where.ephemeral.append((person, message | {"is_ephemeral": True}))
    else:
        server.world.write(where, installation.bot, given.get("thread_ts"), **fields)
    server.news.tell()


def _content(server: SlackStandIn, given: Json) -> Json:
    found: Json = {"text": given["text"]} if given.get("text") else {}
    if given.get("blocks"):
        found["blocks"] = server.blocks.message(given["blocks"])
    if not found:
        raise Violation("no_text", ["an answer without text and blocks"])
    return found
