import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests.operations.watching import none_left, processes_with
from tests.waiting import eventually


@dataclass(frozen=True)
class Toy:
    front: subprocess.Popen[str]
    supervisor: int
    folder: str

    def living(self) -> list[psutil.Process]:
        """The programs and their own children."""
        ours = {self.front.pid, self.supervisor}
        return [p for p in processes_with("TOY", self.folder) if p.pid not in ours]

    def named(self, name: str) -> psutil.Process:
        [program] = [
            p
            for p in self.living()
            if p.ppid() == self.supervisor and ("SIG_IGN" in p.cmdline()[-1]) == (name != "quiet")
        ]
        return program


@pytest.fixture
def toy(tmp_path: Path) -> Iterator[Toy]:
    command = [sys.executable, "-m", "tests.operations.toy_service", str(tmp_path)]
    with (
        none_left("TOY", str(tmp_path)),
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as front,
    ):
        assert front.stdout is not None
        toy = Toy(front, int(front.stdout.readline().split()[1]), str(tmp_path))
        eventually(lambda: len(toy.living()) == 4)
        yield toy
        front.kill()


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_everything_and_is_a_success(toy: Toy, signum: signal.Signals) -> None:
    toy.front.send_signal(signum)

    assert toy.front.wait(10) == 0
    assert toy.living() == []


def test_a_second_signal_ends_what_does_not_listen_at_once(toy: Toy) -> None:
    toy.front.send_signal(signal.SIGTERM)
    eventually(lambda: len(toy.living()) < 4)  # quiet has ended
    toy.front.send_signal(signal.SIGTERM)

    assert toy.front.wait(10) == 0
    assert toy.living() == []


def test_nothing_is_left_when_the_front_is_killed(toy: Toy) -> None:
    toy.front.kill()

    eventually(lambda: not psutil.pid_exists(toy.supervisor) and toy.living() == [])


def test_nothing_is_left_when_the_supervisor_is_killed(toy: Toy) -> None:
    os.kill(toy.supervisor, signal.SIGKILL)

    assert toy.front.wait(30) == 128 + signal.SIGKILL
    assert toy.living() == []


def test_a_killed_program_comes_back_and_one_line_says_so(toy: Toy) -> None:
    killed = toy.named("quiet")
    killed.kill()

    assert toy.front.stdout is not None
    line = toy.front.stdout.readline()
    eventually(lambda: killed not in toy.living() and len(toy.living()) >= 4)
    assert line.startswith("quiet ended by signal 9; starting it again in 0.5 s")
    assert "quiet.log" in line
