"""Start both stand-ins, with a page to try the product by hand: `python -m tests.platforms`."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys
from pathlib import Path

from tests.platforms.demo import demonstrate
from tests.platforms.page.cast import Cast
from tests.platforms.page.server import Page
from tests.platforms.product import serve, settings
from tests.platforms.slack import SlackStandIn
from tests.platforms.telegram import TelegramStandIn


def main() -> None:
    """Read the options and run until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m tests.platforms", description=__doc__)
    parser.add_argument(
        "--port", type=int, default=4000, help="port of the page; Slack, Telegram and the product get the next three"
    )
    bots = parser.add_mutually_exclusive_group()
    bots.add_argument("--serve", action="store_true", help="run the product, too")
    bots.add_argument("--demo", action="store_true", help="answer with a small demonstration bot")
    parser.add_argument("--record-wire", type=Path, metavar="FILE", help="append each exchange to FILE, as JSON")
    options = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt, asyncio.CancelledError):
        asyncio.run(run(options.port, options.record_wire, product=options.serve, demo=options.demo))


async def run(port: int, record: Path | None, *, product: bool, demo: bool) -> None:
    """Serve until cancelled, or terminated."""
    told = asyncio.current_task()
    if told is not None and sys.platform != "win32":
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.cancel)
    slack = SlackStandIn(port=port + 1, record=record)
    telegram = TelegramStandIn(port=port + 2, record=record)
    async with slack, telegram:
        cast = Cast(slack, telegram)
        page = Page(cast, port)
        runner = await page.start()
        sys.stdout.write(welcome(page, cast, product=product))
        sys.stdout.flush()
        try:
            if product:
                await serve(cast, port + 3)
            else:
                await (demonstrate(cast) if demo else asyncio.Event().wait())
        finally:
            await runner.cleanup()


def welcome(page: Page, cast: Cast, *, product: bool) -> str:
    """Where to look, and, unless it runs already, what the product needs to be told."""
    lines = [f"Look at http://127.0.0.1:{page.port}/ (Ctrl-C ends).", ""]
    if not product:
        lines += ["For the product:", *(f"  export {name}='{value}'" for name, value in settings(cast).items()), ""]
    lines.append(f"Staff meets in Slack's {cast.slack_desk.id} and Telegram's {cast.telegram_desk.id}.")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
