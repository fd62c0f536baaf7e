"""The desk's settings and the webhooks they name, at an endpoint on loopback that answers as it is told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.cli import desks
from bot.cli.doctor import desk as doctor
from bot.settings import Settings
from tests.channels.scripted import loaded

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.cli.doctor.findings import Finding

pytestmark = pytest.mark.anyio
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
async def url() -> AsyncIterator[str]:
    """An endpoint that takes POST at /hook alone, and answers elsewhere with the status that the path names."""
    app = web.Application()

    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=int(request.match_info["status"]))

    app.router.add_post("/hook", answer)
    app.router.add_head(r"/{status:\d+}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def examined(text: str | None, secrets: str = f"crm={SECRET}") -> list[Finding]:
    """What is not well with such a desk.yaml."""
    if text is not None:
        Path(desks.DEFAULT).write_text(text, "utf-8")
    found = await doctor.examine(Settings(webhook_secrets=SecretStr(secrets)), loaded())
    return [each for each in found if each.state != "ok"]


async def test_a_desk_that_is_fit(url: str) -> None:
    """As shipped, or with a webhook that takes nothing but POST."""
    assert await examined(None, "") == []
    assert await examined(f"webhooks:\n  crm: {{url: '{url}/hook'}}\n") == []


@pytest.mark.parametrize(
    ("path", "state", "words", "fix"),
    [
        ("410", "wrong", "410", "take it out of desk.yaml"),
        ("301", "odd", "redirect", "not followed"),
        ("404", "odd", "404", "Is the path right?"),
        ("503", "odd", "503", "triage webhooks list"),
    ],
)
async def test_an_endpoint_that_answers_otherwise(url: str, path: str, state: str, words: str, fix: str) -> None:
    """What it answers is said, with what to do about it."""
    (fault,) = await examined(f"webhooks:\n  crm: {{url: '{url}/{path}'}}\n")
    assert (fault.state, words in fault.words, fix in fault.fix) == (state, True, True)


async def test_one_that_is_not_there_or_has_no_secret() -> None:
    """Both are said, and of which one; and a secret of none. No secret is shown."""
    text = "webhooks:\n  crm: {url: 'http://127.0.0.1:1/hook'}\n"
    unsigned, unused, away = await examined(text, f"cmr={SECRET}")
    assert (unsigned.words, "openssl rand" in unsigned.fix) == ("the webhook crm has no secret", True)
    assert ("cmr" in unused.words, unused.state) == (True, "odd")
    assert ("cannot be reached" in away.words, "127.0.0.1" in away.fix) == (True, True)
    assert SECRET not in str([unsigned, unused, away])


async def test_a_file_that_cannot_be_used() -> None:
    """An address that is none, with its line."""
    (fault,) = await examined("webhooks:\n  crm: {url: 'ftp://crm.example/hook'}\n")
    assert fault.state == "wrong"
    assert "desk.yaml:2" in fault.fix
    assert "it begins with https://" in fault.fix
