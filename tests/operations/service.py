"""The whole service as a process, started the way a person starts it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import psutil

from moderation.supervisor.ports import free_ports
from tests.operations.watching import none_left, processes_with

_LAST_LINE = "Ctrl-C stops everything."


def _command_line(process: psutil.Process) -> str:
    """Return how a process was started; nothing of one that has ended meanwhile."""
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:  # a zombie too
        return ""


@dataclass(frozen=True)
class Up:
    process: subprocess.Popen[str]
    folder: Path
    port: int
    said: str
    """All that it printed until it was ready."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def living(self) -> list[psutil.Process]:
        """Every process of the service: front, supervisor, programs and their children."""
        return processes_with("MODERATION_DATA_DIR", str(self.folder))

    def running(self, words: str) -> list[psutil.Process]:
        """Return the processes whose command line holds these words, oldest first."""
        found = [p for p in self.living() if words in _command_line(p)]
        return sorted(found, key=psutil.Process.create_time)

    def post(self, body: str) -> Any:
        """Send a comment with the demo site's key and wait for its decision."""
        answer = httpx2.post(
            f"{self.url}/v1/comments",
            headers={**self._authorization(), "Prefer": "wait=10"},
            json={"body": body, "article": {"id": "1"}},
            timeout=15,
        )
        assert answer.is_success, answer.text
        return answer.json()

    def get(self, path: str) -> Any:
        answer = httpx2.get(f"{self.url}{path}", headers=self._authorization(), timeout=10)
        assert answer.is_success, answer.text
        return answer.json()

    def _authorization(self) -> dict[str, str]:
        key = (self.folder / "demo.key").read_text().strip()
        return {"Authorization": f"Bearer {key}"}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "moderation", *arguments]


def environment(folder: Path, port: int) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("MODERATION_", "MAKE")) or name == "MODERATION_MODEL"
    }
    return {**kept, "MODERATION_DATA_DIR": str(folder), "PORT": str(port), "COLUMNS": "80"}


@contextmanager
def up(folder: Path, *, traced: bool = True, **settings: str) -> Iterator[Up]:
    """Start the service on a free port and wait until it says that it is ready.

    Not *traced*, its coverage is not measured, which takes time. *settings* are further
    variables of its environment, ``MODERATION_…``.
    """
    # Far enough from those of the next process: a service also takes a few ports above its own.
    [port] = free_ports(1, after=21_000 + 16 * os.getpid() % 9_000)
    with (
        none_left("MODERATION_DATA_DIR", str(folder)),
        subprocess.Popen(
            command("up"),
            env={
                name: value
                for name, value in {**environment(folder, port), **settings}.items()
                if traced or not name.startswith("COVERAGE")
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process,
    ):
        assert process.stdout is not None
        said = ""
        for line in process.stdout:
            said += line
            if _LAST_LINE in line:
                break
        else:
            raise AssertionError(f"it ended with {process.wait()}: {said}")
        try:
            yield Up(process, folder, port, said)
        finally:
            process.terminate()
            process.wait(60)


def shown(said: str, name: str) -> str:
    """Return what the table says beside *name*."""
    found = re.search(rf"^ *{name}  +(\S+)", said, re.MULTILINE)
    assert found is not None, said
    return found[1]
