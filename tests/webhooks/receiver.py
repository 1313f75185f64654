"""Receivers of webhooks, good and bad, and a trap that must never be reached."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Received:
    headers: dict[str, str]
    body: bytes
    path: str


@dataclass
class Receiver:
    """Remembers what it was sent; ``answer`` gives the status of each, by what came."""

    url: str
    received: list[Received] = field(default_factory=list)
    answer: Callable[[Received], int] = lambda _: 204
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def port(self) -> int:
        return int(self.url.rsplit(":", 1)[1].split("/")[0])


@contextmanager
def a_receiver(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    receiver = Receiver("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            body = self.rfile.read(length)
            if len(body) < length:  # the sender was killed before it had said all: no message
                return
            headers = {name.lower(): value for name, value in self.headers.items()}
            received = Received(headers, body, self.path)
            receiver.received.append(received)
            self.send_response(receiver.answer(received))
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=lambda: server.serve_forever(0.02))
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Trap:
    """A listener that counts who came. Nobody may."""

    port: int
    connections: int = 0


@contextmanager
def a_listener(serve: Callable[[socket.socket, threading.Event], None]) -> Iterator[Trap]:
    """Run *serve* on each connection; it returns when the event is set, if not before."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.02)
    over = threading.Event()
    trap = Trap(listener.getsockname()[1])

    def accept() -> None:
        while not over.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            trap.connections += 1
            with connection:
                try:
                    serve(connection, over)
                except OSError:
                    continue

    thread = threading.Thread(target=accept)
    thread.start()
    try:
        yield trap
    finally:
        over.set()
        thread.join()
        listener.close()


@contextmanager
def a_trap() -> Iterator[Trap]:
    with a_listener(lambda connection, _: connection.close()) as trap:
        yield trap
