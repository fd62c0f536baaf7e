"""The operator's commands, and what each may be given."""

from datetime import datetime
from typing import Annotated, Literal

import typer

from bot.cli.options import DatabaseOption, FlowsOption, LocalesOption

operators = typer.Typer()
parked = typer.Typer(no_args_is_help=True)
operators.add_typer(parked, name="parked", short_help="See events that could not be applied, and what to do with them.")

webhooks = typer.Typer(no_args_is_help=True)
operators.add_typer(webhooks, name="webhooks", short_help="See what other systems were told, and tell them again.")

FormatOption = Annotated[Literal["text", "json"], typer.Option("--format", help="For people, or for scripts.")]
ConversationArgument = Annotated[
    str, typer.Argument(metavar="CONVERSATION", help="An address, a case (T-ABC234) or the id of a session.")
]
NumberArgument = Annotated[
    int, typer.Argument(min=1, max=2**63 - 1, metavar="ID", help="The number that the list shows.")
]
DayOption = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"], help="Of cases: opened from or before then (UTC)."),
]
YesOption = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@parked.callback()
def _parked() -> None:
    """Events that could not be applied are put aside, so that they hold up no others. Nothing of them is lost."""


@parked.command("list", short_help="List them.")
def _list(*, database: DatabaseOption = None, form: FormatOption = "text") -> None:
    """List every parked event: its number, when it came, its conversation, and why it could not be applied."""
    from bot.cli.parked import show_all  # noqa: PLC0415

    show_all(database, form)


@parked.command("show", short_help="Show what one says.")
def _show(number: NumberArgument, *, database: DatabaseOption = None, form: FormatOption = "text") -> None:
    """Show a parked event. What looked like a secret was taken out of it before it was written down."""
    from bot.cli.parked import show  # noqa: PLC0415

    show(database, number, form)


@parked.command("retry", short_help="Apply one again.")
def _retry(
    number: NumberArgument,
    *,
    database: DatabaseOption = None,
    flows: FlowsOption = None,
    locales: LocalesOption = None,
) -> None:
    """Apply a parked event again, after what kept it from being applied was mended; otherwise it stays parked."""
    from bot.cli.parked import retry  # noqa: PLC0415

    raise typer.Exit(retry(database, number, flows, locales))


@parked.command("drop", short_help="Give one up.")
def _drop(number: NumberArgument, *, database: DatabaseOption = None, sure: YesOption = False) -> None:
    """Give a parked event up for good. It is not applied if the platform brings it again."""
    from bot.cli.parked import drop  # noqa: PLC0415

    drop(database, number, sure=sure)


@webhooks.callback()
def _webhooks() -> None:
    """Every event that a webhook was told of, or is to be, and what became of it."""


@webhooks.command("list", short_help="List events.")
def _list_webhooks(
    *,
    everything: Annotated[bool, typer.Option("--all", help="Those that were taken, too.")] = False,
    database: DatabaseOption = None,
    form: FormatOption = "text",
) -> None:
    """List the events that were not taken yet, with why: their number, time, webhook, type, state and attempts."""
    from bot.cli.webhooks import show_all  # noqa: PLC0415

    show_all(database, form, everything=everything)


@webhooks.command("show", short_help="Show what one says.")
def _show_webhook(number: NumberArgument, *, database: DatabaseOption = None) -> None:
    """Show an event as it is posted, and what became of it."""
    from bot.cli.webhooks import show  # noqa: PLC0415

    show(database, number)


@webhooks.command("retry", short_help="Tell it again.")
def _retry_webhook(number: NumberArgument, *, database: DatabaseOption = None) -> None:
    """Post an event again, by the same id: one that was refused, or that the receiver lost."""
    from bot.cli.webhooks import retry  # noqa: PLC0415

    retry(database, number)


@operators.command("explain", short_help="Say why a conversation is where it is.")
def _explain(
    conversation: ConversationArgument, *, database: DatabaseOption = None, form: FormatOption = "text"
) -> None:
    """Say why a conversation is where it is: its log in words, what it waits for, its timers and messages."""
    from bot.cli.explain import run  # noqa: PLC0415

    run(database, conversation, form)


