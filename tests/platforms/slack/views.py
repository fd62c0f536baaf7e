"""Views that are open: each person has one stack of modals and, of each app, one home tab."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from tests.platforms.slack.refusals import Refusal

if TYPE_CHECKING:
    from tests.platforms.news import News
    from tests.platforms.slack.world import Workspace, World
    from tests.platforms.wire import Json

MAX_STACK = 3


class Views:
    """What is open, as Slack's own JSON of a view."""

    def __init__(self, world: World, news: News) -> None:
        self._world = world
        self._news = news
        self.stacks: dict[str, list[Json]] = {}
        """User to modals, the one on top last."""
        self.homes: dict[str, Json] = {}
        self.errors: dict[str, dict[str, str]] = {}
        """View to the errors that show in it, by block_id."""

    def open(self, workspace: Workspace, person: str, view: Json) -> Json:
        """A modal in place of whatever was open."""
        made = self._made(workspace, view, root=None, previous=None)
        self.stacks[person] = [made]
        self._news.tell()
        return copy.deepcopy(made)

    def push(self, workspace: Workspace, person: str, view: Json) -> Json:
        """A modal on top."""
        stack = self.stacks.get(person)
        if not stack:
            raise Refusal("not_found")
        if len(stack) == MAX_STACK:
            raise Refusal("push_limit_reached")
        made = self._made(workspace, view, root=stack[0]["id"], previous=stack[-1]["id"])
        stack.append(made)
        self._news.tell()
        return copy.deepcopy(made)

    def update(self, current: Json, view: Json) -> Json:
        """Other content for an open view."""
        for name in ("submit", "close", "callback_id", "private_metadata", "external_id", "title"):
            current.pop(name, None)
        current.update(_complete(view) | {"hash": self._hash()})
        self.errors.pop(current["id"], None)
        self._news.tell()
        return copy.deepcopy(current)

    def publish(self, workspace: Workspace, person: str, view: Json, known: str | None) -> Json:
        """Somebody's home tab."""
        current = self.homes.get(person)
        if known and current is not None and current["hash"] != known:
            raise Refusal("hash_conflict")
        if current is not None:
            return self.update(current, view)
        self.homes[person] = self._made(workspace, view, root=None, previous=None)
        self._news.tell()
        return copy.deepcopy(self.homes[person])

    def find(self, workspace: Workspace, number: str | None, external: str | None) -> Json:
        """An open view of the workspace, by id or by the id that the app gave it."""
        for view in self._all():
            named = view["id"] == number or (external and view.get("external_id") == external)
            if named and view["team_id"] == workspace.id:
                return view
        raise Refusal("not_found")

    def close(self, person: str, *, everything: bool = False) -> None:
        """The view on top goes, or all of them."""
        stack = self.stacks.get(person, [])
        self.stacks[person] = [] if everything else stack[:-1]
        self._news.tell()

    def _all(self) -> list[Json]:
        return [view for stack in self.stacks.values() for view in stack] + list(self.homes.values())

    def _made(self, workspace: Workspace, view: Json, *, root: str | None, previous: str | None) -> Json:
        external = view.get("external_id")
        if external and any(each.get("external_id") == external for each in self._all()):
            raise Refusal("duplicate_external_id")
        number = self._world.ids.new("V")
        return _complete(view) | {
            "id": number,
            "team_id": workspace.id,
            "app_id": self._world.app_id,
            "app_installed_team_id": workspace.id,
            "bot_id": workspace.installation.bot_id,
            "hash": self._hash(),
            "state": {"values": {}},
            "root_view_id": root or number,
            "previous_view_id": previous,
        }

    def _hash(self) -> str:
        return f"{int(self._world.clock.now())}.{self._world.ids.number():08x}"


def _complete(view: Json) -> Json:
    """Slack gives every view back with all its fields."""
    empty = {"callback_id": "", "private_metadata": "", "external_id": "", "close": None, "submit": None}
    flags = {"clear_on_close": False, "notify_on_close": False}
    title = {"title": {"type": "plain_text", "text": "View Title", "emoji": True}}
    return {**empty, **flags, **title, **copy.deepcopy(view)}
