"""Whether Slack workspaces can install the app themselves, and whether it may do its work in those that have."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import httpx
from slack_sdk.errors import SlackApiError

from bot.channels.slack.connecting import API_URL, client
from bot.channels.slack.failures import FAILURES, reason
from bot.channels.slack.installations import Installations
from bot.channels.slack.installing import INSTALL, REDIRECT, SCOPES
from bot.chat.people import SLACK
from bot.cli.doctor import slack
from bot.cli.doctor.findings import Finding, odd, wrong
from bot.cli.doctor.host import PATIENCE_S, clock
from bot.service.port import Later, Refused
from bot.store import admin
from bot.store.opening import open_store
from bot.store.port import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_sdk.web.async_client import AsyncWebClient

    from bot.chat.addresses import Address
    from bot.settings import Settings

MOST: Final = 50
"""Workspaces that are asked: Slack lets an app ask only so often."""
_REMOVED: Final = frozenset({"account_inactive", "token_revoked", "invalid_auth", "not_authed"})


async def examine(settings: Settings, sending: list[Address], now: Callable[[], float]) -> list[Finding]:
    """All about the app and where it is installed; in the channels of `sending` a message is sent and deleted."""
    url = settings.slack_api_url or API_URL
    findings = [*await clock(url, "Slack", now), await credentials(settings, url)]
    findings += [await slack.reaching(settings, url), await redirect(settings)]
    try:
        tokens, told = await installed(settings)
    except StoreError as error:
        return [*findings, wrong("where the app is installed cannot be read", str(error))]
    findings += told
    apis = {team: client(token, settings.slack_api_url) for team, token in tokens.items()}
    for team, api in apis.items():
        findings += await within(team, api)
    if settings.places.on(SLACK.name):
        findings.append(await staff(apis, await slack.located(settings)))
    for place in sending:
        there = apis.get(place.account)
        findings.append(not_there(place) if there is None else await slack.round_trip(there, place))
    return findings


async def credentials(settings: Settings, url: str) -> Finding:
    """Slack knows the app by its id and secret; it says so of a code that it never gave."""
    secret = settings.slack_client_secret.get_secret_value()
    asked = {"client_id": settings.slack_client_id, "client_secret": secret, "code": "doctor"}
    said = ""
    try:
        await client(None, settings.slack_api_url).api_call("oauth.v2.access", data=asked)
    except SlackApiError as error:
        said = reason(error)
    except FAILURES as error:
        fix = f"Is {url} right (TRIAGE_SLACK_API_URL), and may this machine reach it?"
        return wrong(f"Slack cannot be reached ({type(error).__name__})", fix)
    if said in {"invalid_client_id", "bad_client_secret"}:
        name = "TRIAGE_SLACK_CLIENT_ID" if said == "invalid_client_id" else "TRIAGE_SLACK_CLIENT_SECRET"
        return wrong(f"Slack does not know the app: {said}", f"Copy {name} from the app's page, Basic Information.")
    return Finding("Slack knows the app by its client id and secret")


async def redirect(settings: Settings) -> Finding:
    """Whoever begins an installation is sent to Slack, and comes back to an address that leads here."""
    base = settings.public_url.rstrip("/")
    if not base:
        words = "TRIAGE_PUBLIC_URL is not set, so it is not known where people install the app"
        fix = f"Set it to https://YOUR-HOST, and the app's Redirect URL to https://YOUR-HOST{REDIRECT}."
        return odd(words, fix)
    fix = f"Does the service run, and does the proxy before it forward {INSTALL} and {REDIRECT}?"
    try:
        async with httpx.AsyncClient(timeout=PATIENCE_S) as http:
            begun, back = await http.get(base + INSTALL), await http.get(base + REDIRECT)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return odd(f"{base}{INSTALL} cannot be reached ({type(error).__name__})", fix)
    sent_to = begun.next_request.url.params.get("client_id") if begun.next_request is not None else None
    if sent_to != settings.slack_client_id or back.status_code != httpx.codes.BAD_REQUEST:
        return odd(f"{base}{INSTALL} and {REDIRECT} are not answered by this service", fix)
    return Finding(f"people install it at {base}{INSTALL}; the app's Redirect URL has to be {base}{REDIRECT}")


async def installed(settings: Settings) -> tuple[dict[str, str], list[Finding]]:
    """The tokens of workspaces and organisations, by their ids, and what is to be said of them. Raises StoreError."""
    url = settings.database_url.get_secret_value()
    async with admin.administered(url) as connection:
        teams = [each.partition(":")[2] for each in await admin.accounts(connection, SLACK.name)]
    if not teams:
        return {}, [odd("no workspace has installed the app yet", f"Open https://YOUR-HOST{INSTALL} in a browser.")]
    found, told = {}, []
    store = await open_store(url)
    try:
        key = settings.slack_token_key.get_secret_value()
        installations = Installations(store, key, lambda: int(time.time() * 1000))
        for team in teams[:MOST]:
            try:
                found[team] = await installations.token(team)
            except (Refused, Later) as error:
                fix = f"Set TRIAGE_SLACK_TOKEN_KEY to the key it was kept with, or install it there again: {INSTALL}."
                told.append(wrong(f"{team}: {error}", fix))
    finally:
        await store.close()
    if len(teams) > MOST:
        told.append(odd(f"{len(teams) - MOST} of {len(teams)} workspaces were not asked", "The log tells of them."))
    return found, told


async def within(team: str, api: AsyncWebClient) -> list[Finding]:
    """The token of a workspace is good, and it allows what the app does."""
    try:
        answer = await api.auth_test()
    except FAILURES as error:
        said = reason(error) or type(error).__name__
        if said in _REMOVED:
            fix = f"The app was removed there, or its token revoked. To have it again, install it at {INSTALL}."
            return [odd(f"{team}: Slack does not know its token any more: {said}", fix)]
        return [wrong(f"{team}: Slack was not asked: {said}", "Call this again in a moment.")]
    granted = slack.scopes(answer)
    missing = sorted(set(SCOPES) - granted)
    if missing:
        fix = f"Whoever administers it installs the app there once more, at {INSTALL}."
        return [wrong(f"{answer.get('team')} ({team}) lacks scopes: {', '.join(missing)}", fix)]
    return [Finding(f"installed in {answer.get('team')} ({team}), with the {len(SCOPES)} scopes of the manifest")]


async def staff(apis: dict[str, AsyncWebClient], place: Address) -> Finding:
    """The app is in the channel of the staff."""
    api = apis.get(place.account)
    return not_there(place) if api is None else await slack.staff(api, place.account, place)


def not_there(place: Address) -> Finding:
    """The app is not installed where that channel is."""
    fix = f"Install it there, at {INSTALL}; or is the id behind {SLACK.name}: another one?"
    return wrong(f"the app is not installed in {place.account}, where {place} is", fix)
