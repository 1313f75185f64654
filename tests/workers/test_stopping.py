import signal
import subprocess
import sys
import time

import pytest

from workers.stopping import Stop

PROGRAM = """
import sys, time
from workers.stopping import Stop
stop = Stop()
stop.listen()
print("ready", flush=True)
while True:
    time.sleep(0.01)
    if stop.asked and sys.argv[1] == "obeys":
        sys.exit(0)
"""


def program(manner: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, manner], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.stdout.close()
    return process


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_one_signal_lets_the_work_end(signum: signal.Signals) -> None:
    process = program("obeys")

    process.send_signal(signum)

    assert process.wait(5) == 0


def test_a_second_signal_ends_at_once_unless_it_is_an_echo() -> None:
    process = program("goes on")
    for _ in range(3):
        process.send_signal(signal.SIGTERM)
        time.sleep(0.05)
    assert process.poll() is None

    time.sleep(1.1)
    process.send_signal(signal.SIGTERM)

    assert process.wait(5) == 1


def test_waiting_ends_when_asked_to_stop() -> None:
    stop = Stop()
    assert not stop.wait(0.01)

    stop._note(signal.SIGTERM, None)
    began = time.monotonic()

    assert stop.wait(10)
    assert time.monotonic() - began < 1
