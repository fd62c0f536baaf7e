"""One call of the app: who calls, with which arguments, and the conversation or message that they name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from tests.platforms.slack.refusals import Refusal, Violation
from tests.platforms.slack.world import SCOPE_WORD

if TYPE_CHECKING:
    from tests.platforms.slack.stand_in import SlackStandIn
    from tests.platforms.slack.world import Conversation, Installation, User, Workspace, World
    from tests.platforms.wire import Json


@dataclass(frozen=True)
class Call:
    """What a method works on."""

    server: SlackStandIn
    workspace: Workspace
    arguments: Json

    @property
    def world(self) -> World:
        """Everything that exists."""
        return self.server.world

    @property
    def installation(self) -> Installation:
        """The app in the workspace whose token the call has."""
        return self.workspace.installation

    @property
    def bot(self) -> User:
        """The app's bot user there."""
        return self.installation.bot

    def get(self, name: str, default: Any = None) -> Any:
        """An argument."""
        return self.arguments.get(name, default)

    def flag(self, name: str) -> bool:
        """An argument that is true or false, however it is written."""
        return str(self.get(name)).lower() in {"true", "1"}

    def need(self, name: str) -> Any:
        """An argument that must be there."""
        if self.arguments.get(name) in (None, ""):
            raise Violation("invalid_arguments", [f"missing required field: {name}"])
        return self.arguments[name]

    def scope(self, *scopes: str) -> None:
        """Refuse unless the app was granted one of the scopes."""
        granted = self.installation.scopes
        if not granted & set(scopes):
            raise Refusal("missing_scope", needed=scopes[0], provided=",".join(sorted(granted)))

    def conversation(self, access: str | None = None, name: str = "channel") -> Conversation:
        """The conversation that the call names; `access` read or history asks for the scope of its kind."""
        found = self.world.conversations.get(self.need(name))
        if found is None or self.workspace.id not in found.teams:
            raise Refusal("channel_not_found")
        if access is not None:
            self.scope(f"{SCOPE_WORD[found.kind]}:{access}")
        if found.kind != "channel" and self.bot.id not in found.members:
            raise Refusal("channel_not_found")
        return found

    def postable(self, name: str = "channel") -> Conversation:
        """The conversation that the call writes into; a user id means the direct messages with that user."""
        wanted = self.need(name)
        if isinstance(wanted, str) and wanted.startswith("U"):
            if wanted not in self.workspace.users:
                raise Refusal("channel_not_found")
            found = self.world.direct(self.workspace, wanted)
        else:
            found = self.conversation(name=name)
        if self.bot.id not in found.members and "chat:write.public" not in self.installation.scopes:
            raise Refusal("not_in_channel")
        if found.archived:
            raise Refusal("is_archived")
        return found

    def message(self, conversation: Conversation, name: str = "ts") -> Json:
        """The message that the call is about."""
        found = conversation.messages.get(str(self.need(name)))
        if found is None:
            raise Refusal("message_not_found")
        return found


Method: TypeAlias = Callable[[Call], "Json"]
"""Returns the answer without `ok`; raises Refusal."""