@operators.command("replay", short_help="Apply a conversation's log again.")
def _replay(
    conversation: ConversationArgument,
    *,
    as_test: Annotated[bool, typer.Option("--as-test", help="Print it as a conversation script instead.")] = False,
    database: DatabaseOption = None,
    flows: FlowsOption = None,
    locales: LocalesOption = None,
) -> None:
    """Apply a conversation's log again to the flows it ran on, and compare the outcome with what is stored.

    Exits with 1 if they differ in anything but sensitive answers, which the log masks.
    """
    from bot.cli.replay import run  # noqa: PLC0415

    raise typer.Exit(run(database, conversation, flows, locales, as_test=as_test))


@operators.command("export", short_help="Print conversations as transcripts.")
def _export(
    conversation: Annotated[
        str | None,
        typer.Argument(metavar="[CONVERSATION]", help="An address, a case, the id of a session; or `cases`."),
    ] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Every conversation.")] = False,
    since: DayOption = None,
    until: DayOption = None,
    database: DatabaseOption = None,
    form: Annotated[
        Literal["text", "json", "csv"] | None,
        typer.Option("--format", help="For people or scripts; csv for cases alone.", show_default="text"),
    ] = None,
) -> None:
    """Print conversations as transcripts of both sides, with answers and with which rules were acknowledged when.

    As JSON there is a conversation on each line. Sensitive answers are left out. `triage export cases` prints a row for
    each case instead, as CSV or, a line each, as JSON.
    """
    if conversation == "cases":
        from bot.cli import cases  # noqa: PLC0415

        if everything or form == "text":
            raise typer.BadParameter("cases are csv or json, and --since and --until say which")
        cases.run(database, form or "csv", since, until)
        return
    from bot.cli.export import run  # noqa: PLC0415

    if since or until or form == "csv":
        raise typer.BadParameter("--since, --until and csv are for `triage export cases`")
    if (conversation is None) != everything:
        raise typer.BadParameter("name a conversation, or say --all", param_hint="CONVERSATION")
    run(database, conversation, form or "text")


@operators.command("forget", short_help="Remove a conversation and all that belongs to it.")
def _forget(
    conversation: ConversationArgument,
    *,
    sure: YesOption = False,
    database: DatabaseOption = None,
    form: FormatOption = "text",
) -> None:
    """Remove a conversation and all that belongs to it, and say what remains elsewhere."""
    from bot.cli.forget import run  # noqa: PLC0415

    run(database, conversation, sure=sure, form=form)


@operators.command("vacuum", short_help="Remove what was kept for long enough.")
def _vacuum(
    *,
    rehearsal: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
    events: Annotated[
        int | None,
        typer.Option(min=2, max=36_500, metavar="DAYS", help="Keys of events that changed nothing.", show_default="7"),
    ] = None,
    messages: Annotated[
        int | None, typer.Option(min=1, max=36_500, metavar="DAYS", help="Messages that were sent.", show_default="30")
    ] = None,
    failures: Annotated[
        int | None,
        typer.Option(min=1, max=36_500, metavar="DAYS", help="Refused, uncertain and parked ones.", show_default="90"),
    ] = None,
    conversations: Annotated[
        int | None,
        typer.Option(
            min=1, max=36_500, metavar="DAYS", help="Conversations that ended, with their log.", show_default="365"
        ),
    ] = None,
    database: DatabaseOption = None,
    form: FormatOption = "text",
) -> None:
    """Remove what was kept for long enough, by class, and give the room back. What has not ended is never removed.

    How long is said here, or below `retention:` in desk.yaml.
    """
    from bot.cli import desks  # noqa: PLC0415
    from bot.cli.vacuum import run  # noqa: PLC0415
    from bot.store.erasing import Retention  # noqa: PLC0415

    said = {"events": events, "messages": messages, "failures": failures, "conversations": conversations}
    given = {name: days for name, days in said.items() if days is not None}
    run(database, Retention(**desks.retention() | given), rehearsal=rehearsal, form=form)
