"""What comes in: a payload of Slack's as what somebody did. Pure.

A message is known by its channel and its time, whichever of several workspaces tells of it; an interaction by what no
other one has. What cannot be read is parked and acknowledged, so that it does not come again.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from bot.channels.slack import buttons
from bot.channels.slack.composed import composed
from bot.channels.slack.words import mentions, typed
from bot.chat.addresses import Address, parse
from bot.chat.events import File, Message, Submit, Tap
from bot.chat.people import SLACK

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.chat.events import Event, Kind

    Payload = Mapping[str, Any]

MOST_KEPT: Final = 4_096
"""Code points that are kept of a payload that cannot be read."""

_WRITTEN: Final = frozenset({None, "file_share", "thread_broadcast", "me_message"})
"""Subtypes of messages that somebody wrote."""


class Did(NamedTuple):
    """What somebody did.

    `user` is their id in the workspace or organisation of `where`. `threads` are the ids of the messages it was done
    below or at, the nearest first. `heard`: it is for the bot wherever it was done; anything else is only in a thread
    that is the bot's. `named`: it mentions the bot. `shared`: other organisations are there, which may have the app as
    well.
    """

    where: Address
    user: str
    event: Event
    origin: str = ""
    threads: tuple[str, ...] = ()
    heard: bool = True
    aside: bool = False
    name: str = ""
    shared: bool = False
    named: bool = False


class Begin(NamedTuple):
    """Somebody wants to begin, or to go on, in direct messages with the bot; `words` are what they begin with.

    `commanded`: they stand behind the slash command, so they may be one of the bot's own.
    """

    team: str
    user: str
    key: str
    words: str = "/start"
    commanded: bool = False


class Opening(NamedTuple):
    """Somebody wants the form of the question `ref` to open; `title` is what the button says."""

    where: Address
    trigger: str
    ref: str
    title: str


class Replying(NamedTuple):
    """Somebody of the staff wants to write to the merchant of the case in whose thread, `where`, they are.

    `trigger` opens the modal for it; without one, `view` and `hash` tell the modal in which they picked `macro`;
    without either they send what they picked and wrote.
    """

    where: Address
    user: str
    key: str = ""
    trigger: str = ""
    view: str = ""
    hash: str = ""
    macro: str = ""
    text: str = ""


class Reaction(NamedTuple):
    """Somebody put the emoji `name` to a message in the channel `where`, or, `taken`, took it away.

    `ours`: the message is one of the bot's.
    """

    where: Address
    user: str
    key: str
    ts: str
    name: str
    taken: bool
    ours: bool


class Looking(NamedTuple):
    """Somebody opened the home tab; `hash` is that of what it shows, "" if it shows nothing.

    `query`: which cases they want to see, if they said so.
    """

    team: str
    user: str
    hash: str = ""
    query: str = ""


class Nearing(NamedTuple):
    """Somebody opened their direct messages with the app, and may write something soon."""

    team: str
    user: str


class Moved(NamedTuple):
    """A channel has another id from now on."""

    where: Address
    to: str


class Gone(NamedTuple):
    """The app is no longer installed in the workspace or organisation, since `at` (milliseconds since 1970 UTC).

    Of a workspace in an organisation it may not be told which of the two it is gone from: then `teams` names both.
    """

    teams: tuple[str, ...]
    at: int


Placed = Did | Reaction | Opening | Replying
Doing = Placed | Begin | Looking | Nearing | Moved | Gone


def read(payload: Payload) -> Doing | None:
    """What a payload tells; None for what is not for the bot. One that is none raises Lookup-, Type- or ValueError."""
    kind = payload.get("type")
    if kind == "event_callback":
        return _event(payload, payload["event"])
    if "command" in payload:
        return Begin(
            _team(payload), payload["user_id"], f"c:{payload['trigger_id']}", _first_words(payload), commanded=True
        )
    if kind == "block_actions":
        return _action(payload)
    if kind == "view_submission":
        return _submission(payload)
    if kind == "shortcut" and payload.get("callback_id") == buttons.SHORTCUT:
        return Begin(_team(payload), payload["user"]["id"], f"s:{payload['trigger_id']}")
    if kind == "message_action" and payload.get("callback_id") == buttons.MESSAGE_SHORTCUT:
        return Begin(
            _team(payload), payload["user"]["id"], f"s:{payload['trigger_id']}", _first_words(payload["message"])
        )
    if kind == "message_action" and payload.get("callback_id") == buttons.REPLY:
        root = payload["message"].get("thread_ts") or payload["message"]["ts"]
        where = Address(SLACK.name, _team(payload), payload["channel"]["id"], root)
        return Replying(where, payload["user"]["id"], trigger=payload["trigger_id"])
    return None


def repeated(payload: Payload) -> bool:
    """Whether Slack brings such a payload again if it is not taken: events it does, what people press it does not."""
    return payload.get("type") == "event_callback"


def unreadable(payload: object) -> tuple[str, str, str]:
    """The address, the key and the text that something is parked under which cannot be read."""
    raw = json.dumps(payload, default=str)
    team = payload.get("team_id") if isinstance(payload, dict) else None
    where = Address(SLACK.name, team if isinstance(team, str) and team else "-", "unreadable")
    return str(where), hashlib.sha256(raw.encode()).hexdigest(), raw[:MOST_KEPT]


def _event(payload: Payload, event: Payload) -> Doing | None:
    match event.get("type"):
        case "message" | "app_mention":
            return _message(payload, event)
        case "reaction_added" | "reaction_removed" as kind:
            return _reaction(payload, event, taken=kind == "reaction_removed")
        case "app_home_opened" if event.get("tab") == "home":
            return Looking(_team(payload), event["user"], str((event.get("view") or {}).get("hash") or ""))
        case "app_home_opened":
            return Nearing(_team(payload), event["user"])
        case "channel_id_changed":
            return Moved(Address(SLACK.name, _team(payload), event["old_channel_id"]), event["new_channel_id"])
        case "app_uninstalled":
            return _gone(payload)
        case "tokens_revoked" if event["tokens"].get("bot"):  # others are of people, of whom we have none
            return _gone(payload)
    return None


def _reaction(payload: Payload, event: Payload, *, taken: bool) -> Reaction | None:
    bot = next((each.get("user_id", "") for each in payload.get("authorizations") or ()), "")
    item, user, name = event["item"], event["user"], event["reaction"]
    if item.get("type") != "message" or user in {bot, "USLACKBOT"}:
        return None
    where = Address(SLACK.name, _team(payload), item["channel"])
    key = f"r:{item['channel']}:{item['ts']}:{user}:{name}:{event['event_ts']}"
    return Reaction(where, user, key, item["ts"], name, taken, event.get("item_user") == bot)


def _gone(payload: Payload) -> Gone:
    """Slack's examples have no authorizations, there being none left; one of an organisation names no team.

    See https://docs.slack.dev/reference/events/app_uninstalled and .../team_access_revoked.
    """
    told = (
        (_team(payload),) if payload.get("authorizations") else (payload.get("team_id"), payload.get("enterprise_id"))
    )
    teams = tuple(dict.fromkeys(str(each) for each in told if each))
    if not teams:
        raise LookupError
    return Gone(teams, int(payload["event_time"]) * 1000 + 999)


def _message(payload: Payload, event: Payload) -> Did | None:
    bot = next((each.get("user_id", "") for each in payload.get("authorizations") or ()), "")
    subtype = event.get("subtype")
    if subtype == "message_changed":
        now, before = event["message"], event.get("previous_message") or {}
        stamp = (now.get("edited") or {}).get("ts")
        if not stamp or now.get("text") == before.get("text"):
            return None  # Slack itself changed it: by an unfurled link, or a reply below it
        return _did(payload, event, now, bot, f"e:{event['channel']}:{now['ts']}:{stamp}", edited=True)
    if subtype == "message_deleted":
        before = event.get("previous_message") or {}
        if not before.get("ts"):
            return None
        found = _did(payload, event, before, bot, f"d:{event['channel']}:{before['ts']}", edited=True)
        return found and found._replace(event=msgspec.structs.replace(found.event, deleted=True))
    if subtype not in _WRITTEN:
        return None
    return _did(payload, event, event, bot, f"m:{event['channel']}:{event['ts']}")


def _did(payload: Payload, event: Payload, message: Payload, bot: str, key: str, *, edited: bool = False) -> Did | None:
    user = message.get("user")
    if not isinstance(user, str) or user in {bot, "USLACKBOT"} or message.get("bot_id"):
        return None
    direct = event.get("channel_type") == "im" or event["channel"].startswith("D")
    ts, root = message["ts"], message.get("thread_ts")
    thread = "" if direct else root or ts
    text = message.get("text") or ""
    words, styles = composed(message, bot)
    files = tuple(_file(each) for each in message.get("files") or () if isinstance(each, dict) and each.get("id"))
    where = Address(SLACK.name, _team(payload), event["channel"], thread)
    shared = not (words or files) and bool(message.get("attachments"))  # somebody else's words, or another app's
    kind: Kind = "other" if shared else "text"
    said = Message(key, words, () if edited else files, kind, edited=edited, styles=styles)
    heard = direct or (not edited and bot in mentions(text))
    aside, outside = bool(mentions(text) - {bot}), bool(payload.get("is_ext_shared_channel"))
    return Did(where, user, said, ts, (root or ts,), heard, aside, shared=outside, named=bot in mentions(text))


def _file(file: Payload) -> File:
    size = file.get("size")
    name, mime = file.get("name") or "", file.get("mimetype") or ""
    return File(str(file["id"]), str(name), size if isinstance(size, int) else 0, str(mime))


def _action(payload: Payload) -> Doing | None:
    action = payload["actions"][0]
    pressed = buttons.pressed(action)
    user, team, container = payload["user"], _team(payload), payload.get("container") or {}
    if pressed is None:
        return None
    key = f"a:{action['action_ts']}:{user['id']}:{hashlib.sha256(str(action['action_id']).encode()).hexdigest()[:16]}"
    if pressed.verb == "start":
        return Begin(team, user["id"], key, f"/{pressed.name or 'start'}")
    if pressed.verb == "look":
        return Looking(team, user["id"], query=pressed.name)
    if pressed.verb == "macro":
        view = payload["view"]
        asked = buttons.origin(view.get("private_metadata") or "")
        if asked is None:
            return None
        return Replying(parse(asked.address), user["id"], view=view["id"], hash=view["hash"], macro=pressed.name)
    channel, ts = container.get("channel_id"), container.get("message_ts")
    if not channel or not ts:
        return None
    root = container.get("thread_ts") or (payload.get("message") or {}).get("thread_ts") or ts
    where = Address(SLACK.name, team, channel, "" if channel.startswith("D") else root)
    if pressed.verb == "form":
        return Opening(where, payload["trigger_id"], pressed.name, str((action.get("text") or {}).get("text") or "…"))
    if pressed.verb == "reply":
        return Replying(msgspec.structs.replace(where, thread=root), user["id"], trigger=payload["trigger_id"])
    name = str(user.get("name") or user.get("username") or "")
    return Did(where, user["id"], Tap(key, pressed.name), threads=(root, ts), name=name)


def _submission(payload: Payload) -> Did | Replying | None:
    view = payload["view"]
    known = view.get("callback_id") in {buttons.FORM, buttons.REPLY}
    origin = buttons.origin(view.get("private_metadata") or "") if known else None
    if origin is None:
        return None
    where, values = parse(origin.address), buttons.entered(view["state"]["values"])
    if view["callback_id"] == buttons.REPLY:
        key, macro, text = f"v:{payload['trigger_id']}", buttons.picked(view["state"]["values"]), values.get("text", "")
        return Replying(where, payload["user"]["id"], key, macro=macro, text=str(text))
    # a window that is sent once more, its errors mended, is the same view with the same hash
    return Did(where, payload["user"]["id"], Submit(f"v:{payload['trigger_id']}", origin.token, values))


def _first_words(payload: Payload) -> str:
    return typed(str(payload.get("text") or "")) or "/start"


def _team(payload: Payload) -> str:
    """Whose installation is addressed: that of an organisation for all its workspaces, otherwise the workspace's.

    In a shared channel `team_id` may be another one, as the library has it. An organisation's people and channels have
    one id in all its workspaces, so a conversation is the same whichever of them it is looked at from.
    """
    told = tuple(payload.get("authorizations") or ())
    by = told[0] if told else payload
    if str(by.get("is_enterprise_install")).lower() == "true":  # a command says it in words
        found = by.get("enterprise_id") or payload.get("enterprise_id") or payload["enterprise"]["id"]
        return str(found)
    for each in (payload.get("team"), *told):
        found = (each or {}).get("id") or (each or {}).get("team_id")
        if found:
            return str(found)
    return str(payload.get("team_id") or payload["user"]["team_id"])
