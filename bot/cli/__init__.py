"""Floor 10: the `triage` command. What a command may be given stands here; what it does is a module of its own.

Those modules load the engine, so each is imported when its command is called: `triage --help` answers at once.
Annotations are no strings here, nor in `operators`: typer would evaluate each of them twice before anything is done.
"""

import os
from pathlib import Path
from typing import Annotated, Literal

import typer

import bot
from bot.cli import streams
from bot.cli.operators import operators
from bot.cli.options import DatabaseOption, FlowsOption, LocalesOption

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Run the command line."""
    bot.collect_seldom()
    # looking for plugins, of which there are none, pydantic reads what is installed: a twentieth of a short command
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    with streams.at_hand():
        app(prog_name="triage")


def _version(wanted: bool | None) -> None:  # noqa: FBT001  (typer passes it so)
    if wanted:
        from bot import __version__  # noqa: PLC0415

        typer.echo(f"triage {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _triage(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001  (its callback has answered already)
        bool | None, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = None,
) -> None:
    """Triage walks a merchant through the questions of a support team, and then calls a person."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command("chat", short_help="Talk to the bot in this terminal.")
def _chat(
    *,
    flow: Annotated[
        str | None, typer.Option(metavar="ID", help="Flow to talk to.", show_default="the one with /start")
    ] = None,
    locale: Annotated[
        str | None,
        typer.Option(
            metavar="TAG",
            help="Your language, such as es; or pseudo, which shows what is not translated.",
            show_default="the system's",
        ),
    ] = None,
    name: Annotated[str, typer.Option(metavar="NAME", help="Your first name.")] = "Sam",
    who: Annotated[
        str | None,
        typer.Option("--as", metavar="ID", help="With --db: whose conversation it is.", show_default="your name"),
    ] = None,
    database: DatabaseOption = None,
    staff_locale: Annotated[str, typer.Option(metavar="TAG", help="Language of the card that the team gets.")] = "en",
    flows: FlowsOption = None,
    locales: LocalesOption = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Take over flows and translations when their files change.")
    ] = False,
) -> None:
    r"""Talk to the bot in this terminal, as a merchant does in Slack or on Telegram.

    When the input is a file or a pipe, each line of it is a message:

    printf '/start\n1\n' | triage chat --locale es

    With --db the conversation is kept there, and the same command goes on where it stopped.
    """
    from bot.cli.chat import run  # noqa: PLC0415

    run(
        flow=flow,
        locale=locale,
        name=name,
        staff_locale=staff_locale,
        flows=flows,
        locales=locales,
        watched=watch,
        database=database,
        who=who,
    )


@app.command("desk", short_help="Look after cases in this terminal.")
def _desk(
    name: Annotated[str, typer.Option(metavar="NAME", help="Your first name, which merchants see.")] = "Noor",
    database: DatabaseOption = None,
) -> None:
    r"""Look after cases in this terminal, as staff do in a channel of Slack or a group on Telegram.

    Cases come here from wherever TRIAGE_STAFF is console:desk:cases:, such as a merchant in another terminal:

    TRIAGE_STAFF=console:desk:cases: triage chat --db sqlite:///triage.db
    """
    from bot.cli.desk import run  # noqa: PLC0415

    run(database or "sqlite:///triage.db", name)


@app.command("serve", short_help="Run the service.")
def _serve() -> None:
    """Run the service until SIGTERM or Ctrl-C: timers, hooks and the channels, as the environment says.

    TRIAGE_DATABASE_URL (sqlite:///triage.db) is where conversations are kept, TRIAGE_FLOW the flow they begin with,
    TRIAGE_STAFF the address that cases go to, TRIAGE_LOG_FORMAT json or console, TRIAGE_LOG_LEVEL debug, info, warning
    or error; triage.yaml and files in /run/secrets may say the same. It answers on TRIAGE_HTTP_HOST (127.0.0.1) and
    TRIAGE_HTTP_PORT (8080), GET /health/ready among others. SIGHUP takes over changed flows. A second service on
    one SQLite file stands by until the first one ends.
    """
    from bot.cli.serve import run  # noqa: PLC0415

    run()


@app.command("doctor", short_help="Prove an installation before it goes live.")
def _doctor(
    *,
    send_to: Annotated[
        list[str] | None,
        typer.Option(
            "--send-to",
            metavar="ADDRESS",
            help="Chat (channel:account:chat:thread) to which a message is sent, and deleted.",
            show_default="nothing is sent",
        ),
    ] = None,
) -> None:
    """Prove an installation before it goes live, as `triage serve` would run it from this folder.

    Settings, flows, time zones, the port, the database and what it survives, and of each platform: token, rights,
    webhook, commands, the staff's chat and the clock. What is wrong is shown with what to do. Exits with 1 if
    anything is.
    """
    from bot.cli.doctor.examination import run  # noqa: PLC0415

    raise typer.Exit(run(send_to or []))


