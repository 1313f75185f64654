"""Scores of texts that were read a while ago, so that the same text is read once."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from hashlib import sha256

from workers.engines.card import ScorerCard
from workers.engines.engine import Engine

Counted = Callable[[int, int], None]
"""Told of every look-up: how many texts were found, and how many had to be read."""


def count_nothing(hits: int, misses: int) -> None:
    """Keep no count."""


class CachedEngine:
    """Remembers what an engine made of the texts that were asked for last.

    It keeps digests of the model's hash and the canonical form, never a text, and no failure.
    For any thread; of threads that ask for the same new text at once, each reads it.
    """

    def __init__(self, engine: Engine, *, kept: int, counted: Counted = count_nothing) -> None:
        """Remember the scores of at most *kept* texts."""
        self._engine = engine
        self._most = kept
        self._counted = counted
        self._lock = threading.Lock()
        self._scores: OrderedDict[bytes, tuple[float, ...]] = OrderedDict()

    @property
    def signals(self) -> tuple[str, ...]:
        return self._engine.signals

    @property
    def model_hash(self) -> str:
        return self._engine.model_hash

    @property
    def card(self) -> ScorerCard:
        return self._engine.card

    def __len__(self) -> int:
        return len(self._scores)

    def score(self, texts: Sequence[str]) -> list[dict[str, float]]:
        keys = [self._key(text) for text in texts]
        scores = self._found(keys)
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in scores}
        self._counted(len(texts) - len(new), len(new))
        if new:
            read = self._engine.score(list(new.values()))
            for key, each in zip(new, read, strict=True):
                scores[key] = tuple(each[signal] for signal in self.signals)
            self._keep(new, scores)
        return [dict(zip(self.signals, scores[key], strict=True)) for key in keys]

    def mark(self, text: str) -> list[tuple[int, int]]:
        return self._engine.mark(text)

    def _key(self, text: str) -> bytes:
        """Digest a text, lone surrogates included, as this model reads it."""
        whole = f"{self.model_hash}:{text}"
        return sha256(whole.encode("utf-8", "surrogatepass")).digest()

    def _found(self, keys: Sequence[bytes]) -> dict[bytes, tuple[float, ...]]:
        with self._lock:
            known = [key for key in keys if key in self._scores]
            for key in known:
                self._scores.move_to_end(key)
            return {key: self._scores[key] for key in known}

    def _keep(self, keys: Collection[bytes], scores: Mapping[bytes, tuple[float, ...]]) -> None:
        with self._lock:
            for key in keys:
                self._scores[key] = scores[key]
                self._scores.move_to_end(key)
            while len(self._scores) > self._most:
                self._scores.popitem(last=False)
