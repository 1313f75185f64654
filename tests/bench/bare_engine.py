"""The engine and nothing else, in every way in which it can use two cores."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from tests.bench.pace import Drain
from workers.engines.onnx import OnnxEngine
from workers.engines.registry import SHIPPED, load_engine

PROCESSES: Final = "two processes, a thread each"
THREADS: Final = "one process, two texts at a time"
SPLIT: Final = "one process, each text by two threads"
ALONE: Final = "one process, one thread"

_AT_ONCE: Final = 16
"""Texts handed to a process at a time: so few that both end together."""

_loaded: list[OnnxEngine] = []


@contextmanager
def ways() -> Iterator[dict[str, Drain]]:
    """Yield what scores texts, for each way, with the model loaded and warm."""
    one, two = (OnnxEngine(SHIPPED, threads=count) for count in (1, 2))
    with (
        ProcessPoolExecutor(2, get_context("spawn"), initializer=_load) as processes,
        ThreadPoolExecutor(2) as threads,
    ):
        drains: dict[str, Drain] = {
            PROCESSES: _over(processes, _score_here),
            THREADS: _over(threads, lambda text: one.score([text])),
            SPLIT: two.score,
            ALONE: one.score,
        }
        for drain in drains.values():
            drain(["Warm up, please."] * 4 * _AT_ONCE)
        yield drains


def _over(pool: Executor, score: Callable[[str], object]) -> Drain:
    def drain(texts: Sequence[str]) -> object:
        return list(pool.map(score, texts, chunksize=_AT_ONCE))

    return drain


def _load() -> None:
    engine = load_engine("compact", cache=Path("unused"))
    assert isinstance(engine, OnnxEngine)
    _loaded.append(engine)


def _score_here(text: str) -> object:
    return _loaded[0].score([text])