@app.command("check", short_help="Check flows, their translations and the desk's settings.")
def _check(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH", help="Flow files, or folders of them.", show_default="the shipped ones"),
    ] = None,
    *,
    locales: LocalesOption = None,
    form: Annotated[
        Literal["text", "json", "sarif", "github"], typer.Option("--format", help="How the problems are written.")
    ] = "text",
    against: Annotated[
        str | None,
        typer.Option(
            "--against",
            metavar="URL",
            help="Say what these flows mean for the conversations in that database.",
            show_default="no database is looked at",
        ),
    ] = None,
) -> None:
    """Check flows, their translations and desk.yaml: every problem with its place and what would mend it.

    With --against also which stored conversations would go on as they are, move to the new version, finish on their
    own, or be stranded, before the flows are in force; the database is only read.

    Exits with 1 if there is an error. For flows other than the shipped ones, translations are checked if --locales
    names them. The desk's settings are desk.yaml in this folder, if it is there, or the file that TRIAGE_DESK names;
    another desk.yaml is checked where it is named or lies in a folder that is.
    """
    from bot.cli.check import run  # noqa: PLC0415

    raise typer.Exit(run(paths or [], locales, form, against))


@app.command("test", short_help="Play conversation scripts.")
def _test(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH", help="Scripts, or folders of them.", show_default="this folder"),
    ] = None,
    *,
    update: Annotated[bool, typer.Option("--update", help="Write what the bot says now into the scripts.")] = False,
    coverage: Annotated[bool, typer.Option("--coverage", help="Say what the scripts never reach.")] = False,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write a page that shows what they reach.")
    ] = None,
    flows: FlowsOption = None,
    locales: LocalesOption = None,
) -> None:
    """Play conversation scripts (*.flowtest.yaml) on every channel, and tell where the bot does something else.

    A script talks to the flows of --flows and to those in its own folder. Exits with 1 if something is not as expected.
    """
    from bot.cli.test import run  # noqa: PLC0415

    raise typer.Exit(run(paths or [Path()], flows, locales, update=update, coverage=coverage, page=html))


@app.command("graph", short_help="Draw a flow.")
def _graph(
    flow: Annotated[str, typer.Argument(metavar="FLOW", help="Id of the flow.")],
    *,
    form: Annotated[
        Literal["mermaid", "dot", "svg", "html"], typer.Option("--format", help="What it is drawn as.")
    ] = "mermaid",
    locale: Annotated[str, typer.Option(metavar="TAG", help="Language of the texts in it.")] = "en",
    database: Annotated[
        str | None,
        typer.Option(
            "--db",
            metavar="URL",
            help="Count in it how many conversations came to each step, and how many left there.",
            show_default="nothing is counted",
        ),
    ] = None,
    flows: FlowsOption = None,
    locales: LocalesOption = None,
) -> None:
    """Draw a flow: its questions, rules and hand-offs, and what must be so to go from one to the next.

    The picture is written to the output: triage graph help_us_help_you --format html > flow.html
    """
    from bot.cli.graph import run  # noqa: PLC0415

    run(flow, form, locale, flows, locales, database)


@app.command("paths", short_help="Count the questions until a person.")
def _paths(
    flow: Annotated[str, typer.Argument(metavar="FLOW", help="Id of the flow.")],
    *,
    against: Annotated[
        Path | None, typer.Option("--against", metavar="FILE", help="An older file of the flow: say what changed.")
    ] = None,
    every: Annotated[bool, typer.Option("--list", help="List every path.")] = False,
    flows: FlowsOption = None,
) -> None:
    """Find every path of answers through a flow, and how many questions lie before a person.

    Answers after which the flow goes on alike are one path; going round in a loop is none. Silence and replies that
    are not understood are no answers.
    """
    from bot.cli.paths import run  # noqa: PLC0415

    run(flow, against, flows, every=every)


@app.command("locales", short_help="Show how complete each language is.")
def _locales(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH", help="Flow files, or folders of them.", show_default="the shipped ones"),
    ] = None,
    *,
    form: Annotated[Literal["text", "json"], typer.Option("--format", help="How the numbers are written.")] = "text",
    locales: LocalesOption = None,
) -> None:
    """Show for each language how many texts are translated, and how many need a look.

    Fuzzy ones are doubted and not used; too long ones do not fit a channel; colliding ones name two choices alike, or a
    choice like a command; wrong ones cannot be used, or do not show what their source shows.
    """
    from bot.cli.locales import run  # noqa: PLC0415

    run(paths or [], locales, form)


@app.command("schema", short_help="Print the JSON Schema of the flow language.")
def _schema() -> None:
    """Print the JSON Schema of the flow language, with which an editor completes and explains what one writes.

    triage schema > flow.schema.json, and as the first line of a flow file:

    # yaml-language-server: $schema=flow.schema.json
    """
    from bot.cli.schema import run  # noqa: PLC0415

    run()


app.add_typer(operators)
