"""Whether the desk's settings can be used, and whether the systems that they name can be told of cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import httpx

from bot.cli import desks
from bot.cli.doctor.findings import Finding, odd, wrong
from bot.cli.doctor.host import PATIENCE_S
from bot.flow.problems import FlowError
from bot.service.webhooks import GONE

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.desk.office import Office
    from bot.flow.loader import Loaded
    from bot.settings import Settings

_SECRETS: Final = "TRIAGE_WEBHOOK_SECRETS"


async def examine(settings: Settings, loaded: Loaded) -> list[Finding]:
    """All about the desk. Nothing is told to a webhook: it is only asked whether it is there."""
    file = desks.find()
    if file is None:
        return [Finding("there is no desk.yaml; everything is as shipped"), *unused(settings, set())]
    try:
        office = desks.office(loaded)
    except FlowError as error:
        return [wrong(f"{file} cannot be used", f"{error}\nMend that; `triage check` shows it, too.")]
    return [
        Finding(f"{file} can be used"),
        *unsigned(settings, office),
        *unused(settings, office.webhooks.keys()),
        *[await answers(name, each.url) for name, each in sorted(office.webhooks.items())],
    ]


def unsigned(settings: Settings, office: Office) -> list[Finding]:
    """Every webhook has a secret."""
    return [
        wrong(
            f"the webhook {name} has no secret",
            f"Put {name}=whsec_$(openssl rand -base64 32) into {_SECRETS}, and give the same secret to its receiver.",
        )
        for name in sorted(office.webhooks.keys() - settings.signing.keys())
    ]


def unused(settings: Settings, names: Collection[str]) -> list[Finding]:
    """Every secret is of a webhook."""
    return [
        odd(f"{_SECRETS} has a secret of {name}, which is no webhook of desk.yaml", "Is its name misspelt?")
        for name in sorted(settings.signing.keys() - set(names))
    ]


async def answers(name: str, url: str) -> Finding:
    """Somebody answers at the address, to a question that changes nothing; most take nothing but POST, and say so."""
    host = urlsplit(url).hostname
    try:
        async with httpx.AsyncClient(timeout=PATIENCE_S) as http:
            answer = await http.head(url)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        fix = f"Is its address right, does it run, and may this machine reach {host}? Events wait for it meanwhile."
        return wrong(f"the webhook {name} cannot be reached ({type(error).__name__})", fix)
    if answer.status_code == GONE:
        return wrong(f"the webhook {name} answers 410: it wants no more", "Ask its owner, or take it out of desk.yaml.")
    if answer.is_redirect:
        fix = "Redirects are not followed: write into desk.yaml the address that it leads to."
        return odd(f"the webhook {name} answers {answer.status_code}, a redirect", fix)
    if answer.status_code == httpx.codes.NOT_FOUND or answer.is_server_error:
        fix = f"Is the path right? `triage webhooks list` shows later what {host} did not take."
        return odd(f"the webhook {name} answers {answer.status_code}", fix)
    return Finding(f"the webhook {name} is there")
