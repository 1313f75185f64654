"""Keep a set of programs running: start, notice an end, start again later, stop in good order."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from moderation.supervisor.processes import death_wish, own_children, reap, send

_FIRST_PAUSE_S: Final = 0.5
_LONGEST_PAUSE_S: Final = 30.0
_STEADY_S: Final = 30.0
"""Who lived this long before it ended is not failing again and again."""

_STEP_S: Final = 0.05


@dataclass(frozen=True, slots=True)
class Program:
    """One thing to keep running; its output goes to a log of its *name*."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]


def pause_s(failures: int) -> float:
    """Return the wait before the next start after this many failures in a row, at least 1."""
    return float(min(_FIRST_PAUSE_S * 2 ** (failures - 1), _LONGEST_PAUSE_S))


@dataclass(slots=True)
class _Child:
    program: Program
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_at: float = 0.0
    failures: int = 0


@dataclass(slots=True)
class Children:
    """The running programs. All times are of the monotonic clock."""

    logs: Path
    say: Callable[[str], None]
    _children: dict[str, _Child] = field(default_factory=dict)
    _processes: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)

    def add(self, program: Program) -> None:
        """Start *program*, and keep it running until `stop`."""
        child = _Child(program, self.logs / f"{program.name}.log")
        self._children[program.name] = child
        self._start(child)

    def tick(self) -> None:
        """Notice who ended, and start again those whose pause is over. Call it often."""
        self._collect()
        for child in self._children.values():
            if child.process is not None and child.process.returncode is not None:
                self._note_end(child, child.process.returncode)
            if child.process is None and time.monotonic() >= child.start_at:
                self._start(child)

    def failing(self, times: int) -> str | None:
        """Name a program that failed this many times in a row, if there is one."""
        for name, child in self._children.items():
            if child.failures >= times:
                return name
        return None

    def last_words(self, name: str) -> str:
        """Return the last line that a program wrote; empty if it wrote nothing."""
        return _last_line(self._children[name].log)

    def names(self) -> list[str]:
        return list(self._children)

    def stop(self, names: Sequence[str], grace_s: float, hurry: Callable[[], bool]) -> None:
        """Ask these programs to end, and kill those that have not after *grace_s*.

        Args:
            names: Stopped together, and no longer kept running.
            grace_s: From the first signal to SIGKILL.
            hurry: Asked again and again; once true, the grace is over.
        """
        going = [child.process for child in map(self._children.pop, names) if child.process]
        for process in going:
            send(signal.SIGTERM, process.pid)
        deadline = time.monotonic() + grace_s
        while self._any_alive(going) and time.monotonic() < deadline and not hurry():
            time.sleep(_STEP_S)
        for process in going:
            if process.returncode is None:
                send(signal.SIGKILL, process.pid)
        while self._any_alive(going):
            time.sleep(_STEP_S)

    def stop_orphans(self, grace_s: float) -> None:
        """End what ended programs left behind, as a killed server leaves its workers."""
        for signum in (signal.SIGTERM, signal.SIGKILL):
            deadline = time.monotonic() + grace_s
            for pid in own_children():
                send(signum, pid)
            while own_children() and time.monotonic() < deadline:
                self._collect()
                time.sleep(_STEP_S)

    def _any_alive(self, processes: Sequence[subprocess.Popen[bytes]]) -> bool:
        self._collect()
        return any(process.returncode is None for process in processes)

    def _collect(self) -> None:
        for pid, code in reap().items():
            if pid in self._processes:  # else an adopted orphan
                self._processes.pop(pid).returncode = code

    def _note_end(self, child: _Child, code: int) -> None:
        child.process = None
        now = time.monotonic()
        child.failures = 1 if now - child.started_at >= _STEADY_S else child.failures + 1
        wait_s = pause_s(child.failures)
        child.start_at = now + wait_s
        how = f"by signal {-code}" if code < 0 else f"with code {code}"
        self.say(
            f"{child.program.name} ended {how}; starting it again in {wait_s:g} s ({child.log})"
        )

    def _start(self, child: _Child) -> None:
        with child.log.open("ab") as log:
            child.process = subprocess.Popen(  # noqa: S603 - our own programs
                child.program.command,
                env={**os.environ, **child.program.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=death_wish(),  # noqa: PLW1509 - the supervisor has one thread
            )
        self._processes[child.process.pid] = child.process
        child.started_at = time.monotonic()


def _last_line(log: Path) -> str:
    with log.open("rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(max(0, file.tell() - 4096))
        lines = file.read().decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else ""
