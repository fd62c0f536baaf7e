"""The pages of drops: a form for the merchant, and for whoever has the case a page that shows what was filled in, once.

Looking changes nothing, because programs look at links too: filling in and opening are posts.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import parse_qs

import structlog
from starlette.routing import Route

from bot.guard import access
from bot.guard.hosts import environment
from bot.guard.strength import SHORTEST, is_strong
from bot.service.drops import Account
from bot.store.port import StoreError
from bot.web.pages import page

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from bot.service.drops import Drops, Form

FORM: Final = "/drop/{case}/{drop}"
ENTRANCE: Final = "/open/{token}"

_LARGEST: Final = 16_384
"""Bytes of what a form may send."""
_PATIENCE_S: Final = 5.0
"""How long the case may take to hear of what was filled in."""
_MOST: Final = {"address": 500, "user": 200, "password": 200, "note": 1000}
"""Characters of each field."""

_LOG: Final = structlog.get_logger(__name__)


class Field(NamedTuple):
    """A field as the page shows it."""

    name: str
    kind: str
    label: str
    hint: str = ""
    value: str = ""
    wrong: str = ""
    most: int = 0


def routes(drops: Drops) -> list[Route]:
    """The pages of `drops`."""
    pages = _Pages(drops)
    return [Route(FORM, pages.form, methods=["GET", "POST"]), Route(ENTRANCE, pages.entrance, methods=["GET", "POST"])]


class _Pages:
    def __init__(self, drops: Drops) -> None:
        self._drops = drops

    async def form(self, request: Request) -> Response:
        """Show the form, or take what was filled in."""
        case, drop = request.path_params["case"], request.path_params["drop"]
        try:
            found = await self._drops.form(case, drop)
            if found is None:
                return self._said(410, "drop_gone", case)
            if request.method != "POST":
                return self._form(found, {}, {})
            given = await _given(request)
            if given is None:
                return self._said(413, "drop_too_much", case, found.locale)
            wrong = await asyncio.to_thread(_wrong, given, found)
            if wrong:
                return self._form(found, given, wrong)
            note = given.get("note", "")
            async with asyncio.timeout(_PATIENCE_S):
                await self._drops.fill(found, Account(given["address"], given["user"], given["password"], note))
        except (StoreError, TimeoutError) as error:
            _LOG.warning("account_not_kept", error=type(error).__name__)
            return self._said(503, "drop_later", case)
        return self._said(200, "drop_done", case, found.locale)

    async def entrance(self, request: Request) -> Response:
        """Show the way in, or what was filled in, for good."""
        try:
            way = await self._drops.entered(request.path_params["token"])
            if way is None:
                return self._said(410, "drop_open_gone")
            if request.method != "POST":
                said, button = [self._drops.word("drop_open_once")], self._drops.word("desk_open")
                return page("form", lang=self._drops.locale, title=button, said=said, fields=(), button=button)
            account = await self._drops.open(way)
        except StoreError as error:
            _LOG.warning("account_not_shown", error=type(error).__name__)
            return self._said(503, "drop_later")
        if account is None:
            return self._said(410, "drop_open_gone")
        word = self._drops.word
        facts = [(word(f"drop_{name}"), getattr(account, name)) for name in _MOST if getattr(account, name)]
        return page(
            "facts", lang=self._drops.locale, title=word("drop_opened"), said=[word("drop_opened_now")], facts=facts
        )

    def _form(self, form: Form, given: dict[str, str], wrong: dict[str, str]) -> Response:
        """The form as it was filled in, but for the password, with what is wrong in it."""

        def word(name: str) -> str:
            return self._drops.word(name, form.locale)

        def field(name: str, kind: str = "line", hint: str = "") -> Field:
            value = "" if name == "password" else given.get(name, "")
            why = word(wrong[name]) if name in wrong else ""
            return Field(name, kind, word(f"drop_{name}"), word(hint) if hint else "", value, why, _MOST.get(name, 0))

        fields = (
            field("address", hint="drop_address_hint"),
            *(() if form.live else (field("staging", "tick"),)),
            field("user"),
            field("password", hint="drop_password_hint"),
            field("note", "text"),
        )
        title = f"{word('drop_title')} {form.case}"
        status, button = 422 if wrong else 200, word("drop_send")
        return page(
            "form", status, lang=form.locale, title=title, said=[word("drop_intro")], fields=fields, button=button
        )

    def _said(self, status: int, name: str, case: str = "", locale: str = "") -> Response:
        """A page that says one thing."""
        said = [self._drops.word(name, locale)]
        return page("said", status, lang=locale or self._drops.locale, title=case or "Triage", said=said)


async def _given(request: Request) -> dict[str, str] | None:
    """What was filled in, by field; None if it is too much."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _LARGEST:
            return None
    found = parse_qs(body.decode("utf-8", "replace"), max_num_fields=20)
    return {name: values[0].strip() for name, values in found.items()}


def _wrong(given: dict[str, str], form: Form) -> dict[str, str]:
    """By field what is wrong with it, as a wording."""
    wrong = {name: "drop_missing" for name in ("address", "user", "password") if not given.get(name)}
    wrong |= {name: "drop_too_long" for name, most in _MOST.items() if len(given.get(name, "")) > most}
    if "address" not in wrong and (why := _refusal(given, form)):
        wrong["address"] = why
    if "password" not in wrong:
        found = access.read(given.get("address", ""))
        beside = [given.get("user", ""), *(found.host.split(".") if found is not None else ())]
        if not is_strong(given["password"], beside):
            wrong["password"] = "drop_weak" if len(given["password"]) >= SHORTEST else "drop_short"
    return wrong


def _refusal(given: dict[str, str], form: Form) -> str:
    """Why the address cannot be used, as a wording; "" if it can."""
    why = access.refusal(given["address"], approved=form.live)
    if why == "live":
        # a name that does not say what it is: the merchant may say it
        found = access.read(given["address"])
        unclear = found is not None and environment(found.host) == "unclear"
        return "" if unclear and given.get("staging") else "drop_live"
    return f"drop_{why}" if why else ""
