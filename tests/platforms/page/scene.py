"""What somebody sees now, as JSON for the page: rooms with messages, an open modal, the home tab."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.platforms.slack.channel import Channel
from tests.platforms.slack.person import Person as SlackPerson
from tests.platforms.telegram.group import Group

if TYPE_CHECKING:
    from tests.platforms.page.cast import Role
    from tests.platforms.slack.world import Conversation
    from tests.platforms.telegram.person import Person as TelegramPerson
    from tests.platforms.telegram.world import Chat
    from tests.platforms.wire import Json

HELD_BY_THE_PAGE = 300
"""Messages of a room that the page shows, the last ones."""


def scene(role: Role) -> Json:
    """Everything that a person sees."""
    person = role.person
    head: Json = {"key": role.key, "platform": role.platform, "label": role.label, "name": person.user.name}
    return head | (_slack(role, person) if isinstance(person, SlackPerson) else _telegram(role, person))


def _slack(role: Role, person: SlackPerson) -> Json:
    server = person.server
    direct = server.world.direct(person.workspace, person.user.id)
    rooms = [_conversation(person, direct, "Triage", None)]
    for room in role.rooms.values():
        if isinstance(room, Channel):
            sign = "🔒 " if room.conversation.kind == "group" else "# "
            rooms.append(_conversation(person, room.conversation, sign + room.conversation.name, room))
    stack = server.views.stacks.get(person.user.id, [])
    modal = stack[-1] if stack else None
    names = {user.id: user.name for each in server.world.workspaces.values() for user in each.users.values()}
    return {
        "me": person.user.id,
        "names": names,
        "rooms": rooms,
        "modal": modal,
        "errors": server.views.errors.get(modal["id"], {}) if modal else {},
        "home": server.views.homes.get(person.user.id),
    }


def _conversation(person: SlackPerson, conversation: Conversation, title: str, room: Channel | None) -> Json:
    messages = [shown.raw for shown in person.messages(channel=room)][-HELD_BY_THE_PAGE:]
    return {
        "id": conversation.id,
        "title": title,
        "messages": messages,
        "assistant": conversation.assistant,
        "archived": conversation.archived,
    }


def _telegram(role: Role, person: TelegramPerson) -> Json:
    server = person.server
    rooms: list[Json] = []
    own = server.world.chats.get(person.user.id)
    private: Json = {"id": str(person.user.id), "title": server.world.bot.first_name, "private": True}
    rooms.append(private | (_chat(person, own, None) if own is not None else {"messages": []}))
    groups = [room for room in role.rooms.values() if isinstance(room, Group)]
    rooms += [{"id": str(each.id), "title": each.chat.title, **_chat(person, each.chat, each)} for each in groups]
    commands = next(iter(server.commands.values()), [])
    return {"me": person.user.id, "rooms": rooms, "commands": commands, "about": server.texts.get("description", {})}


def _chat(person: TelegramPerson, chat: Chat, room: Group | None) -> Json:
    action = chat.action if chat.action and chat.action[1] > person.server.clock.now() else None
    topics = [{"id": each.id, "name": each.name, "closed": each.closed} for each in chat.topics.values()]
    return {
        "messages": [shown.raw for shown in person.messages(group=room)][-HELD_BY_THE_PAGE:],
        "topics": topics,
        "action": action[0] if action else None,
        "keyboard": person.server.keyboards.get(chat.id),
        "reactions": {str(number): each for number, each in chat.reactions.items()},
        "pinned": chat.pinned[-1] if chat.pinned else None,
        "blocked": chat.members.get(person.user.id) == "kicked",
    }
