"""Settings: what a deployment may say. Every wrong one is named where it was written, with what would be right.

Each has one name, and three places where it may stand; the first that has it counts: the environment's variable of that
name in capitals behind `TRIAGE_`, a file of that variable's name in the folder of secrets (`TRIAGE_SECRETS`, otherwise
`/run/secrets`, where containers have theirs), and `triage.yaml` (or the file that `TRIAGE_CONFIG` names).
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.chat import places
from bot.chat.addresses import parse
from bot.flow import reader
from bot.flow.problems import suggest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic_settings import PydanticBaseSettingsSource

PREFIX: Final = "TRIAGE_"
CONFIG: Final = "TRIAGE_CONFIG"
SECRETS: Final = "TRIAGE_SECRETS"
DEFAULT_CONFIG: Final = Path("triage.yaml")
DEFAULT_SECRETS: Final = Path("/run/secrets")

_OTHERS: Final = frozenset({CONFIG, SECRETS, "TRIAGE_DESK", "TRIAGE_FLOWS", "TRIAGE_LOCALES"})
"""What the environment alone may say, because every command heeds it."""
_LINKS: Final = re.compile(r"_SERVICE_(HOST|PORT)(_\w+)?$|_PORT_\d+_(TCP|UDP|SCTP)(_\w+)?$")
"""What Kubernetes tells every container of a service, which may well be called triage."""
_WEBHOOK_SECRET: Final = re.compile(r"[\w-]{0,256}", re.ASCII)
_WEBHOOK_KEY: Final = re.compile(
    r"[a-z][a-z0-9_]*=whsec_([A-Za-z0-9+/]{4}){8,21}([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"
)
"""A name, and 24 bytes or more in base64, as Standard Webhooks wants them."""
_TOKEN_KEY: Final = re.compile(r"([\w-]{43}=)?", re.ASCII)


class SettingsError(Exception):
    """Settings that cannot be used; the message has a line for each."""


def _places(addresses: str) -> str:
    """The addresses of places on different channels, with white space between them; raises ValueError."""
    channels = [parse(each).channel for each in addresses.split()]
    twice = next((each for each in channels if channels.count(each) > 1), None)
    if twice is not None:
        raise ValueError(f"two of the addresses are on {twice}: staff can be at one place of each channel")
    return addresses


def _public_url(url: str) -> str:
    """An address with TLS, or on this machine; raises ValueError."""
    parts = urlsplit(url)
    if url and not (parts.hostname and (parts.scheme == "https" or parts.hostname in {"127.0.0.1", "localhost"})):
        raise ValueError("it begins with https://, such as https://triage.example.com")
    return url


def _bot_api(url: str) -> str:
    """Where a server of the Bot API is, up to the token, which its methods stand behind; raises ValueError."""
    return url and _server(url).removesuffix("/bot") + "/bot"


def _web_api(url: str) -> str:
    """Where a server of Slack's Web API is, with the slash that its methods stand behind; raises ValueError."""
    return url and f"{_server(url)}{'' if urlsplit(url).path.strip('/') else '/api'}/"


def _server(url: str) -> str:
    """An address without a slash at its end; raises ValueError."""
    parts = urlsplit(url)
    if not (parts.hostname and parts.scheme in {"http", "https"}):
        raise ValueError("it begins with https:// or http://, such as http://localhost:8081")
    return url.rstrip("/")


def _webhook_secret(secret: SecretStr) -> SecretStr:
    """A secret that Telegram can take (setWebhook, `secret_token`); raises ValueError."""
    if not _WEBHOOK_SECRET.fullmatch(secret.get_secret_value()):
        raise ValueError("it can have 256 characters at most, of A-Z, a-z, 0-9, _ and -")
    return secret


def _token_key(key: SecretStr) -> SecretStr:
    """A key of Fernet's; raises ValueError."""
    if not _TOKEN_KEY.fullmatch(key.get_secret_value()):
        raise ValueError("it is 32 bytes in URL-safe base64, as of: openssl rand -base64 32 | tr +/ -_")
    return key


