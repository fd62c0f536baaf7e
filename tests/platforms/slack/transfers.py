"""The bytes of files, on their way in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from tests.platforms.slack import arguments

if TYPE_CHECKING:
    from tests.platforms.slack.stand_in import SlackStandIn


class Transfers:
    """Where files are sent to and fetched from."""

    def __init__(self, server: SlackStandIn) -> None:
        self._server = server

    async def upload(self, request: web.Request) -> web.Response:
        """Step two of an upload: as many bytes as were announced, plain or as a form."""
        file = self._server.world.files.get(request.match_info["file"])
        if request.content_type.startswith("multipart/"):
            parts = [part.file.read() for part in (await request.post()).values() if isinstance(part, web.FileField)]
            content = parts[0] if parts else b""
        else:
            content = await request.read()
        if file is None or file.uploaded or len(content) != file.size:
            return web.Response(status=400, text="the number of bytes is another than announced")
        file.content, file.uploaded = content, True
        self._server.record("call", "upload", {"file": file.id, "name": file.name}, 200, len(content))
        return web.Response(text=f"OK - {len(content)}")

    async def download(self, request: web.Request) -> web.Response:
        """A file, for whoever has a token of the app."""
        file = self._server.world.files.get(request.match_info["file"])
        bearer = arguments.token(request, {})
        tokens = {
            each.installation.token for each in self._server.world.workspaces.values() if each.installation.active
        }
        if file is None or bearer not in tokens:
            # no error: Slack shows a page to sign in, with status 200 once redirects are followed
            return web.Response(text="<!DOCTYPE html><html><body>Sign in</body></html>", content_type="text/html")
        self._server.record("call", "file", {"file": file.id}, 200, file.size)
        return web.Response(body=file.content, content_type="application/octet-stream")
