"""The lists of cases that staff look through, and what is said around them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

LISTS: Final[Mapping[str, str]] = {
    "mine": "desk_list_mine",
    "unassigned": "desk_list_unassigned",
    "soon": "desk_list_soon",
    "waiting": "desk_list_waiting",
    "access": "desk_list_access",
    "boxes": "desk_list_boxes",
}
"""The wording of each, the first list first."""
TITLE: Final = "desk_list_title"
NONE: Final = "desk_list_none"
NEXT: Final = "desk_list_next"
FIRST: Final = "desk_list_first"
QUEUES: Final = "desk_list_queues"
LOCALES: Final = "desk_list_locales"
