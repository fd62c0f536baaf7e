"""Settings: from the environment, from files of secrets and from triage.yaml, every wrong one named where it stands."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from bot.settings import PREFIX, SettingsError, read

if TYPE_CHECKING:
    from pathlib import Path

TOKEN = "123456789:AAE-opensesame-opensesame"


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Start in an empty folder, from an environment that says nothing."""
    for name in [each for each in os.environ if each.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refusals() -> list[str]:
    """What is said of the settings."""
    with pytest.raises(SettingsError) as refused:
        read()
    return str(refused.value).splitlines()


def test_without_any_there_is_a_file_here() -> None:
    """Nothing has to be set: conversations are kept in a file in the present folder."""
    settings = read()
    assert settings.database_url.get_secret_value() == "sqlite:///triage.db"
    assert (settings.flow, settings.staff, settings.log_format, settings.log_level) == ("", "", "json", "info")


def test_each_is_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are read from names with the prefix, in capitals; an empty one counts as not set."""
    monkeypatch.setenv("TRIAGE_STAFF", "slack:T1:C9:")
    monkeypatch.setenv("TRIAGE_LOG_FORMAT", "console")
    monkeypatch.setenv("TRIAGE_LOG_LEVEL", "")
    settings = read()
    assert (settings.staff, settings.log_format, settings.log_level) == ("slack:T1:C9:", "console", "info")
    assert settings.places.addresses == ("slack:T1:C9:",)


def test_staff_may_be_at_a_place_of_each_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two places have a space between them, and are on different channels."""
    monkeypatch.setenv("TRIAGE_STAFF", "slack:T1:C9: telegram:1:-100:")
    assert read().places.on("telegram") == "telegram:1:-100:"
    monkeypatch.setenv("TRIAGE_STAFF", "slack:T1:C9: slack:T1:C8:")
    assert refusals() == ["TRIAGE_STAFF: two of the addresses are on slack: staff can be at one place of each channel"]


@pytest.mark.parametrize(
    ("name", "said", "meant"),
    [
        ("telegram", "http://localhost:8081", "http://localhost:8081/bot"),
        ("telegram", "http://localhost:8081/", "http://localhost:8081/bot"),
        ("telegram", "https://api.telegram.org/bot", "https://api.telegram.org/bot"),
        ("slack", "http://localhost:9000", "http://localhost:9000/api/"),
        ("slack", "https://slack.com/api", "https://slack.com/api/"),
        ("slack", "https://slack.com/api/", "https://slack.com/api/"),
    ],
)
def test_servers_of_platforms_are_named_as_people_know_them(
    monkeypatch: pytest.MonkeyPatch, name: str, said: str, meant: str
) -> None:
    """With or without what their methods stand behind, and with or without a slash."""
    monkeypatch.setenv(f"TRIAGE_{name.upper()}_API_URL", said)
    assert getattr(read(), f"{name}_api_url") == meant
    monkeypatch.setenv(f"TRIAGE_{name.upper()}_API_URL", "localhost:9000")
    assert refusals() == [
        f"TRIAGE_{name.upper()}_API_URL: it begins with https:// or http://, such as http://localhost:8081"
    ]


def test_the_environment_before_secrets_before_the_file(monkeypatch: pytest.MonkeyPatch, here: Path) -> None:
    """Each place may say anything; the first that does counts, and a file may end with a newline."""
    (here / "triage.yaml").write_text("http_port: 1\nhttp_host: from-file\nflow: from-file\n", "utf-8")
    (here / "TRIAGE_HTTP_HOST").write_text("from-secret\n", "utf-8")
    (here / "triage_flow").write_text("from-secret\n", "utf-8")
    (here / "of_another_container").write_text("anything", "utf-8")
    monkeypatch.setenv("TRIAGE_SECRETS", str(here))
    monkeypatch.setenv("TRIAGE_FLOW", "from-environment")
    settings = read()
    assert (settings.http_port, settings.http_host, settings.flow) == (1, "from-secret", "from-environment")


def test_another_file(monkeypatch: pytest.MonkeyPatch, here: Path) -> None:
    """The file may be named; then it must be there."""
    (here / "mine.yaml").write_text("staff: 'telegram:1:-100:'\nflow:\n", "utf-8")
    monkeypatch.setenv("TRIAGE_CONFIG", "mine.yaml")
    assert read().staff == "telegram:1:-100:"
    monkeypatch.setenv("TRIAGE_CONFIG", "yours.yaml")
    assert refusals() == ["TRIAGE_CONFIG: there is no file yours.yaml"]


def test_every_wrong_one_is_named(monkeypatch: pytest.MonkeyPatch, here: Path) -> None:
    """All at once, each on a line, where it was written and with what would be right."""
    (here / "triage.yaml").write_text("# ours\nhttp_prot: 80\nhttp_port: 0\nlog_format: xml\n", "utf-8")
    (here / "triage_telegram_webhook_secret").write_text("open sesame", "utf-8")
    (here / "TRIAGE_TELEGRAM_TOKN").write_text("open sesame", "utf-8")
    monkeypatch.setenv("TRIAGE_SECRETS", str(here))
    monkeypatch.setenv("TRIAGE_STAFF", "the team")
    monkeypatch.setenv("TRIAGE_LOG_LEVEL", "loud")
    monkeypatch.setenv("TRIAGE_WORKERS", "9")
    monkeypatch.setenv("TRIAGE_DATABASE", "sqlite:///triage.db")
    said = refusals()
    assert sorted(said) == sorted(
        [
            "TRIAGE_DATABASE is no setting; did you mean `TRIAGE_DATABASE_URL`?",
            f"{here}/TRIAGE_TELEGRAM_TOKN is no setting; did you mean `TRIAGE_TELEGRAM_TOKEN`?",
            "triage.yaml:2: http_prot is no setting; did you mean `http_port`?",
            "triage.yaml:3: http_port: Input should be greater than or equal to 1",
            "triage.yaml:4: log_format is 'xml'; it can be 'console' or 'json'",
            "TRIAGE_STAFF: 'the' is no address: it has the form channel:account:chat:thread",
            "TRIAGE_LOG_LEVEL is 'loud'; it can be 'debug', 'info', 'warning' or 'error'",
            "TRIAGE_WORKERS: Input should be less than or equal to 8",
            f"{here}/triage_telegram_webhook_secret: it can have 256 characters at most, of A-Z, a-z, 0-9, _ and -",
        ]
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            f"telegram_token: {TOKEN}\ntelegram_token: {TOKEN}\n",
            "triage.yaml:2: `telegram_token` stands here a sec",
        ),
        (f"- {TOKEN}\n", "triage.yaml:1: a document is a mapping: lines of `key: value`"),
        (f"telegram_token: [{TOKEN}\n", "triage.yaml:"),
        (f"telegram_token: [{TOKEN}]\n", "triage.yaml:1: telegram_token: Input should be a valid string"),
        (f"flow: a\n---\ntelegram_token: {TOKEN}\n", "triage.yaml: this is one document"),
    ],
)
def test_a_file_that_cannot_be_read(here: Path, text: str, said: str) -> None:
    """What is wrong with it is said with its line, and never with the line itself, which may hold a secret."""
    (here / "triage.yaml").write_text(text, "utf-8")
    (line,) = refusals()
    assert line.startswith(said)
    assert "opensesame" not in line


