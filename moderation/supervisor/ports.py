"""TCP ports on loopback: is one free, and which ones are."""

import errno
import socket
from typing import Final

LOOPBACK: Final = "127.0.0.1"


def is_free(port: int) -> bool:
    """Say whether a server could listen on this port of loopback now.

    Raises:
        OSError: The port may not be used at all, for want of a privilege, say.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            return False
    return True


def free_ports(count: int, *, after: int) -> list[int]:
    """Return the next *count* free ports above *after*."""
    found: list[int] = []
    port = after
    while len(found) < count:
        port += 1
        if is_free(port):
            found.append(port)
    return found
