"""The spam model that ships: small, quick, lean, and exact about itself."""

import json
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any, Final

import numpy as np
import pytest

from moderation.domain.policy_document import DEFAULT_DOCUMENT
from moderation.domain.spam.content import CONTENT
from tests.builders import a_comment, a_site
from tests.evaluation.given import TODAY, Bars
from workers.engines.card import ScorerCard
from workers.engines.folder import CARD, SUMS, sha256_of
from workers.evaluation.held import thresholds_of
from workers.evaluation.spam import evaluate_spam
from workers.scorers.content import ContentScorer
from workers.scorers.spam import SpamScorer
from workers.spam.combination import CONTENT_INPUTS, INPUTS
from workers.spam.model import SHIPPED_SPAM, SpamModel
from workers.spam.text_model import FEATURES, WEIGHTS, TextModel

DATA: Final = Path(__file__).parents[3] / "shared" / "data"
LARGEST_BYTES: Final = 3 * 1024 * 1024
MOST_ALARMS: Final = 0.005
ONE_TEXT: Final = 0.0022
"""By so much the share of 474 harmless news comments moves when one of them tips."""

SITE: Final = a_site()
ADVERTISING: Final = (
    "Check out my new channel and please subscribe, I post covers every week!",
    "I made $5,000 in a week trading forex with Mr. Paul, message him on WhatsApp +44 7700 900123",
    "Free gift cards here http://bit.ly/3xYz click now",
)
HONEST: Final = (
    "What a thoughtful article, thank you.",
    "The council met on Tuesday and agreed to widen the road along the river.",
    "I checked the figures in the report: he is right, rents rose by 12% last year.",
    "The full text of the bill is at https://www.legislation.gov.uk/ukpga/2010/15, and section 4 "
    "says the opposite of what the minister claims.",
)
LEAN: Final = """
import json, sys
from workers.spam.model import SpamModel
[opinion] = SpamModel.read().opinions(["Subscribe to my channel"], [{}])
print(json.dumps([opinion.logit, sorted({"sklearn", "torch", "pandas"} & set(sys.modules))]))
"""


@pytest.fixture(scope="module")
def scorer() -> SpamScorer:
    return SpamScorer(SpamModel.read(), ContentScorer().score)


@pytest.fixture(scope="module")
def hold() -> float:
    return thresholds_of("hold", DEFAULT_DOCUMENT, ("spam",))["spam"]


def test_it_is_small_and_is_what_its_card_and_sums_say() -> None:
    card = ScorerCard.read(SHIPPED_SPAM / CARD)
    sums = dict(line.split("  ")[::-1] for line in (SHIPPED_SPAM / SUMS).read_text().splitlines())

    assert (SHIPPED_SPAM / WEIGHTS).stat().st_size <= LARGEST_BYTES
    assert card.sha256 == sums[WEIGHTS] == sha256_of(SHIPPED_SPAM / WEIGHTS)
    assert sums[CARD] == sha256_of(SHIPPED_SPAM / CARD)


def test_its_card_tells_every_weight_the_base_rate_and_the_policys_thresholds() -> None:
    card = ScorerCard.read(SHIPPED_SPAM / CARD)

    assert set(card.combination["weights"]) == set(INPUTS)
    assert card.combination["features"] == FEATURES == TextModel.features_version
    assert card.calibration["signals"]["spam"]["base_rate"] == card.thresholds["base_rate"]
    for action in ("hold", "reject"):
        chosen = thresholds_of(action, DEFAULT_DOCUMENT, ("spam",))
        assert card.thresholds[action] == chosen["spam"]


def test_every_content_signal_is_weighed_but_that_which_needs_the_site() -> None:
    assert set(CONTENT) - set(CONTENT_INPUTS) == {"lookalike_link"}


def test_the_card_tells_that_what_was_asked_of_it_holds() -> None:
    """Judged across videos; false alarms on comments of which none was taught."""
    figures = ScorerCard.read(SHIPPED_SPAM / CARD).figures

    assert figures["across_videos"]["mean_auc"] >= 0.97
    assert figures["across_videos"]["mean_f1"]["hold"] >= 0.93
    for name, told in figures["false_alarms"].items():
        assert told["at"]["hold"] <= MOST_ALARMS, name


@pytest.mark.parametrize("text", ADVERTISING)
def test_advertising_is_held_with_a_reason(text: str, scorer: SpamScorer, hold: float) -> None:
    [scores] = scorer.score([a_comment(SITE, text)])

    assert scores["spam"] >= hold
    assert scores.told["spam"]


@pytest.mark.parametrize("text", HONEST)
def test_honest_comments_are_not_held(text: str, scorer: SpamScorer, hold: float) -> None:
    [scores] = scorer.score([a_comment(SITE, text)])

    assert scores["spam"] < hold / 2


def test_every_score_lies_between_nought_and_one(scorer: SpamScorer) -> None:
    odd = ["\ud800 x", "\U0001f595" * 50, "x" * 5_000, "?!" * 100, "\u6c49\u5b57" * 100, "<a href="]

    for scores in scorer.score([a_comment(SITE, text) for text in odd]):
        assert all(0.0 <= score <= 1.0 for score in scores.values())


def test_a_process_needs_no_scikit_learn_to_score() -> None:
    done = subprocess.run([sys.executable, "-c", LEAN], capture_output=True, text=True, check=True)
    logit, heavy = json.loads(done.stdout)

    assert heavy == []
    assert logit > 0


def test_a_comment_takes_about_a_millisecond() -> None:
    """The model is to take 1 ms; a loaded machine gets more time here."""
    model, comment = SpamModel.read(), " ".join(HONEST[1:3])
    model.opinions([comment], [{}])
    took = []
    for _ in range(200):
        began = time.perf_counter()
        model.opinions([comment], [{}])
        took.append(time.perf_counter() - began)

    assert median(took) < 0.005


@pytest.mark.skipif(not DATA.is_dir(), reason="needs the data sets of `make train`")
def test_the_cards_figures_are_what_the_model_does() -> None:
    model = SpamModel.read()
    files = {"civil_news_dev": DATA / "dev" / "civil_news_dev.csv.gz"}

    found: dict[str, Any] = evaluate_spam(
        model, files, limit=None, begin=Bars().begin, today=TODAY
    )["clean"]["civil_news_dev"]

    told = model.card.figures["false_alarms"]["civil_news_dev"]
    assert found["texts"] == told["texts"]
    for threshold, share in told["reaching"].items():
        assert found["reaching"][threshold] == pytest.approx(share, abs=ONE_TEXT)


@pytest.mark.skipif(not DATA.is_dir(), reason="needs the data sets of `make train`")
def test_it_tells_the_spam_that_it_was_taught_from_what_stood_beside_it() -> None:
    name = "youtube_comment_spam"
    files = {name: DATA / "train" / f"{name}.csv.gz"}

    found = evaluate_spam(SpamModel.read(), files, limit=300, begin=Bars().begin, today=TODAY)

    assert found["labelled"][name]["taught"]
    assert found["labelled"][name]["auc"] >= 0.99
    assert np.isclose(found["at"]["base_rate"], 0.1)
