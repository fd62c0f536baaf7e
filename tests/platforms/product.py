"""The product beside the stand-ins: `triage serve`, told where they are."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet

from bot.settings import PREFIX, Settings

if TYPE_CHECKING:
    from tests.platforms.page.cast import Cast

ROOT = Path(__file__).parent.parent.parent


def settings(cast: Cast) -> dict[str, str]:
    """What the product needs to be told, as environment variables."""
    telegram = cast.telegram
    return {
        "TRIAGE_SLACK_API_URL": f"{cast.slack.url}/api/",
        "TRIAGE_SLACK_BOT_TOKEN": cast.slack.bot_token,
        "TRIAGE_SLACK_APP_TOKEN": cast.slack.access.app_token,
        "TRIAGE_SLACK_SIGNING_SECRET": cast.slack.access.signing_secret,
        "TRIAGE_TELEGRAM_API_URL": f"{telegram.url}/bot",
        "TRIAGE_TELEGRAM_TOKEN": telegram.token,
        "TRIAGE_STAFF": f"slack:{cast.slack.home.id}:{cast.slack_desk.id}: "
        f"telegram:{telegram.world.bot.id}:{cast.telegram_desk.id}:",
    }


async def serve(cast: Cast, port: int) -> None:
    """Run it on a database of its own until it ends, or until cancelled; then it is ended, and waited for.

    It has no part in the Ctrl-C of the terminal: the platforms are to be there as long as it sends.
    """
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    told = {name: value for name, value in settings(cast).items() if name in known}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX) or "FLOW" in name}
    with tempfile.TemporaryDirectory() as folder:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot.cli", "serve"),
            cwd=ROOT,
            env={
                **inherited,
                **told,
                "TRIAGE_DATABASE_URL": f"sqlite:///{folder}/triage.db",
                "TRIAGE_HTTP_PORT": str(port),
                "TRIAGE_PUBLIC_URL": f"http://127.0.0.1:{port}",
                "TRIAGE_DROP_KEY": Fernet.generate_key().decode(),
                "TRIAGE_LOG_FORMAT": "console",
            },
            start_new_session=True,
        )
        try:
            await process.wait()
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()
