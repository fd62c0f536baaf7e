"""The page's own server: the files, what each person sees, what each person does."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web

from tests.platforms.page.deeds import perform
from tests.platforms.page.scene import scene

if TYPE_CHECKING:
    from tests.platforms.page.cast import Cast

FILES = Path(__file__).parent / "files"
HEARTBEAT = 15.0


class Page:
    """One page for everybody of a cast, kept fresh by server-sent events."""

    def __init__(self, cast: Cast, port: int) -> None:
        self._cast = cast
        self.port = port

    async def start(self) -> web.AppRunner:
        """Answer on loopback."""
        app = web.Application(client_max_size=32 << 20)
        app.add_routes(
            [
                web.get("/", self._index),
                web.get("/cast", self._roles),
                web.get("/scene/{key}", self._scene),
                web.post("/deed/{key}", self._deed),
                web.get("/news", self._news),
                web.static("/files", FILES),
            ]
        )
        runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", self.port).start()
        self.port = runner.addresses[0][1]
        return runner

    async def _index(self, _: web.Request) -> web.FileResponse:
        return web.FileResponse(FILES / "index.html")

    async def _roles(self, _: web.Request) -> web.Response:
        roles = self._cast.roles.values()
        return web.json_response([{"key": each.key, "platform": each.platform, "label": each.label} for each in roles])

    async def _scene(self, request: web.Request) -> web.Response:
        return web.json_response(scene(self._cast.roles[request.match_info["key"]]))

    async def _deed(self, request: web.Request) -> web.Response:
        shown = await perform(self._cast.roles[request.match_info["key"]], await request.json())
        return web.json_response({"notice": shown})

    async def _news(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        while True:
            await response.write(b"data: changed\n\n")
            waits = {asyncio.create_task(each.news.wait()) for each in (self._cast.slack, self._cast.telegram)}
            try:
                await asyncio.wait(waits, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for each in waits:
                    each.cancel()
