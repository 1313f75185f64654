"""The compose file's own commands and environments, as processes: no engine is needed."""

import json
import secrets
import signal
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest
from redis import Redis
from redis.exceptions import AuthenticationError

from tests.operations.compose import Container, Elsewhere, read_compose
from tests.servers import PostgresServer, free_port
from tests.waiting import eventually

pytestmark = pytest.mark.timeout(300)

SERVICES: dict[str, Any] = read_compose()["services"]
PASSWORDS = ("database_password", "redis_password", "moderation_secret")


class Stack:
    """Starts containers, each with a folder and metrics port of its own."""

    def __init__(self, folder: Path, postgres_port: int, database: str) -> None:
        self.folder = folder
        self.api_port = free_port()
        self.redis_port = free_port()
        self._postgres = f"127.0.0.1:{postgres_port}/{database}"
        self.containers: list[Container] = []

    def start(self, name: str) -> Container:
        own = self.folder / f"{name}-{len(self.containers)}"
        (own / "tmp").mkdir(parents=True)
        (own / "data").mkdir()
        container = Container.start(SERVICES[name], self._elsewhere(own), own)
        self.containers.append(container)
        return container

    def start_healthy(self, name: str) -> Container:
        container = self.start(name)
        eventually(container.healthy, within_s=60)
        return container

    def _elsewhere(self, own: Path) -> Elsewhere:
        return Elsewhere(
            {
                "/run/secrets/": f"{self.folder}/secrets/",
                "/tmp/": f"{own}/tmp/",  # noqa: S108 - the text in the file
                "--dir /data": f"--dir {own}/data --port {self.redis_port} --bind 127.0.0.1",
                "redis-cli ping": f"redis-cli -p {self.redis_port} ping",
                "postgres:5432/moderation": self._postgres,
                "redis:6379": f"127.0.0.1:{self.redis_port}",
                "0.0.0.0:8000": f"127.0.0.1:{self.api_port}",
                "127.0.0.1:8000": f"127.0.0.1:{self.api_port}",
                "0.0.0.0": "127.0.0.1",  # noqa: S104 - the text in the file
                "9000": str(free_port()),
            }
        )


@pytest.fixture
def stack(tmp_path: Path, postgres_server: PostgresServer) -> Iterator[Stack]:
    (tmp_path / "secrets").mkdir()
    for name in PASSWORDS:
        (tmp_path / "secrets" / name).write_text(f"{secrets.token_hex(32)}\n")
    password = (tmp_path / "secrets" / "database_password").read_text().strip()
    database = postgres_server.new_database()
    require_password(postgres_server, database, password)
    stack = Stack(tmp_path, postgres_server._port, database)
    yield stack
    for container in stack.containers:
        container.process.kill()
        container.process.wait()
    postgres_server.drop_database(database)


def require_password(server: PostgresServer, database: str, password: str) -> None:
    """Make the user that the compose file names, let in by this password only."""
    rules = server._data / "pg_hba.conf"
    strict = "host all moderation 127.0.0.1/32 scram-sha-256\n"
    if strict not in rules.read_text():
        rules.write_text(strict + rules.read_text())
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("SELECT pg_reload_conf()")
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'moderation'").fetchone():
            connection.execute(f"ALTER ROLE moderation PASSWORD '{password}'")
        else:
            connection.execute(f"CREATE ROLE moderation LOGIN PASSWORD '{password}'")
        connection.execute(f'ALTER DATABASE "{database}" OWNER TO moderation')
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.url(database).replace("postgres@", "moderation:wrong@"))


def submit(stack: Stack, key: str, body: str) -> Mapping[str, Any]:
    answer = httpx2.post(
        f"http://127.0.0.1:{stack.api_port}/v1/comments",
        headers={"Authorization": f"Bearer {key}", "Prefer": "wait=10"},
        json={"body": body, "article": {"id": "1"}},
        timeout=15,
    )
    assert answer.is_success, answer.text
    comment: dict[str, Any] = answer.json()
    return comment


def test_the_services_of_the_file_decide_comments_and_scale(stack: Stack) -> None:
    redis = stack.start_healthy("redis")
    with Redis(port=stack.redis_port) as stranger, pytest.raises(AuthenticationError):
        stranger.ping()
    assert stack.start("migrate").process.wait(60) == 0
    api, first, upkeep, live = map(stack.start, ("api", "worker", "upkeep", "live"))
    for container in (api, first, upkeep, live):
        eventually(container.healthy, within_s=60)

    site = json.loads(api.exec("moderation", "site", "add", "Gazette", "--json"))
    assert submit(stack, site["key"], "One worker.")["status"] != "pending"

    second = stack.start_healthy("worker")
    first.process.send_signal(signal.SIGTERM)
    assert first.process.wait(40) == 0
    assert submit(stack, site["key"], "Another worker.")["status"] != "pending"

    for container in (second, upkeep, live, api, redis):
        container.process.send_signal(signal.SIGTERM)
    for container in (second, upkeep, live, api, redis):
        assert container.process.wait(40) == 0, container.log()


def test_a_worker_without_redis_is_not_healthy(stack: Stack) -> None:
    assert not stack.start("worker").healthy()


def test_postgres_is_ready_when_its_own_check_says_so(postgres_server: PostgresServer) -> None:
    kind, program, *flags = SERVICES["postgres"]["healthcheck"]["test"]
    here = ["--host=127.0.0.1", f"--port={postgres_server._port}"]

    assert (kind, program) == ("CMD", "pg_isready")
    subprocess.run([postgres_server._bin / program, *flags, *here], check=True)
