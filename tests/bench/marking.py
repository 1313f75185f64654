"""What it costs to mark the words of a text, beside scoring it. One thread, the shipped model."""

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Final

from tests.bench.table import show
from tests.bench.texts import news_texts
from workers.engines.onnx import OnnxEngine
from workers.engines.registry import SHIPPED

_TEXTS: Final = 100
_ROUNDS: Final = 5


def main() -> None:
    engine = OnnxEngine(SHIPPED)
    show([("score and words, beside a score", f"{cost(engine, _TEXTS, _ROUNDS):.2f}", "≤ 3")])


def cost(engine: OnnxEngine, texts: int, rounds: int) -> float:
    """Return how many times a score's time a score and the words take, in the median round."""
    read = news_texts(texts)
    ratios = []
    for _ in range(rounds):
        scoring = _took(lambda: engine.score(read))
        marking = _took(lambda: [engine.mark(text) for text in read])
        ratios.append((scoring + marking) / scoring)
    return median(ratios)


def _took(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began
