"""Thresholds are recommended by what they do to harmless texts, whatever scale scores have."""

import numpy as np
import pytest

from workers.evaluation.metrics import Numbers
from workers.training.data import LABELS
from workers.training.recommend import NEVER, as_text, recommend
from workers.training.scored import ScoredSet
from workers.training.thresholds import NEWS, POLITE, TALK, TERMS


def scored(name: str, scores: Numbers, *, toxic: int) -> ScoredSet:
    """Make a set whose last *toxic* texts are toxic; each signal gives the same scores."""
    labels = np.zeros(len(scores))
    labels[len(scores) - toxic :] = 1.0
    rows = [{"text": "Ann is a kind reader", "template": "name_adj"} for _ in scores]
    return ScoredSet(name, rows, dict.fromkeys(LABELS, scores), dict.fromkeys(LABELS, labels))


def sets(**changed: Numbers) -> dict[str, ScoredSet]:
    harmless = np.linspace(0.0, 0.5, 1_000)
    toxic = np.linspace(0.3, 1.0, 100)
    both = np.concatenate([harmless, toxic])
    found = {name: scored(name, both, toxic=100) for name in (NEWS, TALK)}
    found[POLITE] = scored(POLITE, np.linspace(0.0, 0.2, 1_000), toxic=0)
    found[TERMS] = scored(TERMS, np.linspace(0.0, 0.3, 1_000), toxic=0)
    return found | {name: scored(name, scores, toxic=0) for name, scores in changed.items()}


def test_the_lowest_threshold_that_holds_no_more_harmless_texts_is_recommended() -> None:
    found = recommend(sets(), LABELS)

    # 2.74 % of harmless news comments may be held for toxicity, 0.06 % for an attack.
    assert found["hold"]["toxicity"] == 0.5
    assert found["hold"]["identity_attack"] == 0.51
    assert found["hold"]["severe_toxicity"] == 0.51
    assert found["reject"] == {"severe_toxicity": 0.76}
    assert list(found["hold"]) == list(LABELS)


@pytest.mark.parametrize(
    ("name", "scores"),
    [(TERMS, np.linspace(0.4, 0.8, 1_000)), (POLITE, np.linspace(0.0, 0.8, 1_000))],
)
def test_toxicity_spares_groups_of_people_and_polite_questions(name: str, scores: Numbers) -> None:
    plain, found = recommend(sets(), LABELS), recommend(sets(**{name: scores}), LABELS)

    assert found["hold"]["toxicity"] > plain["hold"]["toxicity"]
    assert found["hold"]["threat"] == plain["hold"]["threat"]


def test_where_no_threshold_will_do_none_is_recommended() -> None:
    found = recommend(sets(**{TERMS: np.ones(1_000)}), LABELS)

    assert found["hold"]["toxicity"] == NEVER


def test_what_they_do_is_told_beside_the_policy_in_force() -> None:
    told = as_text(recommend(sets(), LABELS), sets())

    assert '{"signal": "toxicity", "at_least": 0.5, "action": "hold"},' in told
    assert "hold, found: " in told
    assert "hold, now: " in told
    assert "worst term reader" in told
