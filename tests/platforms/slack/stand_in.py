"""The server that slack_sdk and slack-bolt talk to."""

from __future__ import annotations

import asyncio
import base64
import copy
from typing import TYPE_CHECKING, Literal

from aiohttp import web

from tests.platforms.loopback import Loopback
from tests.platforms.slack import answers, arguments
from tests.platforms.slack.access import Access
from tests.platforms.slack.blocks import Blocks
from tests.platforms.slack.call import Call
from tests.platforms.slack.channel import Channel
from tests.platforms.slack.delivery import PATIENCE, Answer, Http, Kind
from tests.platforms.slack.events import PAUSES, SCOPES, removed
from tests.platforms.slack.interaction import Interaction
from tests.platforms.slack.methods import methods
from tests.platforms.slack.person import Person
from tests.platforms.slack.refusals import Refusal, Violation
from tests.platforms.slack.sockets import Sockets
from tests.platforms.slack.transfers import Transfers
from tests.platforms.slack.triggers import AnswerUrls, Triggers
from tests.platforms.slack.views import Views
from tests.platforms.slack.world import World

if TYPE_CHECKING:
    from pathlib import Path

    from tests.platforms.faults import Fault
    from tests.platforms.slack.world import Conversation, User, Workspace
    from tests.platforms.wire import Json

APP = "A0STANDIN"
DEFAULT_SCOPES = frozenset(
    [
        "app_mentions:read",
        "assistant:write",
        "bookmarks:write",
        "channels:history",
        "channels:join",
        "channels:read",
        "chat:write",
        "commands",
        "files:read",
        "files:write",
        "groups:history",
        "groups:read",
        "im:history",
        "im:read",
        "im:write",
        "pins:write",
        "reactions:read",
        "reactions:write",
        "team:read",
        "users:read",
        "users:read.email",
    ]
)
DEFAULT_EVENTS = frozenset({"message.im", "message.channels", "message.groups", *SCOPES})


