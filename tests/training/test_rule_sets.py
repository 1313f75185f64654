"""The default policy's thresholds are told in one place, and what they do together is measured."""

import re
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from moderation.domain.policy_document import DEFAULT_DOCUMENT
from workers.engines.card import ScorerCard
from workers.engines.folder import CARD
from workers.engines.registry import SHIPPED
from workers.training.data import LABELS
from workers.training.rule_sets import (
    CANDIDATES,
    as_markdown,
    card_thresholds,
    of_policy,
    reached,
    together,
)
from workers.training.scored import ScoredSet
from workers.training.thresholds import NEWS, SETS, TERMS

PAGE: Final = Path(__file__).parents[2] / "docs" / "scorers" / "compact.md"
MOST_ABOVE_THE_MEAN: Final = 0.05
"""Share of harmless sentences, by which a term may be held more often than all terms are."""


def scored(name: str, labels: list[float], **scores: list[float]) -> ScoredSet:
    """Make a set of texts about a group; signals that are not given are 0."""
    rows = [{"text": "Angela is a kind reader", "template": "name_adj"} for _ in labels]
    columns = {s: np.array(scores.get(s, [0.0] * len(labels))) for s in LABELS}
    return ScoredSet(name, rows, columns, {"toxicity": np.array(labels)})


@pytest.fixture
def news() -> ScoredSet:
    """Return two toxic texts, two harmless ones, and one without a label."""
    return scored(
        NEWS,
        [1.0, 1.0, 0.0, 0.0, float("nan")],
        toxicity=[0.9, 0.1, 0.2, 0.1, 0.9],
        threat=[0.0, 0.8, 0.7, 0.0, 0.0],
    )


def test_a_text_is_held_when_any_signal_reaches_its_own_threshold(news: ScoredSet) -> None:
    held = reached(news, {"toxicity": 0.9, "threat": 0.7})

    assert held.tolist() == [True, True, True, False, True]


def test_rules_together_are_measured_on_texts_with_a_label(news: ScoredSet) -> None:
    found = together(news, {"toxicity": 0.9, "threat": 0.7})

    assert (found.recall, found.false_alarms, found.held) == (1.0, 0.5, 0.75)


def test_every_candidate_has_a_line(news: ScoredSet) -> None:
    calm = scored(TERMS, [0.0, 0.0], toxicity=[0.1, 0.9])

    lines = as_markdown({name: calm if name == TERMS else news for name in SETS}).splitlines()

    assert len(lines) == len(CANDIDATES) + 2
    assert all(line.endswith("reader 50% |") for line in lines[2:])


def test_a_share_of_no_texts_is_left_out_of_the_card() -> None:
    harmless = scored(NEWS, [0.0, 0.0], toxicity=[0.99, 0.1], severe_toxicity=[0.9, 0.0])

    found = card_thresholds({NEWS: harmless})

    assert found["measured"]["hold"][NEWS] == {"false_alarms": 0.5}
    assert found["measured"]["reject"][NEWS] == {"false_alarms": 0.5}


@pytest.fixture(scope="module")
def shipped() -> ScorerCard:
    """Return the card of the model that ships."""
    return ScorerCard.read(SHIPPED / CARD)


def test_the_default_policy_is_a_candidate_that_was_weighed() -> None:
    held = of_policy("hold", DEFAULT_DOCUMENT)

    assert tuple(held[label] for label in LABELS) in CANDIDATES


def test_the_card_tells_the_thresholds_of_the_default_policy(shipped: ScorerCard) -> None:
    assert shipped.thresholds["hold"] == of_policy("hold", DEFAULT_DOCUMENT)
    assert shipped.thresholds["reject"] == of_policy("reject", DEFAULT_DOCUMENT)


def test_no_terms_harmless_sentences_are_held_far_more_often_than_others(
    shipped: ScorerCard,
) -> None:
    rates: dict[str, float] = shipped.figures[TERMS]["false_alarms_by_term"]

    assert max(rates.values()) - np.mean(list(rates.values())) <= MOST_ABOVE_THE_MEAN


def test_the_page_is_about_the_weights_that_ship(shipped: ScorerCard) -> None:
    page = PAGE.read_text("utf-8")

    assert f"compact version {shipped.version}," in page
    assert shipped.sha256 in page
    assert shipped.how_trained in page


def test_the_page_shows_every_calibration_error_of_the_card(shipped: ScorerCard) -> None:
    page = PAGE.read_text("utf-8")

    for signal, told in shipped.calibration["signals"].items():
        rows = re.findall(
            rf"^\| `{signal}` \| [\d.]+% \|.* ([\d.]+) \| ([\d.]+) \|$", page, re.MULTILINE
        )
        assert rows == [
            (f"{error['before']:.4f}", f"{error['after']:.4f}") for error in told["error"].values()
        ]


def test_the_page_shows_the_figures_of_the_card(shipped: ScorerCard) -> None:
    page = PAGE.read_text("utf-8")

    for name, found in shipped.figures.items():
        row = re.search(rf"^\| {name} \|(.*)\|$", page, re.MULTILINE)
        assert row, name
        shown = [cell.strip() for cell in row[1].split("|")]
        alarms = [str(found["false_alarms"][at]) for at in ("0.50", "0.70", "0.80")]
        assert shown == [
            f"{found['texts']:,}",
            str(found.get("mean_auc", "")),
            str(found.get("auc", {}).get("toxicity", "")),
            *alarms,
        ]
