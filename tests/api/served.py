"""The API as a real server: gunicorn over real sockets."""

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import psutil

from moderation.bootstrap import build_services
from moderation.settings import Settings
from moderation.supervisor.ports import LOOPBACK
from moderation.usecases.sites import create_site
from tests.chaos.programs import Program, environment
from tests.servers import free_port
from tests.waiting import eventually

CONF = "python:moderation.supervisor.gunicorn_conf"


@dataclass(frozen=True)
class Server:
    port: int
    key: str
    program: Program

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    def submit(self, body: str = "Well said.") -> httpx2.Response:
        return self.post("/v1/comments", {"body": body})

    def post(self, path: str, document: Any) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {self.key}", "Connection": "close"}
        return httpx2.post(f"{self.url}{path}", json=document, headers=headers, timeout=20)

    def metric(self, name: str) -> float:
        told = httpx2.get(f"{self.url}/metrics", headers={"Connection": "close"}).text
        values = [line.rpartition(" ")[2] for line in told.splitlines() if line.startswith(name)]
        return sum(map(float, values))

    def workers(self) -> list[psutil.Process]:
        return psutil.Process(self.program.pid).children()

    def head(self, *headers: str, path: str = "/v1/comments") -> bytes:
        """Return the head of a request that brings a body."""
        lines = (
            f"POST {path} HTTP/1.1",
            f"Host: {LOOPBACK}",
            f"Authorization: Bearer {self.key}",
            "Content-Type: application/json",
            *headers,
        )
        return "".join(f"{line}\r\n" for line in lines).encode() + b"\r\n"

    @contextmanager
    def connection(self) -> Iterator[socket.socket]:
        with closing(socket.create_connection((LOOPBACK, self.port), timeout=10)) as client:
            yield client


@contextmanager
def serving(settings: Settings, *, conf: str = CONF, **more: str) -> Iterator[Server]:
    """Serve a new site's API under gunicorn, with *more* variables in its environment."""
    services = build_services(settings)
    new = create_site("Gazette", open_store=services.open_store, now=services.now())
    services.close()
    port = free_port()
    program = Program(
        ["-m", "gunicorn", "-c", conf, "--bind", f"{LOOPBACK}:{port}"],
        environment(settings, **more),
        settings.data_dir / "log",
    )
    program.start()
    running = Server(port, new.issued.secret, program)
    workers = int(more["MODERATION_API_WORKERS"])
    try:
        eventually(lambda: len(running.workers()) == workers and _ready(running), within_s=30)
        yield running
    finally:
        program.close()
        print(program.log.read_text()[-4000:])  # noqa: T201 - shown if a test fails


def _ready(server: Server) -> bool:
    try:
        return httpx2.get(f"{server.url}/readyz").is_success
    except httpx2.TransportError:
        return False