class SlackStandIn(Loopback):
    """Slack on loopback, with one app that several workspaces may have installed.

    `base_url` of slack_sdk is `f"{url}/api/"`. Deliveries go to `request_url` once that is set, and before that to
    the app's Socket Mode connections.
    """

    platform = "slack"

    def __init__(
        self,
        *,
        scopes: frozenset[str] = DEFAULT_SCOPES,
        events: frozenset[str] = DEFAULT_EVENTS,
        port: int = 0,
        record: Path | None = None,
        patience: float = PATIENCE,
    ) -> None:
        """`scopes` are granted in every workspace; `events` are what the app subscribed to.

        `patience`: seconds of the stand-in's clock that the app has to acknowledge a delivery.
        """
        super().__init__(port=port, record=record)
        self.events = events
        self.world = World(self.clock, APP)
        self.blocks = Blocks(self.world.ids)
        self.views = Views(self.world, self.news)
        self.triggers = Triggers(self.clock)
        self.sockets = Sockets(self, APP, patience)
        self.access = Access(self.world, self.sockets)
        self.gave_up: list[Json] = []
        """Events that the app did not take in four attempts."""
        self._scopes = scopes
        self._patience = patience
        self._answer_urls = AnswerUrls(self.clock)
        self._http_delivery: Http | None = None
        self._methods = methods()
        self._transfers = Transfers(self)
        self._held: list[tuple[str, Json]] = []
        self._hold = 0
        self.home = self.workspace("Acme")
        """The workspace that everything is in unless another is named."""

    def routes(self) -> list[web.RouteDef]:
        """The Web API, uploads and downloads, answers to interactions, websockets."""
        return [
            web.route("*", r"/api/{method}", self._call),
            web.post(r"/upload/{file}", self._transfers.upload),
            web.get(r"/files/{file}/{name}", self._transfers.download),
            web.post(r"/response/{url}", self._respond),
            web.get("/link/", self.sockets.connect),
            web.get("/oauth/v2/authorize", self.access.authorize),
        ]

    @property
    def bot_token(self) -> str:
        """The app's token in the workspace `home`."""
        return self.home.installation.token

    def workspace(self, name: str) -> Workspace:
        """Another workspace that has the app."""
        return self.world.new_workspace(name, self._scopes, "Triage")

    def organisation(self, name: str, *workspaces: str) -> list[Workspace]:
        """Workspaces of those names, of an organisation that has the app for all of them."""
        found = [self.workspace(each) for each in workspaces]
        self.world.organise(name, found)
        return found

    def user(
        self, name: str, *, locale: str = "en-US", tz: str = "Europe/Amsterdam", workspace: Workspace | None = None
    ) -> Person:
        """Somebody in a workspace."""
        home = workspace or self.home
        return Person(self, home, self.world.new_user(home, name, locale, tz))

    def channel(self, name: str, members: list[Person], *, private: bool = False, with_bot: bool = True) -> Channel:
        """A channel of those members, the app among them or not."""
        workspace = members[0].workspace
        everybody = [each.user.id for each in members] + ([workspace.installation.bot.id] if with_bot else [])
        kind: Literal["group", "channel"] = "group" if private else "channel"
        return Channel(self, self.world.new_conversation(kind, name, workspace, everybody))

    async def set_request_url(self, url: str) -> None:
        """Deliver over HTTP from now on. AssertionError unless the app answers the challenge."""
        http = Http(self, self.access.signing_secret, url, self._patience)
        challenge: Json = {"token": "stand-in", "challenge": self.world.ids.new("c"), "type": "url_verification"}
        answer = await http.deliver("events_api", challenge, 0, "")
        self.record("delivery", "url_verification", challenge, 200 if answer.taken else 0, answer.body)
        said = answer.body.get("challenge") if isinstance(answer.body, dict) else answer.body
        assert said == challenge["challenge"], f"{url} did not answer the challenge: {answer}"
        self._http_delivery = http

    def uninstall(self, workspace: Workspace, *, vague: bool = False) -> None:
        """Somebody removes the app: its token serves no more, and the app is told; `vague` as in `removed`."""
        removed(self, workspace, vague=vague)
        workspace.installation.active = False

    def answer_url(self, person: User, where: Conversation, source: str | None) -> str:
        """A response_url."""
        return f"{self.url}/response/{self._answer_urls.new(person.team, where, person.id, source)}"

    def spawn_delivery(self, name: str, payload: Json) -> None:
        """Deliver an event, as often as it takes."""
        self._hold = self._hold or self.faults.held()
        self._held.append((name, payload))
        if len(self._held) < self._hold:
            return
        for each in reversed(self._held) if self._hold else self._held:
            for _ in range(self.faults.copies()):
                self.spawn(self._deliver_event(*each))
        self._held, self._hold = [], 0

    def interact(
        self,
        kind: Kind,
        name: str,
        payload: Json,
        *,
        submitted: tuple[User, Json] | None = None,
        answer_to: tuple[Conversation, User] | None = None,
    ) -> Interaction:
        """Deliver an interaction, and do what the app answers to it."""

        async def deliver() -> Answer:
            answer = await self._deliver(kind, name, payload, 0, "")
            if submitted is not None and answer.taken:
                answers.submitted(self, *submitted, answer.body)
            if answer_to is not None and answer.taken:
                answers.commanded(self, *answer_to, answer.body)
            return answer

        delivered = asyncio.create_task(deliver())
        self._tasks.add(delivered)
        delivered.add_done_callback(self._tasks.discard)
        delivered.add_done_callback(lambda _: self.news.tell())
        return Interaction(self.news, payload, delivered)

    async def _deliver_event(self, name: str, payload: Json) -> None:
        answer = await self._deliver("events_api", name, payload, 0, "")
        for attempt, pause in enumerate(PAUSES, 1):
            if answer.taken or not answer.again:
                return
            await self.clock.sleep(pause)
            answer = await self._deliver("events_api", name, payload, attempt, answer.reason)
        if not answer.taken:
            self.gave_up.append(payload)

    async def _deliver(self, kind: Kind, name: str, payload: Json, attempt: int, reason: str) -> Answer:
        way = self._http_delivery or self.sockets
        answer = await way.deliver(kind, payload, attempt, reason)
        self.record("delivery", name, payload, 200 if answer.taken else 0, answer.body or answer.reason or None)
        return answer

    async def _call(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        given = await arguments.read(request)
        fault = self.faults.take(name)
        if fault is not None and fault.kind in {"rate_limited", "broken"}:
            limited = fault.kind == "rate_limited"
            status, answer = (429, {"ok": False, "error": "ratelimited"}) if limited else (fault.status, {})
            self.record("call", name, given, status, answer)
            headers = {"Retry-After": str(fault.retry_after)} if limited else {}
            if limited:
                return web.json_response(answer, status=status, headers=headers)
            return web.Response(status=status, text="<html>Bad Gateway</html>", content_type="text/html")
        try:
            if fault is not None and fault.kind == "refused":
                raise Refusal(fault.reason)  # noqa: TRY301  (as a method would)
            answer = {"ok": True, **self._perform(name, given, request)}
        except Refusal as refusal:
            answer = {"ok": False, "error": refusal.error, **refusal.fields}
            if isinstance(refusal, Violation):
                self.wire.violations.append(f"slack {name}: {refusal.error}: {'; '.join(refusal.faults)}")
        return await self._answer(request, name, given, answer, fault)

    def _perform(self, name: str, given: Json, request: web.Request) -> Json:
        bearer = arguments.token(request, given)
        if name == "apps.connections.open":
            return self.access.connections_open(bearer)
        if name == "oauth.v2.access":
            credentials = _basic(request) or (str(given.get("client_id")), str(given.get("client_secret")))
            return self.access.exchange(*credentials, str(given.get("code")), str(given.get("redirect_uri", "")))
        if not bearer:
            raise Refusal("not_authed")
        named = {str(given.get(name)) for name in ("channel", "channel_id", "user", "user_id", "users")}
        workspace = self.world.addressed(bearer, named)
        if workspace is None:
            raise Refusal("invalid_auth")
        if not workspace.installation.active:
            raise Refusal("account_inactive")
        method = self._methods.get(name)
        if method is None:
            raise Violation("unknown_method", ["the stand-in does not imitate this method"])
        arguments.check(name, given)
        return method(Call(self, workspace, given))

    async def _answer(
        self, request: web.Request, name: str, given: Json, answer: Json, fault: Fault | None
    ) -> web.Response:
        answer = copy.deepcopy(answer)  # a message that is edited later was answered as it is now
        lost = fault is not None and fault.kind == "lost"
        self.record("call", name, given, 0 if lost else 200, answer)
        if fault is not None and lost:
            await self.clock.sleep(fault.wait)
            if request.transport is not None:
                request.transport.close()
        workspace = self.world.addressed(arguments.token(request, given), set())
        scopes = self._scopes if workspace is None else workspace.installation.scopes
        return web.json_response(answer, headers={"X-OAuth-Scopes": ",".join(sorted(scopes))})

    async def _respond(self, request: web.Request) -> web.Response:
        given = await request.json()
        status, text = 200, "ok"
        try:
            answers.at_url(self, self._answer_urls.use(request.match_info["url"]), given)
        except Refusal as refusal:
            status, text = 404, refusal.error
            if isinstance(refusal, Violation):
                self.wire.violations.append(f"slack response_url: {refusal.error}: {'; '.join(refusal.faults)}")
        self.record("call", "response_url", given, status, text)
        return web.Response(status=status, text=text)


def _basic(request: web.Request) -> tuple[str, str] | None:
    header = request.headers.get("Authorization", "")
    if not header.startswith("Basic "):
        return None
    user, _, password = base64.b64decode(header.removeprefix("Basic ")).decode().partition(":")
    return user, password
