"""Waiting for what another thread or process brings about."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

_POLL_S = 0.02


def eventually(predicate: Callable[[], T], *, within_s: float = 10.0) -> T:
    """Return the first truthy value of *predicate*.

    An AssertionError raised inside counts as not yet, and fails the test if it is still raised
    after *within_s*; so the predicate may hold assertions.
    """
    deadline = time.monotonic() + within_s
    while True:
        try:
            value = predicate()
        except AssertionError:
            if time.monotonic() >= deadline:
                raise
        else:
            if value:
                return value
            if time.monotonic() >= deadline:
                raise AssertionError(f"not within {within_s} s; the last value was {value!r}")
        time.sleep(_POLL_S)
