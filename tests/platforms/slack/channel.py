"""A channel that people and the app may be in, and what befalls channels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.platforms.slack.events import tell
from tests.platforms.slack.shown import Shown

if TYPE_CHECKING:
    from tests.platforms.slack.stand_in import SlackStandIn
    from tests.platforms.slack.world import Conversation, Workspace


class Channel:
    """A public or private channel."""

    def __init__(self, server: SlackStandIn, conversation: Conversation) -> None:
        self.server = server
        self.conversation = conversation

    @property
    def id(self) -> str:
        """The id."""
        return self.conversation.id

    @property
    def messages(self) -> list[Shown]:
        """Everything that everybody in it sees, oldest first."""
        return [Shown(self.conversation, raw) for raw in self.conversation.messages.values()]

    def archive(self) -> None:
        """Nobody writes into it any more."""
        self.conversation.archived = True

    def remove_bot(self) -> None:
        """The app is a member no more."""
        bots = {each.installation.bot.id for each in self.server.world.workspaces.values()}
        self.conversation.members = [each for each in self.conversation.members if each not in bots]

    def move(self) -> None:
        """It has another id from now on, as a private one has when somebody begins to share it."""
        world, old = self.server.world, self.id
        self.conversation.id = world.ids.new("C")
        world.conversations[self.id] = world.conversations.pop(old)
        event = {"type": "channel_id_changed", "old_channel_id": old, "new_channel_id": self.id}
        for workspace in world.workspaces_of(self.conversation):
            tell(self.server, workspace, event["type"], event | {"event_ts": world.ids.ts()}, self.conversation)

    def share(self, workspace: Workspace, *, with_bot: bool = True) -> None:
        """Another organisation's workspace joins by Slack Connect, with the app of its own if it has that there."""
        self.conversation.teams.append(workspace.id)
        if with_bot:
            self.conversation.members.append(workspace.installation.bot.id)
