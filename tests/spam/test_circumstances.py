"""A site's correction may read what only the circumstances of a comment tell."""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from scipy.sparse import csr_matrix

from moderation.domain.signal import Scores
from moderation.ports.scorer import Scorer
from tests.builders import a_comment, a_site
from tests.fakes import DownScorer, FixedScorer
from workers.scorers.spam import SpamScorer
from workers.spam.corrections import Correction
from workers.spam.model import SpamModel


@dataclass(frozen=True)
class ByDomain:
    """``Corrections`` of a site that has learnt of bad domains, or of none."""

    signals: Mapping[str, float]
    version: int = 1

    def for_site(self, site_id: str) -> Correction | None:
        return self if site_id else None

    def shift(self, features: csr_matrix, signals: Mapping[str, float]) -> float:
        assert features.shape[0] == 1
        return sum(weight * signals.get(name, 0.0) for name, weight in self.signals.items())


def spam(*circumstances: Scorer, signals: Mapping[str, float]) -> float:
    scorer = SpamScorer(
        SpamModel.read(),
        lambda comments: [Scores({}) for _ in comments],
        ByDomain(signals),
        circumstances,
    )
    [scores] = scorer.score([a_comment(a_site(), "A fair point")])
    return scores["spam"]


BAD_DOMAIN = FixedScorer({"bad_domain": 1.0})


def test_a_site_that_learnt_of_domains_has_them_weighed() -> None:
    learnt = {"bad_domain": 1.5}

    assert spam(BAD_DOMAIN, signals=learnt) > spam(signals=learnt)
    assert spam(BAD_DOMAIN, signals={}) == spam(signals={})


def test_what_cannot_be_known_now_has_no_part() -> None:
    learnt = {"bad_domain": 1.5}

    assert spam(DownScorer(), BAD_DOMAIN, signals=learnt) == pytest.approx(
        spam(BAD_DOMAIN, signals=learnt)
    )
