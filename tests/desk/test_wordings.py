"""The desk's wordings: every name it uses is listed, every listed name is used and has a text in every language."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from bot.chat.events import Kind as Sent
from bot.desk.case import AccessState, CopyState, DropState, Priority, Reason, Reproduction, Status
from bot.desk.clocks import Kind
from bot.desk.targets import DONE
from bot.desk.timebox import State
from bot.desk.wordings import WORDINGS
from bot.guard.access import Reason as Refusal
from tests.engine.talk import ROOT, shipped

VERBS = ("propose", "begin", "pause", "resume", "end")
RESULTS = ("found", "not_found", "extended")
FIELDS = ("address", "user", "password", "note", "staging")
NAMED = re.compile(r'"(desk_[a-z_]+)"')
OF_PAGES = re.compile(r"""["'](drop_[a-z_]+)["']""")
AXES = (Status, Priority, Reason, Reproduction, AccessState, Kind)
MADE = {f"desk_is_{each}" for axis in AXES for each in get_args(axis)}
"""Names that are put together from what a case can be; of these what is not shown has none."""
SILENT = {"desk_is_unknown", "desk_is_none"}


def test_every_name_is_listed_and_every_listed_name_is_used() -> None:
    """No wording is asked for that the check of a deployment would not miss, and none is translated for nothing."""
    rooms = [*Path(ROOT, "bot", "desk").rglob("*.py"), Path(ROOT, "bot", "conversation.py")]
    rooms.remove(Path(ROOT, "bot", "desk", "wordings.py"))
    beside = (
        "channels/slack/replies.py",
        "channels/telegram/ingest.py",
        "channels/telegram/outbound.py",
        "service/recall.py",
    )
    rooms += [Path(ROOT, "bot", each) for each in beside]
    used = {name for room in rooms for name in NAMED.findall(room.read_text("utf-8"))}
    used |= (MADE - SILENT) | {f"desk_reply_{each}" for each in get_args(CopyState) if each not in {"queued", "sent"}}
    used |= {"desk_rated_good", "desk_rated_bad", *(f"desk_{verb}" for verb in ("bot", "solve", "close", "reopen"))}
    used |= {f"desk_is_box_{each}" for each in get_args(State) if each != "none"}
    used |= {f"desk_box_{each}" for each in (*VERBS, *RESULTS)}
    pages = Path(ROOT, "bot", "web", "drops.py")
    used |= {*NAMED.findall(pages.read_text("utf-8")), *OF_PAGES.findall(pages.read_text("utf-8"))}
    used |= {f"desk_is_drop_{each}" for each in get_args(DropState) if each != "none"}
    used |= {f"desk_{each}" for each in ("open", "drop_ask", "drop_withdraw")}
    used |= {f"drop_{each}" for each in (*FIELDS, *get_args(Refusal))}
    used |= {f"desk_kind_{each}" for each in get_args(Sent)}
    used |= {f"desk_team_{each}" for each in ("waiting", "refused")}
    used |= {f"desk_card_{each}" for each in ("duplicate", "duplicates", "follows")}
    used |= {f"desk_banner_{each}" for each in ("new", "with", "bot", *DONE)}
    used |= {f"desk_awaited_{each}" for each in ("answer", "box", "backup", "account", "removal")}
    assert used == set(WORDINGS)


def test_every_listed_name_has_a_text_in_every_language() -> None:
    """Each wording exists and is translated."""
    library = shipped()
    for name in WORDINGS:
        for language in library.languages[1:]:
            text = library.named(name)
            assert library.catalogs.find(language, text.context, text.source), (name, language)
