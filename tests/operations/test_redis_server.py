import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import RedisError

from moderation.data_folder import DataFolder
from moderation.supervisor.redis_server import NoRedisServer, find_redis_server, redis_command
from tests.waiting import eventually


@contextmanager
def running(folder: DataFolder) -> Iterator[tuple[subprocess.Popen[bytes], Redis]]:
    with (
        subprocess.Popen(redis_command(find_redis_server(), folder)) as process,
        Redis(unix_socket_path=str(folder.redis_socket)) as client,
    ):
        try:
            eventually(lambda: answers(client))
            yield process, client
        finally:
            process.kill()


def answers(client: Redis) -> bool:
    try:
        return bool(client.ping())
    except RedisError:
        return False


def test_it_keeps_what_it_said_it_had_through_a_kill(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.create()
    with running(folder) as (process, client):
        client.set("kept", "yes")
        process.kill()
        process.wait()

    with running(folder) as (_, client):
        assert client.get("kept") == b"yes"


def test_it_evicts_nothing_and_has_no_port(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.create()
    with running(folder) as (_, client):
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.config_get("port") == {"port": "0"}


def test_without_any_program_the_error_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoRedisServer, match="MODERATION_REDIS_URL"):
        find_redis_server(packages=["no_such_package"], search_path=str(tmp_path))


@pytest.mark.parametrize("script", ["echo Redis server v=6.0.16 sha=0", "echo hello", "exit 1"])
def test_a_program_that_is_old_or_broken_is_passed_over(tmp_path: Path, script: str) -> None:
    program = tmp_path / "redis-server"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)

    with pytest.raises(NoRedisServer):
        find_redis_server(packages=[], search_path=str(tmp_path))


def test_one_on_the_path_will_do(tmp_path: Path) -> None:
    program = tmp_path / "redis-server"
    program.symlink_to(find_redis_server())

    assert find_redis_server(packages=[], search_path=str(tmp_path)) == program
