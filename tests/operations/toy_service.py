"""A stand-in for the service: two programs with children of their own, kept running.

``python -m tests.operations.toy_service FOLDER``. Prints "supervisor PID", and later lines as
they are said. ``stubborn`` ignores SIGTERM.
"""

import os
import signal
import sys
import time
from pathlib import Path

from moderation.supervisor.children import Children, Program
from moderation.supervisor.front import behind_front

_QUIET = """
import os, time
if os.fork() == 0:
    os.setpgrp()
time.sleep(1000)
"""
_STUBBORN = """
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.fork()
time.sleep(1000)
"""


def _body() -> int:
    stopping: list[int] = []
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, lambda signum, _frame: stopping.append(signum))
    children = Children(Path(sys.argv[1]), lambda line: print(line, flush=True))
    children.add(Program("quiet", [sys.executable, "-c", _QUIET], {"TOY": sys.argv[1]}))
    children.add(Program("stubborn", [sys.executable, "-c", _STUBBORN], {"TOY": sys.argv[1]}))
    print("supervisor", os.getpid(), flush=True)
    front = os.getppid()
    while not stopping and os.getppid() == front:
        children.tick()
        time.sleep(0.02)
    children.stop(children.names(), 1.0, lambda: len(stopping) > 1)
    children.stop_orphans(0.5)
    print("stopped", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(behind_front(_body, grace_s=1.0))
