"""The naive way: the platform's library, and a handler that writes one row before the platform is answered.

python -m tests.bench.web.naive PLATFORM DATABASE_URL API_URL PORT
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from typing import TYPE_CHECKING, Any, Final

import aiosqlite
import asyncpg
import uvicorn
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
from telegram import Update
from telegram.ext import ApplicationBuilder, MessageHandler, filters

from tests.bench.web.payloads import PATHS, SECRET
from tests.bench.web.platforms import TOKEN

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

    from starlette.requests import Request

    Write = Callable[[str, str], Awaitable[None]]

_TABLE: Final = "CREATE TABLE IF NOT EXISTS messages (who TEXT, words TEXT)"


@contextlib.asynccontextmanager
async def writing(url: str) -> AsyncIterator[Write]:
    """A function that writes a row and commits it."""
    if url.startswith("sqlite:///"):
        async with aiosqlite.connect(url.removeprefix("sqlite:///")) as db:
            await db.execute("PRAGMA journal_mode = WAL")
            await db.execute("PRAGMA synchronous = FULL")
            await db.execute(_TABLE)

            async def insert(who: str, words: str) -> None:
                await db.execute("INSERT INTO messages VALUES (?, ?)", (who, words))
                await db.commit()

            yield insert
        return
    async with asyncpg.create_pool(url) as pool:
        await pool.execute(_TABLE)

        async def put(who: str, words: str) -> None:
            await pool.execute("INSERT INTO messages VALUES ($1, $2)", who, words)

        yield put


async def telegram(api: str, write: Write) -> Callable[[Request], Awaitable[Response]]:
    """A python-telegram-bot application behind an endpoint that waits for its handler."""
    application = ApplicationBuilder().token(TOKEN).base_url(f"{api}/bot").updater(None).build()

    async def heard(update: Update, _: Any) -> None:
        if update.effective_user is not None and update.effective_message is not None:
            await write(str(update.effective_user.id), update.effective_message.text or "")

    application.add_handler(MessageHandler(filters.ALL, heard))
    await application.initialize()

    async def take(request: Request) -> Response:
        if request.headers.get("X-Telegram-Bot-Api-Secret-Token") != SECRET:
            return Response(status_code=403)
        await application.process_update(Update.de_json(await request.json(), application.bot))
        return Response()

    return take


async def slack(api: str, write: Write) -> Callable[[Request], Awaitable[Response]]:
    """A slack-bolt application that answers after its listener (`process_before_response`)."""
    client = AsyncWebClient("xoxb-bench", base_url=f"{api}/api/")
    app = AsyncApp(client=client, signing_secret=SECRET, process_before_response=True)

    @app.event("message")
    async def heard(event: dict[str, Any]) -> None:
        await write(event["user"], event["text"])

    handler = AsyncSlackRequestHandler(app)
    return handler.handle


async def serve(platform: str, url: str, api: str, port: int) -> None:
    """Answer until terminated."""
    async with writing(url) as write:
        take = await (telegram if platform == "telegram" else slack)(api, write)

        async def ready(_: Request) -> Response:
            return Response()

        app = Starlette(routes=[Route(PATHS[platform], take, methods=["POST"]), Route("/health/ready", ready)])
        await uvicorn.Server(uvicorn.Config(app, "127.0.0.1", port, log_level="warning", access_log=False)).serve()


def main(arguments: Sequence[str]) -> None:
    """Serve as the command line says."""
    platform, url, api, port = arguments
    asyncio.run(serve(platform, url, api, int(port)))


if __name__ == "__main__":
    main(sys.argv[1:])
