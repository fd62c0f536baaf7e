"""Start both stand-ins, with a page to try the product by hand: `python -m tests.platforms`."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
from pathlib import Path

from tests.platforms.demo import demonstrate
from tests.platforms.page.cast import Cast
from tests.platforms.page.server import Page
from tests.platforms.slack import SlackStandIn
from tests.platforms.telegram import TelegramStandIn


def main() -> None:
    """Read the options and run until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m tests.platforms", description=__doc__)
    parser.add_argument("--port", type=int, default=4000, help="port of the page; Slack and Telegram get the next two")
    parser.add_argument("--demo", action="store_true", help="answer with a small demonstration bot")
    parser.add_argument("--record-wire", type=Path, metavar="FILE", help="append each exchange to FILE, as JSON")
    options = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(run(options.port, options.record_wire, demo=options.demo))


async def run(port: int, record: Path | None, *, demo: bool) -> None:
    """Serve until cancelled."""
    slack = SlackStandIn(port=port + 1, record=record)
    telegram = TelegramStandIn(port=port + 2, record=record)
    async with slack, telegram:
        cast = Cast(slack, telegram)
        page = Page(cast, port)
        runner = await page.start()
        sys.stdout.write(welcome(page, cast))
        sys.stdout.flush()
        try:
            await (demonstrate(cast) if demo else asyncio.Event().wait())
        finally:
            await runner.cleanup()


def welcome(page: Page, cast: Cast) -> str:
    """Where to look, and what the product needs to be told."""
    settings = {
        "TRIAGE_SLACK_API_URL": f"{cast.slack.url}/api/",
        "TRIAGE_SLACK_BOT_TOKEN": cast.slack.bot_token,
        "TRIAGE_SLACK_APP_TOKEN": cast.slack.access.app_token,
        "TRIAGE_SLACK_SIGNING_SECRET": cast.slack.access.signing_secret,
        "TRIAGE_TELEGRAM_API_URL": f"{cast.telegram.url}/bot",
        "TRIAGE_TELEGRAM_TOKEN": cast.telegram.token,
    }
    lines = [f"Look at http://127.0.0.1:{page.port}/ (Ctrl-C ends).", "", "For the product:"]
    lines += [f"  export {name}={value}" for name, value in settings.items()]
    lines += ["", f"Staff meets in Slack's {cast.slack_desk.id} and Telegram's {cast.telegram_desk.id}."]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
