"""`triage chat`: the console channel over a conversation in memory."""

from __future__ import annotations

import contextlib
import importlib
import os
import secrets
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
import typer

from bot.channels.console.conversation import Conversation
from bot.channels.console.loop import Console, converse, replay, typed
from bot.channels.console.rendering import PlainScreen
from bot.chat.people import CONSOLE, User
from bot.cli import pseudo, shipped, streams
from bot.cli.flows import language, unknown
from bot.cli.watch import Watch
from bot.engine.ids import Ids
from bot.engine.patterns import REQUIRED
from bot.engine.session import start
from bot.engine.wordings import WORDINGS
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
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path

    from bot.channels.console.rendering import Screen
    from bot.flow.loader import Loaded, Source

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
    watched: bool,
) -> None:
    """Hold the conversation; raises typer.Exit(1) if the flows have errors, and typer.BadParameter."""
    streams.prepare()
    paths = shipped.sources([flows] if flows else [])
    translations = locales or shipped.locales()
    unreal = locale == pseudo.NAME
    try:
        loaded = proved(paths, translations, unreal=unreal)
    except FlowError as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error
    languages = loaded.catalogs.languages
    chosen = flow_of(loaded, flow)
    watch = Watch(
        [*paths, translations],
        lambda: begun_by_start(proved(paths, translations, chosen, unreal=unreal), chosen),
        begun_by_start(loaded, chosen),
    )
    wanted = PSEUDO if unreal else locale
    session = start(
        id=Ids(_seed()).session(),
        flow=chosen,
        user=User("console", clean(name, NAME_CHARS)),
        channel=CONSOLE,
        locale=language(wanted, languages, "--locale") if wanted else system_language(os.environ, languages),
        now=_now(),
    )
    conversation = Conversation(watch.library, session, _now, _seed)
    console = Console(conversation, _screen(), language(staff_locale, languages, "--staff-locale"))

    def look() -> None:
        if watched and (told := watch.look()):
            conversation.library = watch.library
            console.tell(told)

    with streams.until_closed():
        if sys.stdin is not None and sys.stdin.isatty():
            # editing and history of what was typed, kept for as long as the conversation
            with contextlib.suppress(ImportError):
                importlib.import_module("readline")
            converse(console, lambda prompt: _then(typed(prompt), look))
        else:
            replay(console, (_then(line, look) for line in sys.stdin or ()))


def _then(line: str, look: Callable[[], None]) -> str:
    """A line, after a look at what has changed until it came."""
    look()
    return line


def proved(paths: Sequence[Path], locales: Path, needed: str | None = None, *, unreal: bool = False) -> Loaded:
    """Flows that can be talked to, `needed` among them; raises FlowError. `unreal` adds the pseudo-language."""
    loaded = load(paths, locales)
    # a text without a sound translation is no reason not to talk: `triage check` looks at those
    problems = check(msgspec.structs.replace(loaded, catalogs=Catalogs({})), REQUIRED, WORDINGS)
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
        triggers = tuple(
            each.model_copy(update={"command": None}) if each.command == START else each for each in triggers
        )
    return msgspec.structs.replace(source, flow=source.flow.model_copy(update={"triggers": triggers}))


def system_language(environment: Mapping[str, str], available: Collection[str]) -> str:
    """The available language nearest to the system's (`nl_NL.UTF-8` is `nl`), English if there is none."""
    named = next(filter(None, map(environment.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return negotiate([named.partition(".")[0].partition("@")[0]], available)


def _screen() -> Screen:
    if not sys.stdout.isatty():
        return PlainScreen(sys.stdout)
    # rich takes a moment to load, and a script has no use for it
    from bot.channels.console.styled import StyledScreen  # noqa: PLC0415

    return StyledScreen(sys.stdout)


def _now() -> datetime:
    return datetime.now(UTC)


def _seed() -> str:
    return secrets.token_hex(16)
