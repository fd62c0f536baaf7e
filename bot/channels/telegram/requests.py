"""How the library's calls reach Telegram: by aiohttp, which takes less of the process than the library's own way.

An error says by its cause whether a call was made at all: `failures` reads it there.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram._utils.defaultvalue import DefaultValue
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest

if TYPE_CHECKING:
    from telegram._utils.types import ODVInput
    from telegram.request import RequestData

CONNECTIONS: Final = 64
KEPT_S: Final = 5
"""How long a connection is kept that nobody uses: a server closes one in the end, perhaps just as it is used again."""
TIME_S: Final = 5.0
"""How long a connection, and each part of an answer, may take; so may writing a call."""
WAIT_S: Final = 1.0
"""How long a call may wait for a connection of its own."""
FILES_S: Final = 20.0
"""How long writing a call may take that carries a file."""
_NO_METHOD: Final = b"method not found"
"""What an older server of the Bot API says of a call that it does not know: it refuses that one call."""


class Requests(BaseRequest):
    """Calls on connections that are shared, from the first call until `shutdown`."""

    def __init__(self, url: str) -> None:
        """`url` is where the calls go; whether through a proxy, the environment says."""
        place = urlsplit(url)
        # asked once: the session itself would ask in a thread, for every call
        self._proxy = None if proxy_bypass(place.hostname or "") else getproxies().get(place.scheme)
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """Seconds."""
        return TIME_S

    async def initialize(self) -> None:
        """Nothing: what is to be sent does not wait for the bot to be introduced."""

    async def shutdown(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """See `BaseRequest.do_request`: the status and the body of an answer, whatever they are."""
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=KEPT_S)
            headers = {"User-Agent": self.USER_AGENT}
            jar = aiohttp.DummyCookieJar()
            self._session = aiohttp.ClientSession(connector=connector, headers=headers, cookie_jar=jar)
        files = request_data is not None and request_data.contains_files
        reading = _or(read_timeout, TIME_S)
        connecting, writing = _or(connect_timeout, TIME_S), _or(write_timeout, FILES_S if files else TIME_S)
        waiting = _or(pool_timeout, WAIT_S)
        begun = _sum(waiting, connecting)
        timeout = aiohttp.ClientTimeout(
            # each part of an answer has a time of its own; no call takes longer than all of that
            total=_sum(begun, writing, reading),
            connect=begun,
            sock_connect=connecting,
            sock_read=reading,
        )
        try:
            async with self._session.request(
                method, url, data=_body(request_data), timeout=timeout, proxy=self._proxy, allow_redirects=False
            ) as answer:
                body = await answer.read()
                # the library would take it for a wrong token, with which nothing else could be done either
                unknown = answer.status == HTTPStatus.NOT_FOUND and _NO_METHOD in body
                return HTTPStatus.BAD_REQUEST if unknown else answer.status, body
        except TimeoutError as error:
            raise TimedOut from error
        except aiohttp.ClientError as error:
            raise NetworkError(type(error).__name__) from error


def _or(given: ODVInput[float], usual: float) -> float | None:
    return usual if isinstance(given, DefaultValue) else given


def _sum(*seconds: float | None) -> float | None:
    """All of them together; None, for ever, if one of them is."""
    known = [each for each in seconds if each is not None]
    return sum(known) if len(known) == len(seconds) else None


def _body(data: RequestData | None) -> aiohttp.FormData | dict[str, str] | None:
    """The arguments of a call as a form; in several parts if there are files."""
    if data is None:
        return None
    if not data.contains_files:
        return data.json_parameters
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    files: dict[str, Any] = data.multipart_data
    for name, (filename, content, kind) in files.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form
