"""`triage chat`: the console channel over a conversation in memory, or over one in a database (`bot.cli.kept`)."""

from __future__ import annotations

import os
import secrets
from copy import copy
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
import typer

from bot.channels.console.conversation import Conversation
from bot.channels.console.loop import Console
from bot.channels.console.prompt import Prompt
from bot.chat.people import CONSOLE, User
from bot.cli import pseudo, shipped, streams, terminal
from bot.cli.flows import language, unknown
from bot.cli.watch import Watch
from bot.desk.wordings import WORDINGS as DESK
from bot.engine.ids import Ids
from bot.engine.session import start
from bot.engine.wordings import REQUIRED, WORDINGS
from bot.flow.checks import check
from bot.flow.library import PATTERN
from bot.flow.loader import load
from bot.flow.model import Trigger
from bot.flow.problems import FlowError, Problem
from bot.text.catalogs import Catalogs
from bot.text.locales import negotiate
from bot.text.normal import clean
from bot.text.pseudo import PSEUDO

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from bot.flow.loader import Layers, Loaded, Source

NAME_CHARS = 80
START = "start"


def run(
    *,
    flow: str | None,
    locale: str | None,
    name: str,
    staff_locale: str,
    flows: Path | None,
    locales: Path | None,
    watched: bool = False,
    database: str | None = None,
    who: str | None = None,
) -> None:
    """Hold the conversation; raises typer.Exit(1) if it cannot be held, and typer.BadParameter.

    With the URL of a `database` it is the one that `who` has there; an empty one is none.
    """
    streams.prepare()
    given = [flows] if flows else []
    paths = shipped.sources(given)
    translations = shipped.locales(given, locales)
    unreal = locale == pseudo.NAME
    try:
        loaded = proved(paths, translations, unreal=unreal)
    except FlowError as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error
    languages = loaded.catalogs.languages
    chosen = flow_of(loaded, flow)
    wanted = PSEUDO if unreal else locale
    spoken = language(wanted, languages, "--locale") if wanted else system_language(os.environ, languages)
    team = language(staff_locale, languages, "--staff-locale")
    user = User("console", clean(name, NAME_CHARS))
    if database:
        from bot.cli.kept import hold  # noqa: PLC0415  (what a store needs takes a moment to load)

        if watched:
            raise typer.BadParameter("--watch is for a conversation in memory; leave --db out", param_hint="--watch")
        user = msgspec.structs.replace(user, id=identity(who or name))
        hold(database, begun_by_start(loaded, chosen), chosen, user, spoken, team)
        return
    watch = Watch(
        [*paths, *translations.all],
        lambda: begun_by_start(proved(paths, translations, chosen, unreal=unreal), chosen),
        begun_by_start(loaded, chosen),
    )
    session = start(id=Ids(_seed()).session(), flow=chosen, user=user, channel=CONSOLE, locale=spoken, now=_now())
    conversation = Conversation(watch.library, session, _now, _seed)
    console = Console(conversation, terminal.screen(), team)

    def look() -> None:
        if watched and (told := watch.look()):
            conversation.library = watch.library
            console.tell(told)

    terminal.greet(console)
    terminal.hold(console, Prompt(), before_each=look)


def identity(name: str) -> str:
    """The id of the person with that name, however it is written; raises typer.BadParameter."""
    found = " ".join(clean(name, NAME_CHARS).casefold().split())
    if not found:
        raise typer.BadParameter("say whose conversation it is, such as --as ana", param_hint="--as")
    return found


def flows_of(flows: Path | None, locales: Path | None) -> Loaded:
    """The flows of these folders, or the shipped ones; raises typer.Exit(1), after every problem, for errors."""
    given = [flows] if flows else []
    try:
        return proved(shipped.sources(given), shipped.locales(given, locales))
    except FlowError as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error


def proved(paths: Sequence[Path], locales: Layers, needed: str | None = None, *, unreal: bool = False) -> Loaded:
    """Flows that can be talked to, `needed` among them; raises FlowError. `unreal` adds the pseudo-language."""
    loaded = load(paths, locales)
    # a text without a sound translation is no reason not to talk: `triage check` looks at those
    problems = check(msgspec.structs.replace(loaded, catalogs=Catalogs({})), REQUIRED, (*WORDINGS, *DESK))
    errors = [problem for problem in problems if problem.severity == "error"]
    if needed is not None and not errors and all(source.flow.flow != needed for source in loaded.sources):
        message = f"there is no flow `{needed}` any more, which this conversation is about"
        errors.append(Problem("no-flows", "error", message, str(paths[-1]), 1, 1))
    if errors:
        raise FlowError(errors)
    return pseudo.with_pseudo(loaded) if unreal else loaded


def flow_of(loaded: Loaded, wanted: str | None) -> str:
    """The id of the flow to talk to: the wanted one, or the one `/start` begins; raises typer.BadParameter."""
    flows = {each.flow.flow: each.flow for each in loaded.sources if not each.flow.flow.startswith(PATTERN)}
    if wanted is not None:
        if wanted in flows:
            return wanted
        raise typer.BadParameter(unknown("flow", wanted, flows), param_hint="--flow")
    started = [name for name, each in flows.items() if any(trigger.command == START for trigger in each.triggers)]
    if len(started or flows) != 1:
        raise typer.BadParameter(f"say which one: {', '.join(sorted(started or flows))}", param_hint="--flow")
    return (started or list(flows))[0]


def begun_by_start(loaded: Loaded, chosen: str) -> Loaded:
    """The same flows, of which `/start` begins the chosen one and no other."""
    return msgspec.structs.replace(
        loaded, sources=tuple(_begun(each, each.flow.flow == chosen) for each in loaded.sources)
    )


def _begun(source: Source, by_start: bool) -> Source:  # noqa: FBT001  (the only thing there is to say)
    """The same flow, which `/start` begins or does not. Other triggers keep their places, which translations know."""
    triggers = source.flow.triggers
    if by_start == any(each.command == START for each in triggers):
        return source
    if by_start:
        triggers += (Trigger(command=START),)
    else:
        triggers = tuple(_silent(each) if each.command == START else each for each in triggers)
    return msgspec.structs.replace(source, flow=msgspec.structs.replace(source.flow, triggers=triggers))


def _silent(trigger: Trigger) -> Trigger:
    """The trigger without its command. One that nothing sets off is refused in a file; here it only keeps its place."""
    silent = copy(trigger)
    msgspec.structs.force_setattr(silent, "command", None)
    return silent


def system_language(environment: Mapping[str, str], available: Collection[str]) -> str:
    """The available language nearest to the system's (`nl_NL.UTF-8` is `nl`), English if there is none."""
    named = next(filter(None, map(environment.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return negotiate([named.partition(".")[0].partition("@")[0]], available)


def _now() -> datetime:
    return datetime.now(UTC)


def _seed() -> str:
    return secrets.token_hex(16)
