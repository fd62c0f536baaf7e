"""Somebody at Slack: writes, presses, looks. Written like telegram/person.py, so that one scenario runs on both."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, TypeVar

from tests.platforms.slack import interactions
from tests.platforms.slack.events import message_changed, message_deleted, message_written, tell
from tests.platforms.slack.methods.files import as_json
from tests.platforms.slack.methods.marks import react, unreact
from tests.platforms.slack.modal import Modal
from tests.platforms.slack.shown import Shown
from tests.platforms.slack.typed import typed
from tests.platforms.slack.world import File

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.platforms.slack.channel import Channel
    from tests.platforms.slack.interaction import Interaction
    from tests.platforms.slack.stand_in import SlackStandIn
    from tests.platforms.slack.world import Conversation, User, Workspace
    from tests.platforms.wire import Json

T = TypeVar("T")


class Person:
    """An account in use. Where no channel is given, the direct messages with the app are meant."""

    def __init__(self, server: SlackStandIn, workspace: Workspace, user: User) -> None:
        self.server = server
        self.workspace = workspace
        self.user = user
        self._seen: set[str] = set()

    async def send(
        self,
        text: str,
        *,
        channel: Channel | None = None,
        thread: str | None = None,
        broadcast: bool = False,
        composed: list[Json] | None = None,
    ) -> Shown:
        """Write a text, in which `<@U…>` is a mention; `thread` is the id of the message that it answers.

        `composed` are the elements of its rich text, where that is more than the text.
        """
        fields = self._typed(text) | {"client_msg_id": str(uuid.uuid4())}
        if composed is not None:
            fields["blocks"][0]["elements"] = composed
        if broadcast:
            fields["subtype"] = "thread_broadcast"
        return self._write(self._where(channel), thread, fields)

    async def mention(self, channel: Channel, text: str, *, thread: str | None = None) -> Shown:
        """Write to the app in a channel."""
        return await self.send(f"<@{self.workspace.installation.bot.id}> {text}", channel=channel, thread=thread)

    async def upload(
        self,
        name: str,
        data: bytes,
        *,
        caption: str = "",
        channel: Channel | None = None,
        thread: str | None = None,
        more: Mapping[str, bytes] | None = None,
    ) -> Shown:
        """Send a file, or `more` with it in one message."""
        world = self.server.world
        where = self._where(channel)
        contents = {name: data, **(more or {})}
        files = [
            File(world.ids.new("F"), each, len(content), self.user.id, self.workspace.id, content, uploaded=True)
            for each, content in contents.items()
        ]
        world.files |= {each.id: each for each in files}
        fields: Json = {"text": caption, "subtype": "file_share", "upload": False}
        fields["files"] = [as_json(self.server, each) for each in files]
        shown = self._write(where, thread, fields)
        for file in files:
            file.shares[where.id] = shown.id
            event = {"type": "file_shared", "file_id": file.id, "file": {"id": file.id}, "user_id": self.user.id}
            self._tell("file_shared", event | {"channel_id": where.id, "event_ts": world.ids.ts()}, where)
        return shown

    async def edit(self, message: Shown, text: str) -> None:
        """Change a text of one's own."""
        assert message.raw["user"] == self.user.id, "only one's own messages can be edited"
        before = dict(message.raw)
        message.raw |= self._typed(text) | {"edited": {"user": self.user.id, "ts": self.server.world.ids.ts()}}
        self.server.news.tell()
        message_changed(self.server, message.conversation, message.raw, before)

    async def unfurl(self, message: Shown, title: str) -> None:
        """What Slack does to a message with a link a moment later: a change that nobody made."""
        before = dict(message.raw)
        message.raw["attachments"] = [{"title": title, "id": 1, "fallback": title}]
        message_changed(self.server, message.conversation, message.raw, before)

    async def delete(self, message: Shown) -> None:
        """Delete a message of one's own."""
        del message.conversation.messages[message.id]
        self.server.news.tell()
        message_deleted(self.server, message.conversation, message.raw)

    async def react(self, message: Shown, name: str) -> None:
        """React to a message, or take that back."""
        added = react(message.raw, self.user.id, name)
        if not added:
            unreact(message.raw, self.user.id, name)
        self.server.news.tell()
        item = {"type": "message", "channel": message.conversation.id, "ts": message.id}
        event: Json = {"type": "reaction_added" if added else "reaction_removed", "user": self.user.id}
        event |= {"reaction": name, "item": item, "item_user": message.raw["user"]}
        self._tell(event["type"], event | {"event_ts": self.server.world.ids.ts()}, message.conversation)

    async def press(self, message: Shown | Modal, label: str) -> Interaction:
        """Press a button that shows now."""
        block, element = message.find(label)
        return self.act(message, block, element, {})

    async def choose(self, message: Shown | Modal, label: str, *, among: str | None = None) -> Interaction:
        """Choose an option, in the element that `among` names or, without, in the one that has it."""
        block, element = message.find(among or label)
        return self.act(message, block, element, interactions.chosen(element, label))

    async def search(self, message: Shown | Modal, label: str, words: str) -> list[Json]:
        """Type into a select whose options the app provides; they are what `choose` chooses among afterwards."""
        block, element = message.find(label)
        least = element.get("min_query_length", 3)
        assert len(words) >= least, f"Slack asks for options from {least} characters on"
        where: Json = {"view": message.raw} if isinstance(message, Modal) else {"message": message.raw}
        payload = interactions.block_suggestion(self.server, self.user, block, element, words, where)
        answer = await self._interact(payload).answer()
        assert answer.taken, f"the app has no options: {answer.reason}"
        found = {name: answer.body[name] for name in ("options", "option_groups") if name in answer.body}
        static = {"type": "static_select", "action_id": element["action_id"], **found}
        self.server.blocks.message([{"type": "actions", "elements": [static]}])
        element.update(found)
        options: list[Json] = found.get("options", [])
        return options

    async def slash(self, command: str, text: str = "", *, channel: Channel | None = None) -> Interaction:
        """Type a slash command."""
        where = self._where(channel)
        payload = interactions.slash(self.server, self.user, command, text, where)
        return self.server.interact("slash_commands", command, payload, answer_to=(where, self.user))

    async def shortcut(self, callback_id: str) -> Interaction:
        """Pick a global shortcut."""
        return self._interact(interactions.shortcut(self.server, self.user, callback_id))

    async def message_shortcut(self, callback_id: str, message: Shown) -> Interaction:
        """Pick a shortcut in the menu of a message."""
        where, raw = message.conversation, message.raw
        return self._interact(interactions.message_shortcut(self.server, self.user, callback_id, where, raw))

    async def next_modal(self, after: Modal | None = None) -> Modal:
        """The modal on top, once there is one (other than `after`); waits for it."""

        def look() -> Modal | None:
            stack = self.server.views.stacks.get(self.user.id)
            fresh = stack and (after is None or stack[-1] is not after.raw)
            return Modal(self.server.views, stack[-1]) if stack and fresh else None

        return await self.server.news.until(look, f"a modal opens for {self.user.name}")

    async def submit(self, modal: Modal, values: dict[str, Any]) -> Interaction:
        """Fill a modal in, by label, and send it; what the app answers is done to it."""
        payload = interactions.view_submission(self.server, self.user, modal.filled(values))
        return self.server.interact("interactive", "view_submission", payload, submitted=(self.user, modal.raw))

    async def close(self, modal: Modal, *, everything: bool = False) -> None:
        """Close the modal on top, or all of them."""
        self.server.views.close(self.user.id, everything=everything)
        if modal.raw["notify_on_close"]:
            self._interact(interactions.view_closed(self.server, self.user, modal.raw, cleared=everything))

    async def open_home(self, tab: str = "home") -> None:
        """Look at the app's home or messages tab."""
        where = self._where(None)
        event: Json = {"type": "app_home_opened", "user": self.user.id, "channel": where.id, "tab": tab}
        if tab == "home" and self.user.id in self.server.views.homes:
            event["view"] = self.server.views.homes[self.user.id]
        self._tell("app_home_opened", event | {"event_ts": self.server.world.ids.ts()}, None)

    async def home(self) -> Modal:
        """What the home tab shows; waits until the app publishes it."""
        raw = await self.server.news.until(
            lambda: self.server.views.homes.get(self.user.id), f"the app publishes a home tab for {self.user.name}"
        )
        return Modal(self.server.views, raw)

    async def next_message(self, *, channel: Channel | None = None, thread: str | None = None) -> Shown:
        """The app's next message in a conversation, or in one thread of it; waits for it."""
        where = self._where(channel)

        def look() -> Shown | None:
            for raw in self._visible(where):
                mine = thread in {None, raw.get("thread_ts")}
                if raw.get("app_id") == self.server.world.app_id and mine and raw["ts"] not in self._seen:
                    return Shown(where, raw)
            return None

        found = await self.server.news.until(look, f"the app writes to {self.user.name}")
        self._seen.add(found.id)
        return found

    async def until(self, look: Callable[[], T | None], hope: str) -> T:
        """What `look` returns once that is neither None nor False; waits for it."""
        return await self.server.news.until(look, hope)

    def messages(self, *, channel: Channel | None = None, thread: str | None = None) -> list[Shown]:
        """Everything that a conversation, or one thread of it, shows now."""
        where = self._where(channel)
        found = [raw for raw in self._visible(where) if thread in {None, raw["ts"], raw.get("thread_ts")}]
        return [Shown(where, raw) for raw in found]

    def _visible(self, where: Conversation) -> list[Json]:
        whispered = [raw for reader, raw in where.ephemeral if reader == self.user.id]
        return sorted([*where.messages.values(), *whispered], key=lambda raw: str(raw["ts"]))

    def _where(self, channel: Channel | None) -> Conversation:
        if channel is not None:
            return channel.conversation
        return self.server.world.direct(self.workspace, self.user.id)

    def _write(self, where: Conversation, thread: str | None, fields: Json) -> Shown:
        message = self.server.world.write(where, self.user, thread, **fields)
        self.server.news.tell()
        message_written(self.server, where, message)
        return Shown(where, message)

    def _typed(self, text: str) -> Json:
        written, elements = typed(text)
        section = {"type": "rich_text_section", "elements": elements}
        block = {"type": "rich_text", "block_id": self.server.world.ids.new("b"), "elements": [section]}
        return {"text": written, "blocks": [block]}

    def _tell(self, name: str, event: Json, where: Conversation | None) -> None:
        rooms = [self.workspace] if where is None else self.server.world.workspaces_of(where)
        for workspace in rooms:
            tell(self.server, workspace, name, event, where)

    def act(self, place: Shown | Modal, block: Json, element: Json, chosen: Json) -> Interaction:
        """Use an element of a block, where it stands; `chosen` is what it holds afterwards."""
        where, message = (place.raw, {}) if isinstance(place, Modal) else (place.conversation, place.raw)
        return self._interact(
            interactions.block_actions(self.server, self.user, block, element, chosen, where, message)
        )

    def _interact(self, payload: Json) -> Interaction:
        return self.server.interact("interactive", payload["type"], payload)
