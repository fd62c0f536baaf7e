"""The platforms' API as lightly as can be: every call is taken, in a thread of a process that has little else to do."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from concurrent.futures import Future
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from tests.bench.web.payloads import APP, TEAM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TOKEN: Final = "7000000001:AAF-bench-token-0123456789abcdefghijk"
BOT: Final = {"id": 7000000001, "is_bot": True, "first_name": "Triage", "username": "triage_bot"}
APP_BOT: Final = {"team_id": TEAM, "user_id": "U0000000BOT", "bot_id": "B0000000BOT", "app_id": APP, "user": "triage"}
PERSON: Final = {"id": "U1", "name": "ana", "real_name": "Ana", "locale": "en-US", "profile": {"first_name": "Ana"}}

MEMBERS: Final = [f"P{number}" for number in range(50)]
"""Of every channel."""


@contextlib.contextmanager
def platforms() -> Iterator[str]:
    """Take calls as long as the context lasts; the URL."""
    listening: Future[tuple[str, Callable[[], None]]] = Future()
    thread = threading.Thread(target=lambda: asyncio.run(_listen(listening)))
    thread.start()
    url, stop = listening.result()
    try:
        yield url
    finally:
        stop()
        thread.join()


async def _listen(listening: Future[tuple[str, Callable[[], None]]]) -> None:
    numbers = count(1)

    async def telegram(request: web.Request) -> web.Response:
        method = request.match_info["method"].lower()
        chat = {"id": 1, "type": "private"}
        message = {"message_id": next(numbers), "date": 1, "chat": chat, "from": BOT, "text": "…"}
        answers: dict[str, Any] = {
            "getme": BOT,
            "sendmessage": message,
            "editmessagetext": message,
            "getmycommands": [],
            "getmydescription": {"description": ""},
            "getmyshortdescription": {"short_description": ""},
        }
        result = answers.get(method, True)
        return web.json_response({"ok": True, "result": result})

    async def slack(_: web.Request) -> web.Response:
        said = {"ok": True, **APP_BOT, "channel": "D1", "ts": f"1.{next(numbers):06}", "user": PERSON}
        said |= {"members": MEMBERS, "permalink": "https://slack.example/archives/C1/p1"}
        return web.json_response(said)

    app = web.Application()
    app.add_routes([web.route("*", "/bot{token}/{method}", telegram), web.route("*", "/api/{method}", slack)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    stopped, loop = asyncio.Event(), asyncio.get_running_loop()
    listening.set_result((f"http://127.0.0.1:{runner.addresses[0][1]}", lambda: _set(loop, stopped)))
    await stopped.wait()
    await runner.cleanup()


def _set(loop: asyncio.AbstractEventLoop, event: asyncio.Event) -> None:
    loop.call_soon_threadsafe(event.set)