def _webhook_secrets(secrets: SecretStr) -> SecretStr:
    """Secrets as Standard Webhooks writes them, each behind its name; raises ValueError."""
    if not all(_WEBHOOK_KEY.fullmatch(each) for each in secrets.get_secret_value().split()):
        raise ValueError("each is name=whsec_… with 24 to 64 bytes in base64, as of: openssl rand -base64 32")
    return secrets


class Settings(BaseSettings):
    """What may be set, with what it is otherwise; an empty one counts as not set."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True)

    database_url: SecretStr = SecretStr("sqlite:///triage.db")
    """Where conversations are kept. It may hold a password, so nothing ever shows it."""
    flow: str = ""
    """The flow that a new conversation begins with; "" for the one that `/start` begins."""
    staff: Annotated[str, AfterValidator(_places)] = ""
    """The address (channel:account:chat:thread) that cases go to; "" for the terminal of `triage desk`.

    Several, with spaces between them and each on a channel of its own, are one desk that is at all of these places.
    """
    telegram_token: SecretStr = SecretStr("")
    """The token of the Telegram bot; "" for no Telegram."""
    telegram_api_url: Annotated[str, AfterValidator(_bot_api)] = ""
    """Where the Bot API is; "" for Telegram's own."""
    telegram_webhook_secret: Annotated[SecretStr, AfterValidator(_webhook_secret)] = SecretStr("")
    """What Telegram proves itself with at the webhook; "" to poll instead."""
    slack_bot_token: SecretStr = SecretStr("")
    """The token of the Slack app in its workspace, xoxb-…; "" for no Slack."""
    slack_signing_secret: SecretStr = SecretStr("")
    """What Slack proves itself with over HTTP."""
    slack_app_token: SecretStr = SecretStr("")
    """The token for Socket Mode, xapp-…; "" to be called over HTTP instead."""
    slack_client_id: str = ""
    """The app's own id, to be installed by OAuth in many workspaces; "" for the one of `slack_bot_token`."""
    slack_client_secret: SecretStr = SecretStr("")
    """What the app proves itself with when a workspace installs it."""
    slack_token_key: Annotated[SecretStr, AfterValidator(_token_key)] = SecretStr("")
    """What the tokens of those workspaces are sealed with in the database."""
    slack_api_url: Annotated[str, AfterValidator(_web_api)] = ""
    """Where the Web API is; "" for Slack's own."""
    webhook_secrets: Annotated[SecretStr, AfterValidator(_webhook_secrets)] = SecretStr("")
    """What the webhooks of desk.yaml are signed with, each as `name=whsec_…`, with white space between them."""
    drop_key: Annotated[SecretStr, AfterValidator(_token_key)] = SecretStr("")
    """What accounts are sealed with that merchants give on one-time forms; "" for no such forms."""
    public_url: Annotated[str, AfterValidator(_public_url)] = ""
    """Where platforms and people reach this over HTTPS, without a path of ours; "" if they do not, or by hand."""
    workers: Annotated[int | None, Field(ge=0, le=8)] = None
    """Processes that compute turns for this one while much comes in; None for as many as there are processors for."""
    http_host: str = "127.0.0.1"
    http_port: Annotated[int, Field(ge=1, le=65_535)] = 8080
    log_format: Literal["console", "json"] = "json"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @property
    def places(self) -> places.Places:
        """The places that cases go to, as far as they are said."""
        return places.read(self.staff)

    @property
    def drops(self) -> str:
        """What the addresses of one-time forms begin with; "" if there are none."""
        return self.public_url.rstrip("/") if self.drop_key.get_secret_value() else ""

    @property
    def signing(self) -> dict[str, str]:
        """The secrets of webhooks, by name."""
        pairs = (each.partition("=") for each in self.webhook_secrets.get_secret_value().split())
        return {name: secret for name, _, secret in pairs}

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  (the library's signature)
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given as arguments is what the file says, and so comes last."""
        return env_settings, file_secret_settings, init_settings


def read() -> Settings:
    """The settings of this process; raises SettingsError."""
    config = _Config(os.environ.get(CONFIG, ""))
    secrets = _secrets(os.environ.get(SECRETS, ""))
    wrong = [*_unknown_variables(), *_unknown_secrets(secrets), *config.wrong]
    try:
        settings = Settings(_secrets_dir=secrets, **config.values)
    except ValidationError as error:
        for each in error.errors(include_url=False, include_context=True):
            name = str(each["loc"][0])
            wrong.append(_line(_where(name, secrets, config), each))
    if wrong:
        raise SettingsError("\n".join(wrong))
    return settings


class _Config:
    """The file, and what is wrong in it."""

    def __init__(self, named: str) -> None:
        """Read the file `named`; the default one need not be there. Raises SettingsError if it cannot be read."""
        self.path = Path(named) if named else DEFAULT_CONFIG
        self.values: dict[str, Any] = {}
        self.wrong: list[str] = []
        self._tree: reader.Tree | None = None
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            if named:
                raise SettingsError(f"{CONFIG}: there is no file {named}") from None
            return
        except OSError as error:
            raise SettingsError(f"{self.path}: {error.strerror}") from None
        self._read(data)

    def _read(self, data: bytes) -> None:
        reading = reader.read(data, str(self.path))
        for each in reading.problems:
            if each.code != "empty-document":
                # without the line itself, which may hold a secret
                self.wrong.append(f"{each.file}:{each.line}: {'; '.join(filter(None, (each.message, each.hint)))}")
        if len(reading.documents) > 1:
            self.wrong.append(f"{self.path}: this is one document, without a line of ---")
        for tree in reading.documents[:1]:
            self._tree = tree
            for name, value in tree.data.items():
                if name in Settings.model_fields:
                    self.values[name] = "" if value is None else value
                else:
                    self.wrong.append(_unknown(f"{self.where(name)} {name}", name, Settings.model_fields))

    def where(self, name: str) -> str:
        """The place of a setting in the file."""
        line = self._tree.position((name,), key=True)[0] if self._tree is not None else 0
        return f"{self.path}:{line}:"


def _secrets(named: str) -> Path | None:
    """The folder of secrets, if there is one. Raises SettingsError if one is named that is none."""
    folder = Path(named) if named else DEFAULT_SECRETS
    if folder.is_dir():
        return folder
    if named:
        raise SettingsError(f"{SECRETS}: there is no folder {named}")
    return None


def _unknown_variables() -> list[str]:
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    return [
        _unknown(name, name, known | _OTHERS)
        for name, value in sorted(os.environ.items())
        if name.startswith(PREFIX)
        and name not in known | _OTHERS
        and not (_LINKS.search(name) or (name.endswith("_PORT") and "://" in value))
    ]


def _unknown_secrets(folder: Path | None) -> list[str]:
    """Files that are meant for us, by their names, and known to nobody."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    files = sorted(folder.iterdir()) if folder is not None else []
    named = [each for each in files if each.name.upper().startswith(PREFIX) and each.name.upper() not in known]
    return [_unknown(str(each), each.name.upper(), known) for each in named]


def _unknown(shown: str, name: str, known: Iterable[str]) -> str:
    known = sorted(known)
    return f"{shown} is no setting; {suggest(name, known) or 'there are ' + ', '.join(known)}"


def _where(name: str, secrets: Path | None, config: _Config) -> str:
    """Where the value of a setting was read, as the sources are ordered."""
    variable = PREFIX + name.upper()
    if os.environ.get(variable):
        return variable
    files = [each for each in secrets.iterdir() if each.name.upper() == variable] if secrets is not None else []
    return str(files[0]) if files else f"{config.where(name)} {name}"


def _line(where: str, error: Any) -> str:
    if error["type"] == "literal_error":
        return f"{where} is {error['input']!r}; it can be {error['ctx']['expected']}"
    return f"{where}: {error['msg'].removeprefix('Value error, ')}"
