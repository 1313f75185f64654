"""One probability of spam: what weighs in it, what is told of it, what moves it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pytest
from scipy.sparse import csr_matrix

from moderation.domain.comment import Comment
from moderation.domain.signal import Scores, Span
from tests.builders import a_comment, a_site
from tests.spam.given import BASE_RATE, CURVE, card, model
from workers.engines.errors import ModelUnavailable
from workers.scorers.content import ContentScorer
from workers.scorers.spam import SpamScorer
from workers.spam.combination import INPUTS, Combination
from workers.spam.corrections import Correction
from workers.spam.self_promotion import ASKING, kinds_of_asking

SITE = a_site()
PLEA = "please subscribe to my channel"
WEIGHTS = {"own_work": 2.0, "follow": 1.0, "shortened_link": 3.0, "shouting": 0.1}


def content(**scores: float) -> "Content":
    return Content(Scores(scores, told={name: f"{name} it is" for name in scores}))


@dataclass
class Content:
    """Measures the same of every comment."""

    found: Scores

    def __call__(self, comments: Sequence[Comment]) -> list[Scores]:
        return [self.found for _ in comments]


@dataclass
class Moved:
    """Corrects one site's scores by so much, and remembers by what it was asked."""

    by: float
    version: int = 1
    asked: list[Mapping[str, float]] = field(default_factory=list)

    @property
    def signals(self) -> Mapping[str, float]:
        return {}

    def for_site(self, site_id: str) -> Correction | None:
        return self if site_id == SITE.id else None

    def shift(self, features: csr_matrix, signals: Mapping[str, float]) -> float:
        assert features.shape[0] == 1
        self.asked.append(signals)
        return self.by


def score(text: str, scorer: SpamScorer, **more: str) -> Scores:
    [scores] = scorer.score([replace(a_comment(SITE, text), **more)])  # type: ignore[arg-type]
    return scores


def test_the_probability_is_of_all_that_weighs() -> None:
    scorer = SpamScorer(model(WEIGHTS), content(shortened_link=1.0))

    scores = score(PLEA, scorer)

    assert scores["spam"] == pytest.approx(1 / (1 + 2.718281828**-4.0))  # -2 + 2 + 1 + 3
    assert scores["self_promotion"] == 1.0  # also a plea
    assert scores["spam_text"] == 0.5
    assert scores["shortened_link"] == 1.0
    assert scorer.base_rates == {"spam": BASE_RATE}


def test_what_weighed_most_is_told_the_heaviest_first() -> None:
    scores = score(PLEA, SpamScorer(model(WEIGHTS), content(shortened_link=1.0, shouting=1.0)))

    assert scores.told["spam"] == "; ".join(
        ["shortened_link it is", ASKING["own_work"], ASKING["follow"]]
    )
    assert scores.told["shouting"] == "shouting it is"


def test_words_that_speak_for_spam_are_told_as_such() -> None:
    scores = score("hello", SpamScorer(model({"text": 5.0}, text=8.0), content()))

    assert scores.told["spam"] == "reads like advertising"
    assert scores["spam_text"] > 0.99


def test_a_comment_with_nothing_in_it_is_told_nothing_of() -> None:
    scores = score("What a thoughtful article", SpamScorer(model(WEIGHTS), content()))

    assert "spam" not in scores.told
    assert scores["spam"] < BASE_RATE + 0.02


def test_places_of_what_was_found_stay() -> None:
    found = Scores({"link_density": 0.2}, places=(Span(0, 3, "link_density"),))

    assert score("abc", SpamScorer(model(WEIGHTS), Content(found))).places == found.places


def test_a_comment_in_an_unknown_language_keeps_what_is_no_matter_of_words() -> None:
    scorer = SpamScorer(model(WEIGHTS), content(shortened_link=1.0))

    assert score("Bitte abonnieren", scorer, language="de") == {"shortened_link": 1.0}


