"""What Slack knows: workspaces, people, conversations with their messages, files. Messages are Slack's own JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from tests.platforms.slack.ids import Ids
from tests.platforms.slack.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.platforms.clock import Clock
    from tests.platforms.wire import Json

Kind: TypeAlias = Literal["channel", "group", "im"]
SCOPE_WORD = {"channel": "channels", "group": "groups", "im": "im"}
"""How scopes and event names call a kind of conversation."""


@dataclass
class User:
    """A person, or a bot, of one workspace."""

    id: str
    team: str
    name: str
    locale: str = "en-US"
    tz: str = "Europe/Amsterdam"
    is_bot: bool = False

    def json(self, *, stranger: bool = False) -> Json:
        """Slack's user; of somebody from another organisation it tells little."""
        found: Json = {
            "id": self.id,
            "team_id": self.team,
            "name": self.name.lower().replace(" ", "."),
            "deleted": False,
            "real_name": self.name,
            "is_bot": self.is_bot,
            "profile": {"real_name": self.name, "display_name": self.name, "team": self.team},
        }
        if stranger:
            return found | {"is_stranger": True}
        found["profile"]["email"] = f"{found['name']}@{self.team.lower()}.example"
        return found | {"tz": self.tz, "locale": self.locale, "is_admin": False, "is_restricted": False, "updated": 0}


@dataclass
class Installation:
    """The app in one workspace."""

    token: str
    bot: User
    bot_id: str
    scopes: frozenset[str]
    active: bool = True


@dataclass(frozen=True)
class Organisation:
    """An organisation (Enterprise Grid) that has the app for all of its workspaces, which share one installation."""

    id: str
    name: str


@dataclass
class Workspace:
    """A workspace, in which the app may be installed."""

    id: str
    name: str
    installation: Installation
    users: dict[str, User] = field(default_factory=dict)
    organisation: Organisation | None = None
    """That which has the app for it."""


@dataclass
class Conversation:
    """A channel, a private channel or a direct message; shared when it has several teams."""

    id: str
    kind: Kind
    name: str
    teams: list[str]
    members: list[str] = field(default_factory=list)
    messages: dict[str, Json] = field(default_factory=dict)
    """Timestamp to message, in the order of writing."""
    ephemeral: list[tuple[str, Json]] = field(default_factory=list)
    """What only one member sees: the member and the message."""
    archived: bool = False
    pins: list[str] = field(default_factory=list)
    bookmarks: list[Json] = field(default_factory=list)
    assistant: dict[str, Json] = field(default_factory=dict)
    """Thread to what the assistant shows there: status, title, prompts."""

    @property
    def shared(self) -> bool:
        """Whether several workspaces are in it."""
        return len(self.teams) > 1

    def json(self) -> Json:
        """Slack's conversation."""
        found: Json = {"id": self.id, "created": 0, "is_archived": self.archived, "context_team_id": self.teams[0]}
        found |= {"is_im": self.kind == "im", "is_channel": self.kind == "channel", "is_group": self.kind == "group"}
        found |= {"is_ext_shared": self.shared, "is_shared": self.shared, "is_private": self.kind != "channel"}
        if self.kind == "im":
            return found | {"user": self.members[0]}
        topic = {"value": "", "creator": "", "last_set": 0}
        found |= {"name": self.name, "name_normalized": self.name, "is_member": True, "topic": topic, "purpose": topic}
        return found | ({"shared_team_ids": self.teams} if self.shared else {})

    def thread(self, ts: str) -> list[Json]:
        """A thread: its first message and the replies."""
        return [each for each in self.messages.values() if ts in {each["ts"], each.get("thread_ts")}]


@dataclass
class File:
    """An uploaded file; it is shared once it stands in `shares`."""

    id: str
    name: str
    size: int
    owner: str
    team: str
    content: bytes = b""
    uploaded: bool = False
    title: str = ""
    shares: dict[str, str] = field(default_factory=dict)
    """Conversation to the timestamp of the message that shows it."""


