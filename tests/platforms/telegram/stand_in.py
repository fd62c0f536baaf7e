"""The server that python-telegram-bot talks to."""

from __future__ import annotations

import asyncio
import copy
import inspect
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.platforms.loopback import Loopback
from tests.platforms.schemas import schema
from tests.platforms.telegram import arguments
from tests.platforms.telegram.call import Call
from tests.platforms.telegram.group import Group
from tests.platforms.telegram.methods import methods
from tests.platforms.telegram.person import Person
from tests.platforms.telegram.refusals import Refusal, Violation, bad
from tests.platforms.telegram.updates import Updates
from tests.platforms.telegram.webhook import Webhook
from tests.platforms.telegram.world import User, World

if TYPE_CHECKING:
    from pathlib import Path

    from tests.platforms.faults import Fault
    from tests.platforms.telegram.call import Method
    from tests.platforms.telegram.query import Query
    from tests.platforms.telegram.world import Chat, File
    from tests.platforms.wire import Json

TOKEN = "7000000001:AAF-stand-in-token-0123456789abcdefg"


class TelegramStandIn(Loopback):
    """The Bot API of one bot on loopback.

    `base_url` of python-telegram-bot is `f"{url}/bot"`, its `base_file_url` is `f"{url}/file/bot"`.
    """

    platform = "telegram"

    def __init__(self, *, token: str = TOKEN, name: str = "Triage", port: int = 0, record: Path | None = None) -> None:
        """`name` is what people see the bot as; the username is made of it."""
        super().__init__(port=port, record=record)
        self.token = token
        bot = User(int(token.partition(":")[0]), name, f"{name.lower()}_bot", is_bot=True)
        self.world = World(self.clock, bot)
        self.updates = Updates(self.clock, self.faults)
        self.webhook: Webhook | None = None
        self.privacy_mode = True
        """Whether a bot that is no administrator sees only commands, replies and mentions in groups."""
        self.private_topics = False
        """Whether private chats have topics."""
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.texts: dict[str, dict[str, str]] = {}
        self.queries: dict[str, Query] = {}
        self.links: dict[str, tuple[File, float]] = {}
        self.keyboards: dict[int, Json] = {}
        """Chat id to the reply keyboard that the app shows below the chat."""
        self._methods = {name.lower(): (name, method) for name, method in methods().items()}
        self._params = schema("telegram-10.3-Params.json")
        self._webhook_task: asyncio.Task[None] | None = None

    def routes(self) -> list[web.RouteDef]:
        """Methods, and the files that getFile named."""
        return [
            web.route("*", r"/bot{token:[^/]+}/{method}", self._call),
            web.get(r"/file/bot{token:[^/]+}/{path:.+}", self._download),
        ]

    def user(self, name: str, *, username: str = "", language: str = "") -> Person:
        """Somebody with an account, who has not spoken with the bot yet."""
        return Person(self, self.world.new_user(name, username, language))

    def group(self, title: str, members: list[Person] | None = None, *, bot: str = "member") -> Group:
        """A basic group; `bot` is the status of the bot in it."""
        return self._group("group", title, members, bot=bot, forum=False)

    def forum(self, title: str, members: list[Person] | None = None, *, bot: str = "administrator") -> Group:
        """A supergroup with topics."""
        return self._group("supergroup", title, members, bot=bot, forum=True)

    def show_keyboard(self, chat: Chat, markup: Json) -> None:
        """A reply keyboard shows, or goes."""
        if markup.get("remove_keyboard"):
            self.keyboards.pop(chat.id, None)
        else:
            self.keyboards[chat.id] = markup

    def start_webhook(self, settings: Json) -> None:
        """Deliver updates to an address from now on."""
        self.stop_webhook()
        self.webhook = Webhook(self, self.updates, settings)
        self.updates.webhook_set(active=True)
        self._webhook_task = asyncio.create_task(self.webhook.run())
        self._tasks.add(self._webhook_task)

    def stop_webhook(self) -> None:
        """Deliver no more."""
        if self._webhook_task is not None:
            self._webhook_task.cancel()
        self._webhook_task, self.webhook = None, None
        self.updates.webhook_set(active=False)

    def _group(self, kind: str, title: str, members: list[Person] | None, *, bot: str, forum: bool) -> Group:
        chat = self.world.new_chat(kind, title, forum=forum)
        chat.members = {person.user.id: "creator" if not i else "member" for i, person in enumerate(members or [])}
        chat.members[self.world.bot.id] = bot
        return Group(self, chat)

    async def _call(self, request: web.Request) -> web.Response:
        name, method = self._methods.get(request.match_info["method"].lower(), (request.match_info["method"], None))
        given, uploads = await arguments.read(request)
        fault = self.faults.take(name)
        if fault is not None and fault.kind == "broken":
            self.record("call", name, given, fault.status, None)
            return web.Response(status=fault.status, text="<html>Bad Gateway</html>", content_type="text/html")
        try:
            self._admit(request, fault)
            self.news.tell()
            result = await self._perform(name, method, Call(self, given, uploads))
            status, answer = 200, {"ok": True, "result": result}
        except Refusal as refusal:
            status, answer = refusal.code, _refused(refusal)
            if isinstance(refusal, Violation):
                self.wire.violations.append(f"telegram {name}: {refusal.fault}")
        return await self._answer(request, name, given, status, answer, fault)

    def _admit(self, request: web.Request, fault: Fault | None) -> None:
        if fault is not None and fault.kind == "rate_limited":
            raise Refusal(429, f"Too Many Requests: retry after {fault.retry_after}", retry_after=fault.retry_after)
        if fault is not None and fault.kind == "refused":
            raise bad(fault.reason)
        if request.match_info["token"] != self.token:
            raise Refusal(401, "Unauthorized")

    async def _perform(self, name: str, method: Method | None, call: Call) -> Any:
        if method is None:
            self.wire.violations.append(f"telegram {name}: the stand-in does not imitate this method")
            raise Refusal(404, "Not Found: method not found")
        arguments.check(self._params, name, call.arguments, call.uploads)
        result = method(call)
        return await result if inspect.isawaitable(result) else result

    async def _answer(
        self, request: web.Request, name: str, given: Json, status: int, answer: Json, fault: Fault | None
    ) -> web.Response:
        response = web.json_response(answer, status=status)
        answer = copy.deepcopy(answer)  # a message that is edited later was answered as it is now
        if fault is not None and fault.kind == "lost":
            self.record("call", name, given, 0, answer)
            await self.clock.sleep(fault.wait)
            if request.transport is not None:
                request.transport.close()
            return response
        self.record("call", name, given, status, answer)
        return response

    async def _download(self, request: web.Request) -> web.Response:
        file, until = self.links.get(request.match_info["path"], (None, 0.0))
        if request.match_info["token"] != self.token or file is None or self.clock.now() > until:
            return web.json_response(_refused(Refusal(404, "Not Found")), status=404)
        self.record("call", "file", {"path": request.match_info["path"]}, 200, len(file.content))
        return web.Response(body=file.content, content_type="application/octet-stream")


def _refused(refusal: Refusal) -> Json:
    answer: dict[str, Any] = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    return answer | ({"parameters": refusal.parameters} if refusal.parameters else {})
