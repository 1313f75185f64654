"""What the shipped model costs a process that does nothing else but score."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.memory import peak_mib

_SCORED = "scored"


@dataclass(frozen=True, slots=True)
class Fresh:
    """Seconds from the start of a process to its first score, and the most memory it held."""

    first_score_s: float
    peak_mib: float


def fresh(texts: Sequence[str]) -> Fresh:
    """Start a process that loads the model and scores one text, then all of *texts*."""
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline().strip() == _SCORED
        first_score_s = time.perf_counter() - began
        process.stdin.write("".join(f"{' '.join(text.split())}\n" for text in texts))
        process.stdin.close()
        return Fresh(first_score_s, float(process.stdout.readline()))


def _score() -> None:
    """Score one text and say so; score the lines of standard input and say the memory."""
    # What this process imports is measured.
    from workers.engines.registry import load_engine  # noqa: PLC0415

    engine = load_engine("compact", cache=Path("unused"))
    engine.score(["The minister has a point."])
    print(_SCORED, flush=True)  # noqa: T201
    engine.score(sys.stdin.read().splitlines())
    print(peak_mib(os.getpid()), flush=True)  # noqa: T201


if __name__ == "__main__":
    _score()
