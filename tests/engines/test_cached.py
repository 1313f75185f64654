"""The same text is read once: what is remembered, how much of it, and what is not."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from workers.engines.cached import CachedEngine
from workers.engines.card import ScorerCard
from workers.engines.errors import ModelUnavailable


@dataclass
class CountingEngine:
    """Scores a text by its length and its model's number; remembers what it read."""

    model: int = 1
    down: bool = False
    read: list[str] = field(default_factory=list)
    signals = ("toxicity", "insult")

    @property
    def model_hash(self) -> str:
        return str(self.model) * 64

    @property
    def card(self) -> ScorerCard:
        return ScorerCard("toy", "1", self.model_hash, self.signals, ("en",), "none", 8)

    def mark(self, text: str) -> list[tuple[int, int]]:
        return []

    def score(self, texts: Sequence[str]) -> list[dict[str, float]]:
        if self.down:
            raise ModelUnavailable("it is gone")
        self.read += texts
        return [{"toxicity": len(text) / 100, "insult": self.model / 10} for text in texts]


@dataclass
class Counts:
    hits: int = 0
    misses: int = 0

    def __call__(self, hits: int, misses: int) -> None:
        self.hits += hits
        self.misses += misses


def test_a_text_is_read_once_and_scored_each_time_in_its_place() -> None:
    engine, counts = CountingEngine(), Counts()
    cached = CachedEngine(engine, kept=10, counted=counts)

    first = cached.score(["a", "bb", "a"])
    again = cached.score(["bb", "ccc", "a", ""])

    assert engine.read == ["a", "bb", "ccc", ""]
    assert [each["toxicity"] for each in first] == [0.01, 0.02, 0.01]
    assert [each["toxicity"] for each in again] == [0.02, 0.03, 0.01, 0.0]
    assert again[0] == {"toxicity": 0.02, "insult": 0.1}
    assert (counts.hits, counts.misses) == (3, 4)


def test_what_somebody_does_with_scores_changes_none_that_are_remembered() -> None:
    cached = CachedEngine(CountingEngine(), kept=10)

    cached.score(["a"])[0]["toxicity"] = 0.9

    assert cached.score(["a"])[0]["toxicity"] == 0.01


def test_only_the_texts_asked_for_last_are_remembered() -> None:
    engine = CountingEngine()
    cached = CachedEngine(engine, kept=2)

    for text in ("a", "b", "a", "c"):  # so that b was asked for longest ago
        cached.score([text])
    engine.read.clear()
    cached.score(["a", "c"])
    assert engine.read == []
    cached.score(["b"])
    assert engine.read == ["b"]
    assert len(cached) == 2


def test_a_batch_larger_than_what_is_remembered_is_scored_whole() -> None:
    cached = CachedEngine(CountingEngine(), kept=2)

    scores = cached.score(["a", "bb", "ccc", "a"])

    assert [each["toxicity"] for each in scores] == [0.01, 0.02, 0.03, 0.01]
    assert len(cached) == 2


def test_a_failure_is_not_remembered() -> None:
    engine = CountingEngine(down=True)
    cached = CachedEngine(engine, kept=10)
    with pytest.raises(ModelUnavailable):
        cached.score(["a"])

    engine.down = False

    assert cached.score(["a"]) == [{"toxicity": 0.01, "insult": 0.1}]


def test_what_another_model_said_of_a_text_is_not_told() -> None:
    engine = CountingEngine()
    cached = CachedEngine(engine, kept=10)
    cached.score(["a"])

    engine.model = 2

    assert cached.score(["a"])[0]["insult"] == 0.2


def test_it_is_the_engine_that_it_stands_for_in_all_else() -> None:
    engine = CountingEngine()
    cached = CachedEngine(engine, kept=10)

    assert (cached.signals, cached.model_hash) == (engine.signals, engine.model_hash)
    assert cached.card == engine.card


def test_no_text_is_kept_and_an_odd_one_does_no_harm() -> None:
    cached = CachedEngine(CountingEngine(), kept=10)

    cached.score(["what nobody else may read", "\ud800"])

    assert all(isinstance(key, bytes) and len(key) == 32 for key in cached._scores)


def test_many_threads_may_ask_at_once() -> None:
    cached = CachedEngine(CountingEngine(), kept=5)
    texts = ["x" * (n % 9) for n in range(2_000)]

    with ThreadPoolExecutor(8) as pool:
        scores = list(pool.map(lambda text: cached.score([text])[0]["toxicity"], texts))

    assert scores == [len(text) / 100 for text in texts]
    assert len(cached) == 5
