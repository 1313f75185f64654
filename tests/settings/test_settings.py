import os
import subprocess
import sys
from pathlib import Path

import pytest

from moderation.settings import SettingsError, read_settings

SECRET_WORD = "hunter2"  # noqa: S105 - opens nothing


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("MODERATION_"):
            monkeypatch.delenv(name)


def test_defaults_need_no_environment() -> None:
    settings = read_settings()

    assert settings.model == "compact"
    assert settings.database_url == ""


def test_by_default_a_lost_job_is_asked_for_within_10_s_and_decided_within_30_s() -> None:
    settings = read_settings()

    asked_again = settings.sweep_interval_s
    measured = settings.lease_s / 2  # the most of a lease that goes into measuring
    assert asked_again <= 10
    assert settings.lease_s + asked_again + measured <= 30  # a worker died with a fresh lease


def test_the_environment_and_then_the_caller_win(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODERATION_BATCH_SIZE", "7")
    monkeypatch.setenv("MODERATION_LEASE_S", "2.5")

    settings = read_settings(lease_s=9)

    assert (settings.batch_size, settings.lease_s) == (7, 9)


def test_a_value_may_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s" * 40 + "\n")
    monkeypatch.setenv("MODERATION_SECRET_FILE", str(secret))

    assert read_settings().secret.get_secret_value() == "s" * 40


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_usual_postgresql_address_means_psycopg(scheme: str) -> None:
    settings = read_settings(database_url=f"{scheme}://db/moderation")

    assert settings.database_url == "postgresql+psycopg://db/moderation"


def test_every_fault_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODERATION_BATCH_SIZE", "many")
    monkeypatch.setenv("MODERATION_REDIS_PASSWORD_FILE", "/nowhere/at/all")
    monkeypatch.setenv("MODERATION_MAX_WAIT_S", "11")
    monkeypatch.setenv("MODERATION_RATE_LIMIT", "fast")
    monkeypatch.setenv("MODERATION_SECRET", "short")

    with pytest.raises(SettingsError) as refused:
        read_settings()

    for name in ("BATCH_SIZE", "REDIS_PASSWORD_FILE", "MAX_WAIT_S", "RATE_LIMIT", "SECRET"):
        assert f"MODERATION_{name}: " in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("database_url", f"nonsense {SECRET_WORD}"),
        ("database_url", f"mysql://me:{SECRET_WORD}@db/moderation"),
        ("database_url", f"postgresql+asyncpg://me:{SECRET_WORD}@db/moderation"),
        ("database_url", f"postgresql://me:{SECRET_WORD}@db:port/moderation"),
        ("database_url", "sqlite://"),
        ("redis_url", f"nonsense {SECRET_WORD}"),
        ("redis_url", f"http://:{SECRET_WORD}@redis:6379/0"),
        ("redis_url", f"redis://:{SECRET_WORD}@redis:port/0"),
        ("redis_url", "unix://"),
        ("rate_limit", "fast"),
        ("rate_limit", "0/second"),
        ("rate_limit", "1/second;9/minute"),
    ],
)
def test_what_cannot_be_used_is_told_as_what_it_must_be_and_never_quoted(
    name: str, value: str
) -> None:
    with pytest.raises(SettingsError, match=f"^MODERATION_{name.upper()}: must be ") as refused:
        read_settings(**{name: value})

    assert SECRET_WORD not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("database_url", ""),
        ("database_url", "sqlite:////var/lib/moderation.db"),
        ("redis_url", ""),
        ("redis_url", "redis://redis"),
        ("redis_url", "rediss://:word@redis:6380/2"),
        ("redis_url", "unix:///run/redis.sock"),
        ("rate_limit", "5 per minute"),
    ],
)
def test_what_can_be_used_is_kept_as_it_is(name: str, value: str) -> None:
    assert getattr(read_settings(**{name: value}), name) == value


def test_a_short_secret_is_refused_without_being_shown() -> None:
    with pytest.raises(SettingsError, match="needs 32") as refused:
        read_settings(secret=SECRET_WORD)

    assert SECRET_WORD not in str(refused.value)


@pytest.mark.parametrize(
    "command",
    [
        ["workers", "scoring"],
        ["workers", "upkeep"],
        ["gunicorn", "-c", "python:moderation.supervisor.gunicorn_conf"],
    ],
    ids=lambda command: command[0] + " " + command[1],
)
def test_no_process_starts_in_an_unusable_environment(command: list[str]) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", *command],
        env={**os.environ, "MODERATION_RATE_LIMIT": "fast"},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )

    assert ran.returncode == 1
    [line] = ran.stderr.strip().splitlines()
    assert "MODERATION_RATE_LIMIT: must be " in line


@pytest.mark.parametrize(
    "command", [["workers", "upkeep"], ["moderation", "migrate"], ["moderation", "up"]]
)
def test_a_data_folder_that_is_a_file_is_told_in_one_line(
    command: list[str], tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    ran = subprocess.run(
        [sys.executable, "-m", *command],
        env={**os.environ, "MODERATION_DATA_DIR": str(tmp_path / "file")},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )

    assert ran.returncode in {1, 2}
    [line] = ran.stderr.strip().splitlines()
    assert line.endswith("MODERATION_DATA_DIR: " + str(tmp_path / "file") + " is not a folder")


def test_the_api_does_not_start_without_a_secret(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "gunicorn", "-c", "python:moderation.supervisor.gunicorn_conf"],
        env={**os.environ, "MODERATION_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )

    assert ran.returncode == 1
    [line] = ran.stderr.strip().splitlines()
    assert "set MODERATION_SECRET" in line
