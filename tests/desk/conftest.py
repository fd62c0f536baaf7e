"""The service with staff on the platforms' stand-ins."""

from __future__ import annotations

from tests.channels.telegram.conftest import anyio_backend, clock, lawful

__all__ = ["anyio_backend", "clock", "lawful"]
