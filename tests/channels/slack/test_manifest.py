"""The app's manifest is what the code uses, no less and no more."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack import buttons
from bot.channels.slack.installing import REDIRECT, SCOPES
from tests.platforms.oracle import NEEDS_SPECS
from tests.platforms.schemas import specs
from tests.platforms.slack.arguments import FILE

ROOT = Path(__file__).parents[3]
UPLOAD = {"files.getUploadURLExternal", "files.completeUploadExternal"}
"""What the library calls for `files_upload_v2`."""
KINDS = ("channels", "groups", "im")
"""Conversations that the app may be in, as scopes and events name them."""


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    """What is shipped."""
    found: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yaml").read_text("utf-8"))
    return found


def used() -> set[str]:
    """The methods of the Web API that the code calls, by Slack's names."""
    known = {name for name in dir(AsyncWebClient) if "_" in name.strip("_")}
    files = [*(ROOT / "bot" / "channels" / "slack").glob("*.py"), *(ROOT / "bot" / "cli").glob("**/slack*.py")]
    nodes = (node for file in files for node in ast.walk(ast.parse(file.read_text("utf-8"))))
    called = {node.attr for node in nodes if isinstance(node, ast.Attribute) and node.attr in known}
    methods = {name.replace("_", ".") for name in called - {"api_call", "files_upload_v2"}}
    return methods | (UPLOAD if "files_upload_v2" in called else set())


def of_events(manifest: dict[str, Any]) -> set[str]:
    """The scopes that its events need."""
    events = manifest["settings"]["event_subscriptions"]["bot_events"]
    of_messages = {f"{each.partition('.')[2]}:history" for each in events if each.startswith("message.")}
    others = {
        "app_mention": "app_mentions:read",
        "channel_id_changed": "groups:read",
        "reaction_added": "reactions:read",
    }
    return of_messages | {scope for name, scope in others.items() if name in events}


@NEEDS_SPECS
def test_every_method_is_allowed_and_every_scope_is_needed(manifest: dict[str, Any]) -> None:
    """Each method that is called has a scope it documents; each scope is for a method, an event or the commands."""
    folder = specs()
    assert folder is not None
    documented = json.loads((folder / FILE).read_text("utf-8"))
    granted = set(manifest["oauth_config"]["scopes"]["bot"])
    needed = {"commands", *of_events(manifest)}
    for method in used():
        assert method in documented, f"{method} is no method"
        scopes = {each["name"] for each in (documented[method].get("scopes") or {}).get("bot", [])}
        assert not scopes or scopes & granted, f"{method} needs one of {sorted(scopes)}"
        if method.startswith("conversations.") and scopes:
            assert {f"{kind}:history" for kind in KINDS} <= granted or not method.endswith(("history", "replies"))
        needed |= scopes
    assert of_events(manifest) <= granted
    assert granted <= needed
    assert len(manifest["oauth_config"]["scopes"]["bot"]) == len(granted)


def test_who_installs_it_is_asked_for_the_same_scopes(manifest: dict[str, Any]) -> None:
    """By OAuth as by the app's own page."""
    assert sorted(SCOPES) == sorted(manifest["oauth_config"]["scopes"]["bot"])
    assert [urlsplit(each).path for each in manifest["oauth_config"]["redirect_urls"]] == [REDIRECT]


def test_events(manifest: dict[str, Any]) -> None:
    """The app is told of exactly those events that inbound tells apart."""
    tree = ast.parse((ROOT / "bot" / "channels" / "slack" / "inbound.py").read_text("utf-8"))
    (function,) = [each for each in tree.body if isinstance(each, ast.FunctionDef) and each.name == "_event"]
    patterns = [each.value for each in ast.walk(function) if isinstance(each, ast.MatchValue)]
    told_apart = {each.value for each in patterns if isinstance(each, ast.Constant)}
    subscribed = manifest["settings"]["event_subscriptions"]["bot_events"]
    assert {each.partition(".")[0] for each in subscribed} == told_apart


def test_entrances(manifest: dict[str, Any]) -> None:
    """The command and the shortcuts are the ones that the code listens to."""
    (command,) = manifest["features"]["slash_commands"]
    assert command["command"] == buttons.COMMAND
    assert manifest["features"]["bot_user"]["display_name"] == buttons.NAME
    shortcuts = {(each["type"], each["callback_id"]) for each in manifest["features"]["shortcuts"]}
    assert shortcuts == {
        ("global", buttons.SHORTCUT),
        ("message", buttons.MESSAGE_SHORTCUT),
        ("message", buttons.REPLY),
    }
    assert {f"message.{kind}" for kind in KINDS} <= set(manifest["settings"]["event_subscriptions"]["bot_events"])
    assert manifest["features"]["app_home"]["home_tab_enabled"]
    assert manifest["features"]["app_home"]["messages_tab_enabled"]
    assert manifest["settings"]["interactivity"]["is_enabled"]


def test_it_can_be_switched_to_http(manifest: dict[str, Any]) -> None:
    """Socket Mode is on as shipped; every address is the one that the service answers, on one host of one's own."""
    settings = manifest["settings"]
    addresses = {
        settings["event_subscriptions"]["request_url"],
        settings["interactivity"]["request_url"],
        manifest["features"]["slash_commands"][0]["url"],
    }
    assert settings["socket_mode_enabled"] is True
    assert addresses == {"https://triage.example.com/slack/events"}
    assert manifest["oauth_config"]["redirect_urls"] == ["https://triage.example.com/slack/oauth_redirect"]


def test_it_fits(manifest: dict[str, Any]) -> None:
    """Names and descriptions are within what Slack's reference of manifests allows."""
    information, features = manifest["display_information"], manifest["features"]
    assert len(information["name"]) <= 35
    assert len(information["description"]) <= 140
    assert len(features["bot_user"]["display_name"]) <= 80
    for each in features["shortcuts"]:
        assert len(each["name"]) <= 24
        assert len(each["description"]) <= 150
    for each in features["slash_commands"]:
        assert each["command"].startswith("/")
        assert len(each["command"]) <= 32
        assert len(each["usage_hint"]) <= 1000
