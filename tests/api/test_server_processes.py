"""The API under gunicorn as it is served: two processes, over real sockets."""

import json
import shutil
import socket
import struct
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psutil
import pytest

from moderation.settings import Settings
from tests.api.served import Server, serving
from tests.conftest import SECRET
from tests.waiting import eventually

LIMIT = 256 * 1024
THREADS = 4
IMPATIENT = """
from moderation.supervisor import gunicorn_conf
from moderation.supervisor.gunicorn_conf import *
gunicorn_conf._LONGEST_SILENCE_S = 1
"""
RESET = struct.pack("ii", 1, 0)
"""SO_LINGER that ends a connection at once, as the crash of a client's machine does."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, _migrated_file: Path) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("served")
    shutil.copy(_migrated_file, folder / "moderation.db")
    (folder / "conf.py").write_text(IMPATIENT)
    with serving(
        Settings(data_dir=folder, secret=SECRET, redis_url="redis://127.0.0.1:1/0"),
        conf=str(folder / "conf.py"),
        MODERATION_API_WORKERS="2",
        MODERATION_API_THREADS=str(THREADS),
        PROMETHEUS_MULTIPROC_DIR=str(folder / "metrics"),
    ) as running:
        yield running


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def answer_on(client: socket.socket) -> tuple[int, str, Any]:
    """Return status, content type and document of the answer that comes on a connection."""
    with client.makefile("rb") as stream:
        status = int(stream.readline().split()[1])
        headers = {}
        while (line := stream.readline().strip()) != b"":
            name, _, value = line.decode().partition(":")
            headers[name.lower()] = value.strip()
        body = stream.read(int(headers["content-length"]))
    return status, headers["content-type"], json.loads(body)


@pytest.mark.parametrize(
    ("path", "limit"), [("/v1/comments", LIMIT), ("/v1/comments/batch", 16 * LIMIT)]
)
def test_a_chunked_body_is_refused_once_it_is_over_the_limit(
    server: Server, path: str, limit: int
) -> None:
    piece = chunk(b" " * 65_536)
    with server.connection() as client:
        client.sendall(server.head("Transfer-Encoding: chunked", path=path))
        for _ in range(limit // 65_536 + 1):
            client.sendall(piece)

        status, kind, problem = answer_on(client)  # though the last chunk never came

    assert (status, kind) == (413, "application/problem+json")
    assert problem["type"].endswith("/problems/body-too-large")


def test_a_chunked_body_within_the_limit_is_taken(server: Server) -> None:
    with server.connection() as client:
        client.sendall(server.head("Transfer-Encoding: chunked"))
        client.sendall(chunk(b'{"body": ') + chunk(b'"Well said."}') + b"0\r\n\r\n")

        assert answer_on(client)[0] == 202


@pytest.mark.parametrize(
    "body", [b"zz\r\n", b"5\r\nabcdefg\r\n", b"-1\r\n", b"\r\n\r\n", b"5;=\r\nabcde\r\n"]
)
def test_a_body_whose_chunks_are_broken_is_a_bad_request(server: Server, body: bytes) -> None:
    with server.connection() as client:
        client.sendall(server.head("Transfer-Encoding: chunked") + body)
        client.shutdown(socket.SHUT_WR)

        status, kind, problem = answer_on(client)

    assert (status, kind) == (400, "application/problem+json")
    assert problem["type"].endswith("/problems/bad-request")


def test_metrics_add_up_over_processes_and_outlive_them(server: Server) -> None:
    before = server.metric("moderation_accepted_total")
    first, second = server.workers()
    for waiting, sent in ((first, 3), (second, 4)):
        waiting.suspend()  # so that the other one serves
        try:
            for _ in range(sent):
                assert server.submit().status_code == 202
        finally:
            waiting.resume()

    assert {server.metric("moderation_accepted_total") for _ in range(10)} == {before + 7}
    first.kill()
    eventually(lambda: len(server.workers()) == 2 and first not in server.workers())
    assert server.submit().status_code == 202
    assert {server.metric("moderation_accepted_total") for _ in range(10)} == {before + 8}


def test_clients_that_break_off_do_no_harm(server: Server) -> None:
    halves = (
        server.head("Content-Length: 1000") + b'{"body": "half',
        server.head("Transfer-Encoding: chunked") + b'20\r\n{"body": "half',
        server.head("Content-Length: 1000")[:60],
        server.head("Content-Length: 16") + b'{"body": "whole"',
    )
    before = server.metric("moderation_accepted_total")
    for number in range(32):
        with server.connection() as client:
            if number % 2:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            client.sendall(halves[number // 2 % len(halves)])

    assert server.submit().status_code == 202
    assert server.metric("moderation_accepted_total") == before + 1
    assert server.metric('moderation_http_requests_total{method="POST",status="5') == 0


def test_clients_that_fall_silent_lose_their_threads(server: Server) -> None:
    starts = (server.head("Content-Length: 1000"), server.head()[:40])
    first, second = server.workers()
    with ExitStack() as stack:
        for asleep, awake in ((first, second), (second, first)):
            asleep.suspend()  # so that the other one gets them all
            for number in range(2 * THREADS):
                client = stack.enter_context(server.connection())
                client.sendall(starts[number % len(starts)])
            eventually(lambda worker=awake: connections(worker) >= 2 * THREADS)  # type: ignore[misc]
            asleep.resume()

        assert server.submit().status_code == 202


def test_connections_that_come_at_once_are_shared_by_the_processes(server: Server) -> None:
    before = [connections(worker) for worker in server.workers()]
    with ExitStack() as stack:
        for _ in range(40):
            stack.enter_context(server.connection())
        eventually(lambda: sum(map(connections, server.workers())) == sum(before) + 40)

        shares = [connections(worker) for worker in server.workers()]

    assert min(shares) >= 40 / 4


def connections(worker: psutil.Process) -> int:
    return sum(each.status == psutil.CONN_ESTABLISHED for each in worker.net_connections())
