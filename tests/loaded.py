"""Everything that a `triage` with a database loads sooner or later, loaded: what a fork server begins with."""

from __future__ import annotations

import importlib
from typing import Final

from bot.cli import chat, shipped
from bot.cli.serve import LATER
from tests.remembered import remember, remember_proofs

MODULES: Final = (
    *("aiosqlite", "sqlalchemy.dialects.sqlite.aiosqlite", "uvloop", "uvicorn.protocols.http.httptools_impl"),
    *("bot.channels.console.styled", "bot.cli.desk", "bot.cli.kept", "bot.cli.platforms", "bot.cli.watch"),
    *("bot.desk.reading", "bot.service.webhooks", "bot.store.migrating", "bot.store.postgres.store"),
    *("bot.store.sqlite.store", "bot.text.commonmark"),
)

for each in (*LATER, *MODULES):
    importlib.import_module(each)

remember()
remember_proofs(chat)
chat.proved(shipped.sources([]), shipped.locales())
