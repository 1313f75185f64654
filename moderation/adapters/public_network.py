"""Connections that reach public addresses only, and end by a deadline.

A name is looked up once and the connection goes to exactly the address that was checked, so a
name server that answers differently the second time gains nothing.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from ssl import SSLContext
from typing import Any, Final

import httpcore2

from moderation.domain.webhook_url import is_public, literal_address

LookUp = Callable[[str], list[str]]

_MOST_ADDRESSES: Final = 4
_CHUNK_BYTES: Final = 16_384


class AddressRefused(Exception):
    """The host leads to an address that is not public; nothing was connected to."""


class LookUpFailed(Exception):
    """The host's name leads to no address."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment of the monotonic clock by which everything must be over."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        return cls(time.monotonic() + seconds)

    def left(self) -> float:
        """Return the seconds that are left.

        Raises:
            TimeoutException: None are.
        """
        seconds = self.at - time.monotonic()
        if seconds <= 0:
            raise httpcore2.TimeoutException
        return seconds


def look_up(host: str) -> list[str]:
    """Return the host's addresses, in the order in which the system prefers them."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        raise LookUpFailed from None
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class PublicNetwork(httpcore2.NetworkBackend):
    """httpcore's way to the network, for one request."""

    def __init__(
        self,
        deadline: Deadline,
        *,
        allow_private: bool,
        look_up: LookUp = look_up,
        network: httpcore2.NetworkBackend | None = None,
    ) -> None:
        self._deadline = deadline
        self._allow_private = allow_private
        self._look_up = look_up
        self._network = network or httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline is stricter
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect to the first of the host's addresses that answers.

        Raises:
            AddressRefused: One of the addresses is not public.
            LookUpFailed: There is none.
        """
        addresses = self._checked(host)
        for position, address in enumerate(addresses):
            others = len(addresses) - position
            try:
                stream = self._network.connect_tcp(
                    address,
                    port,
                    timeout=self._deadline.left() / others,
                    local_address=local_address,
                    socket_options=socket_options,
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                if others == 1:
                    raise
            else:
                return _BoundedStream(stream, self._deadline)
        raise LookUpFailed

    def _checked(self, host: str) -> list[str]:
        literal = literal_address(host)
        addresses = [host] if literal else self._looked_up(host)
        if not self._allow_private and not all(map(_is_public_text, addresses)):
            raise AddressRefused
        return addresses[:_MOST_ADDRESSES]

    def _looked_up(self, host: str) -> list[str]:
        """Look the host up in a thread, since the system's resolver knows no deadline."""
        answers: SimpleQueue[list[str] | Exception] = SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self._look_up(host))
            except LookUpFailed as error:
                answers.put(error)

        threading.Thread(target=ask, name="look-up", daemon=True).start()
        try:
            answer = answers.get(timeout=self._deadline.left())
        except Empty:
            raise httpcore2.ConnectTimeout from None
        if isinstance(answer, Exception):
            raise answer
        return answer


class _BoundedStream(httpcore2.NetworkStream):
    """A stream on which no number of small delays adds up to more than the deadline."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        return self._stream.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        for start in range(0, len(buffer), _CHUNK_BYTES):
            self._stream.write(buffer[start : start + _CHUNK_BYTES], self._deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore2.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left())
        return _BoundedStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _is_public_text(address: str) -> bool:
    parsed = literal_address(address)
    return parsed is not None and is_public(parsed)
