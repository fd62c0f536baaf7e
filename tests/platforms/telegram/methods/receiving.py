"""How updates reach the bot: polling or webhook."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.platforms.telegram.refusals import Violation, bad

if TYPE_CHECKING:
    from tests.platforms.telegram.call import Call, Method
    from tests.platforms.wire import Json

SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
MAX_CONNECTIONS = 100


async def get_updates(call: Call) -> list[Json]:
    """What waits, or comes within `timeout` seconds."""
    call.server.updates.allow(call.get("allowed_updates"))
    return await call.server.updates.poll(call.get("offset", 0), call.get("limit", 100), call.get("timeout", 0))


def set_webhook(call: Call) -> bool:
    """Deliver to an address; like a local Bot API server this one takes http and every port."""
    url: str = call.need("url")
    if not url:
        return delete_webhook(call)
    if not url.startswith(("https://", "http://")):
        raise bad(f"bad webhook: invalid webhook URL specified: {url}")
    if "secret_token" in call.arguments and not SECRET.fullmatch(call.get("secret_token")):
        raise bad("secret token contains unallowed characters")
    if not 1 <= call.get("max_connections", 40) <= MAX_CONNECTIONS:
        raise Violation(f"max_connections is not 1 to {MAX_CONNECTIONS}")
    _drop(call)
    call.server.updates.allow(call.get("allowed_updates"))
    call.server.start_webhook(call.arguments)
    return True


def delete_webhook(call: Call) -> bool:
    """Back to polling."""
    _drop(call)
    call.server.stop_webhook()
    return True


def webhook_info(call: Call) -> Json:
    """Where updates go, how many wait, and what went wrong last."""
    if call.server.webhook is not None:
        return call.server.webhook.info()
    waiting = len(call.server.updates.waiting())
    found: Json = {"url": "", "has_custom_certificate": False, "pending_update_count": waiting}
    allowed = call.server.updates.allowed()
    return found | ({} if allowed is None else {"allowed_updates": allowed})


def _drop(call: Call) -> None:
    if call.get("drop_pending_updates"):
        call.server.updates.drop()


METHODS: dict[str, Method] = {
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": webhook_info,
}
