"""Whether Slack knows the app, lets it do what it does, and lets it read and write where staff meet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import msgspec
import yaml
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.connecting import API_URL, PATH, client
from bot.channels.slack.failures import FAILURES, reason
from bot.channels.slack.moves import Moves
from bot.chat.addresses import parse
from bot.chat.people import SLACK
from bot.cli import shipped
from bot.cli.doctor.findings import Finding, odd, wrong
from bot.cli.doctor.host import clock
from bot.store import admin
from bot.store.opening import open_store
from bot.store.port import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from slack_sdk.web.async_slack_response import AsyncSlackResponse

    from bot.chat.addresses import Address
    from bot.settings import Settings

_SECRET: Final = re.compile(r"[0-9a-f]{32}")
_INVITE: Final = "Invite it there: /invite @Triage. The id of a channel stands at the end of its details in Slack."


async def examine(settings: Settings, sending: list[Address], now: Callable[[], float]) -> list[Finding]:
    """All about the app; `sending` are the channels in which a message may be sent and deleted."""
    url = settings.slack_api_url or API_URL
    findings = await clock(url, "Slack", now)
    api = client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    known, me = await knows(api, url)
    findings.append(known)
    if not me:
        return findings
    findings.append(allowed(me["scopes"], manifest_scopes()))
    findings.append(await reaching(settings, url))
    if settings.places.on(SLACK.name):
        findings.append(await staff(api, me["team_id"], await located(settings)))
    return [*findings, *[await round_trip(api, each) for each in sending]]


async def knows(api: AsyncWebClient, url: str) -> tuple[Finding, Mapping[str, Any]]:
    """The token is that of an installed app; who it is, and its `scopes`, if so."""
    try:
        answer = await api.auth_test()
    except SlackApiError as error:
        fix = "Copy the Bot User OAuth Token (xoxb-…) from the app's page, Install App, to TRIAGE_SLACK_BOT_TOKEN."
        return wrong(f"Slack does not know the token: {reason(error)}", fix), {}
    except FAILURES as error:
        fix = f"Is {url} right (TRIAGE_SLACK_API_URL), and may this machine reach it?"
        return wrong(f"Slack cannot be reached ({type(error).__name__})", fix), {}
    found = {"team_id": str(answer.get("team_id")), "scopes": scopes(answer)}
    return Finding(f"the token is that of @{answer.get('user')} ({answer.get('team')}, {found['team_id']})"), found


def scopes(answer: AsyncSlackResponse) -> set[str]:
    """What the token of a call allows, as Slack says beside every answer."""
    said = {name.lower(): value for name, value in answer.headers.items()}.get("x-oauth-scopes", "")
    return {each.strip() for each in said.split(",")} - {""}


def manifest_scopes() -> set[str]:
    """What the app has to be allowed to do, as its manifest says."""
    return set(yaml.safe_load(shipped.MANIFEST.read_bytes())["oauth_config"]["scopes"]["bot"])


def allowed(granted: Collection[str], needed: Collection[str]) -> Finding:
    """The app was installed with every scope that it needs."""
    missing = sorted(set(needed) - set(granted))
    if missing:
        fix = "Bring the app's manifest up to date with manifest.yaml, and install the app again (Install App)."
        return wrong(f"the app lacks scopes: {', '.join(missing)}", fix)
    return Finding(f"the app has the {len(needed)} scopes of the manifest")


async def reaching(settings: Settings, url: str) -> Finding:
    """Events come by the way that the settings say: Socket Mode, or HTTP with Slack's signature."""
    app_token = settings.slack_app_token.get_secret_value()
    if app_token:
        try:
            await AsyncWebClient(base_url=url, retry_handlers=[]).apps_connections_open(app_token=app_token)
        except FAILURES as error:
            fix = (
                "Make a token (xapp-…) with connections:write on the app's page, Basic Information, App-Level Tokens, "
                "for TRIAGE_SLACK_APP_TOKEN; and switch Socket Mode on."
            )
            return wrong(f"Socket Mode cannot be used: {reason(error) or type(error).__name__}", fix)
        return Finding("events come by Socket Mode")
    if not _SECRET.fullmatch(settings.slack_signing_secret.get_secret_value()):
        fix = "Copy the Signing Secret from the app's page, Basic Information, to TRIAGE_SLACK_SIGNING_SECRET."
        return odd("the signing secret does not look like one of Slack's, which have 32 hexadecimal digits", fix)
    return Finding(f"events are posted to https://YOUR-HOST{PATH}; the app's page shows whether Slack reaches it")


async def located(settings: Settings) -> Address:
    """The channel of TRIAGE_STAFF under the id that it has now, as far as the database knows."""
    place, url = parse(settings.places.on(SLACK.name)), settings.database_url.get_secret_value()
    try:
        admin.exists(url)
        store = await open_store(url)
    except StoreError:
        return place
    try:
        return msgspec.structs.replace(place, chat=await Moves(store).now(place))
    finally:
        await store.close()


async def staff(api: AsyncWebClient, team: str, place: Address) -> Finding:
    """The app is in the channel of the staff, and may read there."""
    if place.account != team:
        fix = f"TRIAGE_STAFF begins with {SLACK.name}:{team}: for channels of this workspace."
        return wrong(f"the channel of TRIAGE_STAFF is in another workspace, {place.account}", fix)
    try:
        await api.conversations_history(channel=place.chat, limit=1)
    except FAILURES as error:
        return wrong(f"the app is not in the channel of TRIAGE_STAFF ({place.chat}): {reason(error)}", _INVITE)
    return Finding("the app is in the channel of the staff")


async def round_trip(api: AsyncWebClient, place: Address) -> Finding:
    """A message arrives, and is taken away again."""
    thread = place.thread or None
    try:
        sent = await api.chat_postMessage(channel=place.chat, text="Triage can be read here.", thread_ts=thread)
        await api.chat_delete(channel=str(sent["channel"]), ts=str(sent["ts"]))
    except FAILURES as error:
        return wrong(f"no message can be sent to {place}: {reason(error) or type(error).__name__}", _INVITE)
    return Finding(f"a message was sent to {place} and deleted")
