"""What the scorers measure, with a model that the test holds in its hand."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from moderation.domain.comment import Article, Author
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


def test_the_lists_that_ship_are_looked_up() -> None:
    text = "I love your weblog, a fastidious piece of writing: bit.ly/x http://1x-slots.site/"

    [scores] = ContentScorer().score([a_comment(SITE, text)])

    for signal in ("shortened_link", "blocked_link", "blocked_phrase"):
        assert scores[signal] == 1.0


@pytest.mark.parametrize("link", ["youtu.be/x", "https://nyti.ms/x", "dw.com/en", "t.me/x"])
def test_links_that_say_where_they_lead_are_on_no_list(link: str) -> None:
    [scores] = ContentScorer().score([a_comment(SITE, f"see {link}")])

    assert scores["shortened_link"] == scores["blocked_link"] == 0.0


def test_the_article_tells_which_links_are_the_sites_own_and_the_author_may_have_one() -> None:
    article = Article(url="https://gazette.com/a1")
    comments = [
        a_comment(SITE, "see gazette.com/b", article=article),
        a_comment(SITE, "see gazette.com/b"),
        a_comment(SITE, author=Author(url="https://bit.ly/x")),
    ]

    own, strange, by_author = ContentScorer().score(comments)

    assert (own["link_share"], own["disguised_link"]) == (0.0, 0.0)
    assert (strange["link_share"] > 0.5, strange["disguised_link"]) == (True, 0.25)
    assert by_author["shortened_link"] == 1.0
    assert by_author.told == {"shortened_link": "a link through a shortener"}