def test_an_empty_file(here: Path) -> None:
    """A file whose lines are all commented out says nothing."""
    (here / "triage.yaml").write_text("# http_port: 1\n", "utf-8")
    assert read().http_port == 8080


def test_what_kubernetes_says_is_not_meant_for_us(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every container is told of the cluster's services; one that is called triage is no mistake."""
    for name, value in {
        "TRIAGE_SERVICE_HOST": "10.0.0.1",
        "TRIAGE_SERVICE_PORT_WEB": "80",
        "TRIAGE_PORT": "tcp://10.0.0.1:80",
        "TRIAGE_PORT_80_TCP_ADDR": "10.0.0.1",
        "TRIAGE_FLOWS": "flows",
    }.items():
        monkeypatch.setenv(name, value)
    assert read().http_port == 8080
    monkeypatch.setenv("TRIAGE_PORT", "80")
    (said,) = refusals()
    assert said.startswith("TRIAGE_PORT is no setting")


def test_a_folder_of_secrets_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is named and missing is said; the default one need not be there."""
    monkeypatch.setenv("TRIAGE_SECRETS", "nowhere")
    assert refusals() == ["TRIAGE_SECRETS: there is no folder nowhere"]


def test_a_password_is_shown_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database's URL is not in what the settings look like in a log."""
    monkeypatch.setenv("TRIAGE_DATABASE_URL", "postgresql://triage:opensesame@db/triage")
    assert "opensesame" not in repr(read())
