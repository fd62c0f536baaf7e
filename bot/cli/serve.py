"""`triage serve`: the service, until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import random
import secrets
import signal
import sys
import time
from typing import TYPE_CHECKING, Final

import msgspec
import structlog
import typer

from bot.app import Setup, serving
from bot.cli import desks, logs, shipped, streams
from bot.cli.chat import begun_by_start, flow_of, proved
from bot.cli.platforms import ABILITIES, of_settings, routes
from bot.flow.problems import FlowError
from bot.service.workers import fitting
from bot.settings import SettingsError, read
from bot.store.port import StoreError
from bot.web import drops
from bot.web.front import Front
from bot.web.server import Occupied, WebServer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from bot.app import Service
    from bot.channels.platform import Platform
    from bot.desk.office import Office
    from bot.flow.loader import Loaded
    from bot.settings import Settings

FIRST_PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 60.0
"""How long to wait for a platform before it is tried again."""
LATER: Final = (
    *("bot.engine.answers.dates", "bot.engine.answers.emails", "bot.engine.answers.numbers", "bot.engine.answers.urls"),
    *("bot.engine.answers.versions", "bot.guard.cards", "bot.guard.detectors", "bot.guard.echoes", "bot.guard.fold"),
    *("bot.guard.ibans", "rapidfuzz.distance", "rapidfuzz.process"),
)
"""What a turn imports when it first needs it: few conversations do without, and all would wait for the first one."""
_REFUSALS = (SettingsError, FlowError, StoreError, Occupied)
"""What an operator can mend; the messages say how."""

_LOG = structlog.get_logger(__name__)


def run() -> None:
    """Serve until SIGTERM or Ctrl-C; raises typer.Exit(1), with a word why, if that cannot be."""
    streams.prepare()
    try:
        settings = read()
        logs.configure(settings.log_format, settings.log_level, sys.stderr)
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(_until_told(settings))
    except _REFUSALS as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from None
    except ExceptionGroup as failures:
        refusals = failures.subgroup(_REFUSALS)
        if refusals is not None:
            _tell(refusals)
        raise typer.Exit(1) from None  # any other part that failed has said so in the log


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """The event loop that answers most requests a second; the system's own where there is none."""
    if sys.platform == "win32":
        return None
    import uvloop  # noqa: PLC0415

    return uvloop.new_event_loop


def _tell(refusals: BaseExceptionGroup[BaseException]) -> None:
    for each in refusals.exceptions:
        if isinstance(each, BaseExceptionGroup):
            _tell(each)
        else:
            typer.echo(each, err=True)


async def _until_told(settings: Settings) -> None:
    """Serve until a signal comes; a second one does not wait for what is under way."""
    serving_it = asyncio.create_task(serve(settings))
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):  # on Windows Ctrl-C cancels as well
            loop.add_signal_handler(each, serving_it.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await serving_it
    _LOG.info("stopped")


async def serve(settings: Settings) -> None:
    """Serve until cancelled. Raises SettingsError, FlowError, StoreError, Occupied and ExceptionGroup."""

    def load(settings: Settings) -> tuple[Loaded, str, Office]:
        for each in LATER:
            importlib.import_module(each)
        loaded = proved(shipped.sources([]), shipped.locales())
        try:
            chosen = flow_of(loaded, settings.flow or None)
        except typer.BadParameter as error:
            raise SettingsError(f"TRIAGE_FLOW: {error}") from None
        office = msgspec.structs.replace(desks.office(loaded), drops=settings.drops)
        if settings.drop_key.get_secret_value() and not settings.public_url:
            raise SettingsError("TRIAGE_DROP_KEY is set: its forms need an address for merchants, TRIAGE_PUBLIC_URL.")
        if unsigned := sorted(office.webhooks.keys() - settings.signing.keys()):
            raise SettingsError(f"TRIAGE_WEBHOOK_SECRETS has no secret of the webhook {', '.join(unsigned)}")
        return begun_by_start(loaded, chosen), chosen, office

    loaded, flow, office = await asyncio.to_thread(load, settings)
    platforms = of_settings(settings)
    front = Front(each.name for each in platforms)
    async with contextlib.AsyncExitStack() as stack:
        for each in platforms:
            stack.push_async_callback(each.close)  # after what is under way was delivered
        server = await stack.enter_async_context(WebServer(front, settings.http_host, settings.http_port))
        with contextlib.suppress(Occupied):  # by the one, perhaps, for which this one stands by
            server.listen()
        url = settings.database_url.get_secret_value()
        service = await stack.enter_async_context(serving(url, loaded, _setup(settings, flow, office, platforms)))
        server.listen()
        gc.freeze()  # flows and libraries stay: to go through them again and again would hold everybody up
        stack.push_async_callback(server.close)  # while what it took in can still be kept
        front.serve(service.probe, service.figures)
        if service.drops is not None:
            front.open("drops", drops.routes(service.drops))
        _LOG.info("listening", host=settings.http_host, port=settings.http_port)
        group = await stack.enter_async_context(asyncio.TaskGroup())
        stack.callback(front.stop)
        with contextlib.suppress(AttributeError, NotImplementedError):  # Windows has no such signal
            asyncio.get_running_loop().add_signal_handler(
                signal.SIGHUP, lambda: group.create_task(_reload(service, load))
            )
        for each in platforms:
            group.create_task(_connect(each, service, loaded, front))
        await asyncio.Event().wait()


def _setup(settings: Settings, flow: str, office: Office, platforms: Sequence[Platform]) -> Setup:
    files = {each.name: each.files() for each in platforms}
    return Setup(
        flow=flow,
        routes=routes(settings.places),
        abilities=ABILITIES,
        channels=lambda recall: {each.name: each.channel(recall, files) for each in platforms},
        hooks={},
        clock=lambda: int(time.time() * 1000),
        random=random.random,
        seeds=lambda: secrets.token_hex(16),
        office=office,
        webhook_secrets=settings.signing,
        drop_key=settings.drop_key.get_secret_value(),
        workers=fitting() if settings.workers is None else settings.workers,
    )


async def _connect(platform: Platform, service: Service, loaded: Loaded, front: Front) -> None:
    """Take a platform's events in until cancelled. Raises SettingsError."""
    await _insist(platform.name, lambda: platform.introduce(loaded))
    front.open(platform.name, platform.routes(service))
    _LOG.info("connected", platform=platform.name)
    await _insist(platform.name, lambda: platform.run(service))


async def _insist(platform: str, work: Callable[[], Awaitable[None]]) -> None:
    """Do what a platform may be away for, again and again: the other platforms are served meanwhile."""
    pause = FIRST_PAUSE_S
    while True:
        try:
            return await work()
        except SettingsError:
            raise
        except Exception as error:  # noqa: BLE001  (whatever it is, it may be gone in a while; its text stays out of the log)
            _LOG.warning("platform_waits", platform=platform, error=type(error).__name__, for_s=pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)


async def _reload(service: Service, load: Callable[[Settings], tuple[Loaded, str, Office]]) -> None:
    """Take over changed flows, settings of the desk and secrets of its webhooks; what has errors changes nothing."""
    try:
        settings = await asyncio.to_thread(read)
        loaded, flow, office = await asyncio.to_thread(load, settings)
        await service.reload(loaded, flow, office, settings.signing)
    except (SettingsError, FlowError, StoreError) as error:
        _LOG.error("flows_not_reloaded", error=str(error))
    else:
        _LOG.info("flows_reloaded")
