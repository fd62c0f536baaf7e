"""Webhooks: other systems are told of cases, signed as Standard Webhooks says (https://www.standardwebhooks.com).

An event is a message like any other: committed with what it tells of, sent in the order of its case, again until it was
taken, and by the same id each time, so that a receiver can drop one that it has.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

import msgspec
from standardwebhooks.webhooks import Webhook

from bot.desk.news import News, news
from bot.service.port import Later, Rate, Refused, Whole
from bot.store.rows import Outgoing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.chat.addresses import Address
    from bot.conversation import Conversation
    from bot.desk.office import Office
    from bot.store.rows import Delivery

WEBHOOK: Final = "webhook"
"""The carrier, the kind of its messages, and what their places begin with."""
TIME_S: Final = 15.0
"""How long an endpoint may take to answer: what Standard Webhooks recommends at least."""
GONE: Final = 410
"""The status by which an endpoint says that it wants no more of this."""
_BUSY: Final = frozenset({429, 503})
_PER_SECOND: Final = 20.0
_LONGEST_MS: Final = 3_600_000
"""What an endpoint may ask us to wait at most."""
_BY_PAYLOAD: Final = msgspec.json.Decoder(News)
_ENCODER: Final = msgspec.json.Encoder()


def told(before: Conversation | None, after: Conversation, office: Office, cause: str, now: datetime) -> list[Outgoing]:
    """The rows that tell every endpoint of what happened to the case of a conversation."""
    if after.case is None:
        return []
    former = None if before is None else before.case
    user = after.session.user
    return [
        Outgoing(WEBHOOK, f"{WEBHOOK}:{name}:cases:", WEBHOOK, _ENCODER.encode(each), ref=each.id)
        for name, endpoint in office.webhooks.items()
        for each in news(former, after.case, endpoint, cause, user.first_name or user.id, now)
    ]


class Webhooks(Whole):
    """The `Channel` to the endpoints of the desk's settings. An endpoint that fails holds up itself alone.

    A receiver knows a repetition by its id.
    """

    carrier = WEBHOOK

    def __init__(self, office: Callable[[], Office], secrets: Mapping[str, str], clock: Callable[[], int]) -> None:
        """`secrets` are by the name of the endpoint, as Standard Webhooks writes them (whsec_…)."""
        self._office = office
        self._signers: Mapping[str, Webhook] = {}
        self._clock = clock
        self.sign_with(secrets)

    def sign_with(self, secrets: Mapping[str, str]) -> None:
        """Sign with these from now on, also what waits already."""
        self._signers = {name: Webhook(secret) for name, secret in secrets.items()}

    def rates(self, destination: Address) -> Sequence[Rate]:
        """See `Channel.rates`: a bucket for each endpoint, which also shuts while it is away."""
        return (Rate(_bucket(destination.account), _PER_SECOND, _PER_SECOND),)

    async def send(self, delivery: Delivery) -> tuple[str, ...]:
        """Post the event; any answer of 200 to 299 has taken it. Raises Refused and Later."""
        import aiohttp  # noqa: PLC0415  (takes a moment, and most deployments tell nobody)

        name = delivery.destination.split(":")[1]
        endpoint, signer = self._office().webhooks.get(name), self._signers.get(name)
        if endpoint is None or signer is None:
            raise Refused("the desk's settings have no such webhook" if endpoint is None else "it has no secret")
        event = _BY_PAYLOAD.decode(delivery.payload)
        body = _ENCODER.encode({"type": event.type, "timestamp": event.timestamp, "data": event.data}).decode()
        at = datetime.fromtimestamp(self._clock() // 1000, UTC)
        headers = {
            "content-type": "application/json",
            "user-agent": "Triage-Webhooks",
            "webhook-id": event.id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": signer.sign(event.id, at, body),
        }
        try:
            # what an endpoint answers is not read: it may be of any size
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(TIME_S), trust_env=True) as http,
                http.post(endpoint.url, data=body, headers=headers, allow_redirects=False) as answer,
            ):
                status, wait = answer.status, answer.headers.get("retry-after", "")
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Later(type(error).__name__, bucket=_bucket(name)) from error
        if 200 <= status < 300:  # noqa: PLR2004  (as HTTP has it)
            return ()
        if status == GONE:
            raise Refused("it answered 410: it wants no more of this")
        after = self._asked(wait) if status in _BUSY else 0
        raise Later(f"it answered {status}", after, bucket=_bucket(name))

    def _asked(self, wait: str) -> int:
        """Milliseconds that an endpoint asks to wait, as seconds or as a date; 0 for anything else."""
        if wait.isascii() and wait.isdecimal():
            return min(int(wait) * 1000, _LONGEST_MS) if len(wait) < 7 else _LONGEST_MS  # noqa: PLR2004
        try:
            until = parsedate_to_datetime(wait).timestamp() * 1000
        except (ValueError, TypeError, OverflowError):
            return 0
        return min(max(0, int(until) - self._clock()), _LONGEST_MS)


def _bucket(name: str) -> str:
    return f"{WEBHOOK}:{name}"
