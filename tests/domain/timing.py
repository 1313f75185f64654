"""How long a call takes at its best."""

import sys
from collections.abc import Callable
from time import process_time


def best_seconds(call: Callable[[], object], *, enough: float, runs: int = 30) -> float:
    """Return the least processor time of several runs, without the cost of a coverage tracer.

    It stops at the first that takes less than *enough*: others at work on the machine make
    a run take longer, never shorter.
    """
    tracer = sys.gettrace()
    sys.settrace(None)
    try:
        best = _seconds(call)
        for _ in range(runs):
            if best < enough:
                break
            best = min(best, _seconds(call))
        return best
    finally:
        sys.settrace(tracer)


def _seconds(call: Callable[[], object]) -> float:
    begun = process_time()
    call()
    return process_time() - begun
