"""What the case's card says of the desk itself, below what the flow knows; and the buttons under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.chat.effects import Button
from bot.desk import timing
from bot.desk.case import GONE
from bot.desk.menus import Menus
from bot.desk.work import token
from bot.text.nodes import List, Paragraph, Text
from bot.text.styles import linked

if TYPE_CHECKING:
    from bot.desk.case import Case
    from bot.desk.office import Office
    from bot.flow.library import Library
    from bot.text.nodes import Document, Inline


def state(library: Library, case: Case, locale: str, *, asking: bool) -> Document:
    """How the case stands, in the language `locale` of the staff; `asking`: the bot has the conversation."""

    def line(label: str, *value: str | Inline) -> tuple[Inline, ...]:
        shown = [Text(f" {each}") if isinstance(each, str) else each for each in value]
        return (Text(f"{library.word(label, locale)}:", bold=True), *shown)

    def word(name: str) -> str:
        return library.word(f"desk_is_{name}", locale)

    assignee = case.assignee.name if case.assignee is not None else library.word("desk_card_nobody", locale)
    bot = library.word("desk_card_bot", locale)
    lines = [
        line("desk_card_state", word(case.status) + (f" · {bot}" if asking else "")),
        line("desk_card_assignee", assignee),
        line("desk_card_queue", f"{case.queue} · {word(case.priority)}"),
    ]
    if case.awaits:
        lines.append(line("desk_card_awaits", "", *_inline(linked(case.awaits))))
    if case.reproduction != "unknown":
        lines.append(line("desk_card_reproduction", word(case.reproduction)))
    if case.time_box.state != "none":
        lines.append(line("desk_card_box", word(f"box_{case.time_box.state}")))
    if case.access.state != "none":
        where = f"{case.access.environment} · " if case.access.environment else ""
        lines.append(line("desk_card_access", where + word(case.access.state)))
    live = case.access.environment == "production" and case.access.state not in GONE
    flags = [name for name, shown in (("desk_flag_live", live), ("desk_flag_server", case.servers_told)) if shown]
    if flags:
        lines.append(line("card_attention", " · ".join(library.word(each, locale) for each in flags)))
    if case.drop.state != "none":
        lines.append(line("desk_card_drop", word(f"drop_{case.drop.state}")))
    if (due := timing.due(case)) is not None:
        lines.append(line("desk_card_due", f"{due:%Y-%m-%d %H:%M} UTC"))
    others = {"duplicate": case.duplicate_of, "duplicates": ", ".join(case.duplicates), "follows": case.follows}
    lines += [line(f"desk_card_{how}", found) for how, found in others.items() if found]
    return (List(tuple(lines)),)


def _inline(document: Document) -> tuple[Inline, ...]:
    """A text of one paragraph as a part of a line."""
    first = document[0] if document else None
    return first.children if isinstance(first, Paragraph) else ()


def buttons(library: Library, office: Office, case: Case, locale: str) -> tuple[Button, ...]:
    """What can be done with the case now, the likeliest first."""
    menus = Menus(library, office, case, locale)

    def plain(verb: str) -> Button:
        return Button(token(verb), menus.word(f"desk_{verb}"))

    if case.status == "closed":
        return ()
    if case.assignee is None:
        found = [plain("claim"), menus.transfer(), menus.more(claimed=False)]
    elif case.status == "solved":
        found = [plain("close"), plain("reopen"), menus.access() if case.access.state not in GONE else None]
    else:
        found = [
            menus.macros(),
            menus.access(),
            menus.time_box(),
            plain("bot"),
            menus.transfer(),
            menus.solve(),
            menus.more(claimed=True),
        ]
    return tuple(each for each in found if each is not None)
