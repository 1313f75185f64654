"""Working stand-ins for scorers and wake-ups."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from moderation.domain.comment import Comment
from moderation.errors import ScorerUnavailable


@dataclass
class FixedScorer:
    """Gives every comment the same scores; *meanwhile* happens while it measures."""

    scores: Mapping[str, float]
    name: str = "fixed"
    model_hash: str | None = None
    base_rates: Mapping[str, float] = field(default_factory=dict)
    meanwhile: Callable[[], object] = lambda: None

    def score(self, comments: Sequence[Comment]) -> list[dict[str, float]]:
        self.meanwhile()
        return [dict(self.scores) for _ in comments]


@dataclass
class WordScorer:
    """Gives a comment the score of the last listed word that it contains, else *otherwise*."""

    words: Mapping[str, float]
    signal: str = "toxicity"
    otherwise: float = 0.0
    name: str = "words"
    model_hash: str | None = "0" * 64
    base_rates: Mapping[str, float] = field(default_factory=dict)

    def score(self, comments: Sequence[Comment]) -> list[dict[str, float]]:
        return [{self.signal: self._score(comment.body)} for comment in comments]

    def _score(self, text: str) -> float:
        found = [score for word, score in self.words.items() if word in text]
        return found[-1] if found else self.otherwise


@dataclass
class WordListMarker:
    """``ports.WordMarker`` that marks the listed words; *broken* is raised instead."""

    words: tuple[str, ...]
    signals: tuple[str, ...] = ("toxicity",)
    broken: Exception | None = None
    asked: int = 0

    def mark(self, comment: Comment) -> list[tuple[int, int]]:
        self.asked += 1
        if self.broken is not None:
            raise self.broken
        found = [(comment.body.find(word), len(word)) for word in self.words]
        return sorted((at, at + length) for at, length in found if at >= 0)


GERMAN = "Das war doch Unsinn."


def german_recognised(text: str) -> str | None:
    """Recognise one sentence."""
    return "de" if text == GERMAN else None


@dataclass
class EnglishScorer:
    """Gives no signal to what it is told to be in another language than English."""

    toxicity: float = 0.1
    name: str = "english"
    model_hash: str | None = "e" * 64
    base_rates: Mapping[str, float] = field(default_factory=dict)

    def score(self, comments: Sequence[Comment]) -> list[dict[str, float]]:
        known = (comment.language in {None, "en"} for comment in comments)
        return [{"toxicity": self.toxicity} if each else {} for each in known]


@dataclass
class DownScorer:
    """Never available."""

    name: str = "down"
    model_hash: str | None = None
    base_rates: Mapping[str, float] = field(default_factory=dict)

    def score(self, comments: Sequence[Comment]) -> list[dict[str, float]]:
        raise ScorerUnavailable(self.name, "out of order")


@dataclass
class RecordedJobs:
    """Remembers what was asked for."""

    scored: list[str] = field(default_factory=list)
    delivered: int = 0

    def score(self, comment_id: str) -> None:
        self.scored.append(comment_id)

    def deliver(self) -> None:
        self.delivered += 1
