import os
import stat
from pathlib import Path

import pytest

from moderation.data_folder import DataFolder, complete
from moderation.settings import Settings


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    folder.create()

    assert mode(folder.root) == mode(folder.redis) == mode(folder.logs) == 0o700
    assert mode(folder.secret_file) == 0o600


def test_its_secret_is_made_once(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    folder.create()
    secret = folder.secret_file.read_text()
    folder.create()

    assert folder.secret_file.read_text() == secret
    assert len(secret.strip()) >= 32


def test_a_deep_folder_has_a_short_socket_that_follows_from_its_name(tmp_path: Path) -> None:
    deep = tmp_path / ("deep" * 40)
    folder = DataFolder(deep)
    folder.create()

    assert len(os.fsencode(folder.redis_socket)) <= 100
    assert mode(folder.redis_socket.parent) == 0o700
    assert folder.redis_socket == DataFolder(deep).redis_socket
    assert folder.redis_socket != DataFolder(deep / "other").redis_socket
    folder.redis_socket.parent.rmdir()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_somebody_else_is_not_trusted(tmp_path: Path) -> None:
    os.chown(tmp_path, 12345, 12345)

    with pytest.raises(PermissionError):
        DataFolder(tmp_path).create()


def test_settings_are_completed_from_it(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.create()
    settings = complete(Settings(data_dir=tmp_path, database_url="", redis_url=""))

    assert settings.database_url == f"sqlite:///{tmp_path}/moderation.db"
    assert settings.redis_url == f"unix://{tmp_path}/redis/redis.sock"
    assert settings.secret.get_secret_value() == folder.secret_file.read_text().strip()


def test_what_settings_name_is_kept(tmp_path: Path) -> None:
    named = Settings(
        data_dir=tmp_path, database_url="sqlite:///x.db", redis_url="redis://localhost"
    )

    assert complete(named) == named
