from pathlib import Path

import pytest

from moderation.settings import SettingsError, read_settings


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    import os  # noqa: PLC0415 - only this fixture touches the real environment

    for name in list(os.environ):
        if name.startswith("MODERATION_"):
            monkeypatch.delenv(name)


def test_defaults_need_no_environment() -> None:
    settings = read_settings()

    assert settings.model == "compact"
    assert settings.database_url == ""


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

    with pytest.raises(SettingsError) as refused:
        read_settings()

    for name in ("BATCH_SIZE", "REDIS_PASSWORD_FILE", "MAX_WAIT_S"):
        assert f"MODERATION_{name}" in str(refused.value)


def test_a_short_secret_is_refused_without_being_shown() -> None:
    with pytest.raises(SettingsError, match="needs 32") as refused:
        read_settings(secret="hunter2")  # noqa: S106 - too short to be one

    assert "hunter2" not in str(refused.value)