class World:
    """Everything that exists, and how new things come to be."""

    def __init__(self, clock: Clock, app_id: str) -> None:
        self.clock = clock
        self.ids = Ids(clock)
        self.app_id = app_id
        self.workspaces: dict[str, Workspace] = {}
        self.conversations: dict[str, Conversation] = {}
        self.files: dict[str, File] = {}

    def new_workspace(self, name: str, scopes: frozenset[str], bot_name: str) -> Workspace:
        """A workspace that has the app installed."""
        team = self.ids.new("T")
        bot = User(self.ids.new("U"), team, bot_name, is_bot=True)
        token = f"xoxb-{self.ids.number()}-stand-in-{team}"
        installation = Installation(token, bot, self.ids.new("B"), scopes)
        workspace = Workspace(team, name, installation, {bot.id: bot})
        self.workspaces[team] = workspace
        return workspace

    def organise(self, name: str, workspaces: list[Workspace]) -> None:
        """Give workspaces to one organisation, which has the app for all of them, by the installation of the first."""
        organisation, first = Organisation(self.ids.new("E"), name), workspaces[0]
        for each in workspaces:
            del each.users[each.installation.bot.id]
            each.organisation, each.installation = organisation, first.installation
            each.users[first.installation.bot.id] = first.installation.bot

    def addressed(self, token: str, named: set[str]) -> Workspace | None:
        """The workspace of a token; of an organisation's token that in which the people or conversations named are."""
        found = [each for each in self.workspaces.values() if each.installation.token == token]
        rooms = {team for name in named & self.conversations.keys() for team in self.conversations[name].teams}
        there = (each for each in found if each.id in rooms or named & each.users.keys())
        return next(there, found[0] if found else None)

    def new_user(self, workspace: Workspace, name: str, locale: str, tz: str) -> User:
        """A person in a workspace."""
        user = User(self.ids.new("U"), workspace.id, name, locale, tz)
        workspace.users[user.id] = user
        return user

    def new_conversation(self, kind: Kind, name: str, workspace: Workspace, members: list[str]) -> Conversation:
        """A conversation of those members."""
        letter = {"channel": "C", "group": "G", "im": "D"}[kind]
        found = Conversation(self.ids.new(letter), kind, name, [workspace.id], members)
        self.conversations[found.id] = found
        return found

    def direct(self, workspace: Workspace, user: str) -> Conversation:
        """The direct messages of somebody with the app's bot."""
        bot = workspace.installation.bot.id
        for each in self.conversations.values():
            if each.kind == "im" and each.members == [user, bot]:
                return each
        return self.new_conversation("im", "", workspace, [user, bot])

    def user(self, number: str) -> User:
        """Somebody of any workspace."""
        for workspace in self.workspaces.values():
            if number in workspace.users:
                return workspace.users[number]
        raise Refusal("user_not_found")

    def write(self, conversation: Conversation, author: User, thread: str | None = None, **content: object) -> Json:
        """Put a message into a conversation; the content is fields of Slack's message."""
        message: Json = {"type": "message", "user": author.id, "ts": self.ids.ts(), "team": author.team, "text": ""}
        if thread is not None:
            parent = conversation.messages[thread]
            message |= {"thread_ts": thread, "parent_user_id": parent["user"]}
            parent["thread_ts"] = thread
            parent["reply_count"] = parent.get("reply_count", 0) + 1
            parent["latest_reply"] = message["ts"]
            parent["reply_users"] = sorted({*parent.get("reply_users", []), author.id})
        message |= content
        conversation.messages[message["ts"]] = message
        return message

    def workspaces_of(self, conversation: Conversation) -> Iterator[Workspace]:
        """The workspaces in which the app is a member of a conversation."""
        for team in conversation.teams:
            workspace = self.workspaces[team]
            if workspace.installation.active and workspace.installation.bot.id in conversation.members:
                yield workspace
