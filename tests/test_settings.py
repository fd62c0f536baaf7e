"""Settings: from the environment, each with a default, every wrong one named."""

from __future__ import annotations

import os

import pytest

from bot.settings import PREFIX, SettingsError, read


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start from an environment that says nothing."""
    for name in [each for each in os.environ if each.startswith(PREFIX)]:
        monkeypatch.delenv(name)


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


def test_every_wrong_one_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """All at once, each on a line with what would be right."""
    monkeypatch.setenv("TRIAGE_STAFF", "the team")
    monkeypatch.setenv("TRIAGE_LOG_LEVEL", "loud")
    with pytest.raises(SettingsError) as refused:
        read()
    assert str(refused.value).splitlines() == [
        "TRIAGE_STAFF: 'the team' is no address: it has the form channel:account:chat:thread",
        "TRIAGE_LOG_LEVEL is 'loud'; it can be 'debug', 'info', 'warning' or 'error'",
    ]


def test_a_password_is_shown_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database's URL is not in what the settings look like in a log."""
    monkeypatch.setenv("TRIAGE_DATABASE_URL", "postgresql://triage:opensesame@db/triage")
    assert "opensesame" not in repr(read())
