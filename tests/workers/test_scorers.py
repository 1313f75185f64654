"""What the scorers measure, with a model that the test holds in its hand."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from moderation.errors import ScorerUnavailable
from tests.builders import a_comment, a_site
from workers.engines.card import ScorerCard
from workers.engines.errors import ModelUnavailable
from workers.scorers.content import ContentScorer
from workers.scorers.honeypot import HoneypotScorer
from workers.scorers.toxicity import ToxicityScorer

SITE = a_site()


def card(*languages: str) -> ScorerCard:
    return ScorerCard(
        name="toy",
        version="1",
        sha256="a" * 64,
        signals=("toxicity",),
        languages=languages,
        licence="none",
        token_limit=8,
    )


@dataclass
class ToyEngine:
    """Scores a text by its length and remembers what it read."""

    card: ScorerCard
    down: bool = False
    read: list[str] = field(default_factory=list)
    signals = ("toxicity",)
    model_hash = "a" * 64

    def mark(self, text: str) -> list[tuple[int, int]]:
        return []

    def score(self, texts: Sequence[str]) -> list[dict[str, float]]:
        if self.down:
            raise ModelUnavailable("it is gone")
        self.read += texts
        return [{"toxicity": len(text) / 100} for text in texts]


def test_the_model_reads_what_a_reader_sees() -> None:
    engine = ToyEngine(card())

    ToxicityScorer(engine).score([a_comment(SITE, "\uff59\uff4f\uff55 f\u043eol")])

    assert engine.read == ["you fool"]


def test_a_comment_in_a_language_that_the_model_never_learnt_gets_no_signal() -> None:
    engine = ToyEngine(card("en", "fr"))
    comments = [
        a_comment(SITE, "a", language="en-GB"),
        a_comment(SITE, "bb", language="de"),
        a_comment(SITE, "abc", language="FR_ca"),
        a_comment(SITE, "abcd"),
    ]

    scores = ToxicityScorer(engine).score(comments)

    assert scores == [{"toxicity": 0.01}, {}, {"toxicity": 0.03}, {"toxicity": 0.04}]


def test_a_model_of_unknown_languages_scores_all() -> None:
    [scores] = ToxicityScorer(ToyEngine(card())).score([a_comment(SITE, "a", language="de")])

    assert scores == {"toxicity": 0.01}


def test_a_model_that_fails_is_an_unavailable_scorer() -> None:
    scorer = ToxicityScorer(ToyEngine(card(), down=True))

    assert scorer.model_hash == "a" * 64
    with pytest.raises(ScorerUnavailable, match="toxicity"):
        scorer.score([a_comment(SITE)])


def test_a_filled_honeypot_scores_one() -> None:
    comments = [a_comment(SITE, honeypot=True), a_comment(SITE)]

    assert HoneypotScorer().score(comments) == [{"honeypot": 1.0}, {"honeypot": 0.0}]


@pytest.mark.parametrize(("links", "density"), [(0, 0.0), (1, 0.2), (5, 1.0), (9, 1.0)])
def test_link_density_rises_to_one_at_five_links(links: int, density: float) -> None:
    text = " ".join(["see", *(f"https://site{n}.example/" for n in range(links))])

    [scores] = ContentScorer().score([a_comment(SITE, text)])

    assert scores["link_density"] == density