def test_comments_keep_their_order_among_those_that_cannot_be_read() -> None:
    scorer = SpamScorer(model(WEIGHTS), content())
    texts = [("guten Tag", "de"), (PLEA, "en"), ("bonjour", "fr"), ("thanks", None)]

    found = scorer.score([replace(a_comment(SITE, t), language=tongue) for t, tongue in texts])

    assert ["spam" in each for each in found] == [False, True, False, True]
    assert found[1]["spam"] > found[3]["spam"]


def test_a_site_is_corrected_by_what_its_own_moderators_taught() -> None:
    moved = Moved(-3.0)
    plain = SpamScorer(model(WEIGHTS), content(shouting=0.5))
    corrected = SpamScorer(model(WEIGHTS), content(shouting=0.5), moved)

    assert score(PLEA, corrected)["spam"] < 0.2 < score(PLEA, plain)["spam"]
    assert moved.asked == [{"shouting": 0.5}]
    elsewhere = [a_comment(a_site("Herald"), PLEA)]
    assert corrected.score(elsewhere) == plain.score(elsewhere)


def test_a_correction_that_weighs_is_told() -> None:
    scores = score("hello", SpamScorer(model(WEIGHTS), content(), Moved(2.0)))

    assert scores.told["spam"] == "this site's moderators found its like to be spam"


def test_one_more_piece_of_evidence_never_lowers_the_probability() -> None:
    chances = [
        score(PLEA, SpamScorer(model(WEIGHTS), content(shouting=share)))["spam"]
        for share in (0.0, 0.3, 1.0)
    ]

    assert chances == sorted(chances)


def test_a_content_signal_that_was_not_measured_adds_nothing() -> None:
    [bare] = model(WEIGHTS).opinions([PLEA], [{}])
    [zero] = model(WEIGHTS).opinions([PLEA], [dict.fromkeys(INPUTS[1:], 0.0)])

    assert bare.logit == zero.logit


def test_the_hash_tells_models_apart_that_weigh_differently() -> None:
    assert model(WEIGHTS).model_hash != model({**WEIGHTS, "follow": 1.1}).model_hash
    assert model(WEIGHTS).model_hash == model(WEIGHTS).model_hash


def test_what_a_card_tells_is_what_was_fitted() -> None:
    fitted = Combination(dict.fromkeys(INPUTS, 0.5), -1.0, CURVE)

    read = Combination.of(
        card(
            combination=fitted.told(),
            calibration={"form": "beta", "signals": {"spam": fitted.curve_told()}},
        )
    )

    assert read == fitted


@pytest.mark.parametrize("weight", [-0.1, float("nan"), float("inf"), "much"])
def test_a_card_with_a_weight_that_is_none_is_refused(weight: object) -> None:
    told = {"weights": {**dict.fromkeys(INPUTS, 0.5), "look": weight}, "offset": 0.0}
    curve = Combination({}, 0.0, CURVE).curve_told()

    with pytest.raises(ModelUnavailable, match="combines nothing"):
        Combination.of(card(combination=told, calibration={"signals": {"spam": curve}}))
    with pytest.raises(ModelUnavailable, match="combines nothing"):
        Combination.of(card())


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("have a look at our new web site", "own_work"),
        ("check this out", "look"),
        ("come and watch", "look"),
        ("sub4sub", "follow"),
        ("add me on snapchat", "follow"),
        ("thumbs up if you agree", "applause"),
        ("like this comment for no reason", "applause"),
        ("i made $5,000 in a week", "gain"),
        ("please help my brother", "plea"),
        ("hello everybody", "address"),
    ],
)
def test_each_kind_of_asking_is_known(text: str, kind: str) -> None:
    [scores] = [kinds_of_asking(text.replace("4", "0").replace("5", "0"))]

    assert scores[kind] == 1.0


@pytest.mark.parametrize(
    "text",
    [
        "I like this article and the pages before it.",
        "The minister should check the figures before he makes promises.",
        "Nobody follows the rules, and that is the whole problem.",
        "We watched the debate. People are free to say what they think.",
    ],
)
def test_readers_who_ask_for_nothing_promote_nothing(text: str) -> None:
    assert score(text, SpamScorer(model(WEIGHTS), ContentScorer().score))["self_promotion"] == 0.0
