"""A score that is a probability at one base rate is told for another by Bayes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.domain.base_rate import LEAST, MOST, at_base_rate

rates = st.floats(LEAST, MOST)
scores = st.floats(0.001, 0.999)


def test_what_is_counted_at_one_rate_comes_out_at_the_other() -> None:
    # Of 1,000 comments 100 are toxic; a score is reached by 80 of those and by 90 others.
    at_a_tenth = 80 / (80 + 90)
    # Where 30 of 1,000 are toxic, 24 of those reach it and 97 of the others.
    at_three_hundredths = 24 / (24 + 97)

    assert at_base_rate(at_a_tenth, stated=0.10, own=0.03) == pytest.approx(at_three_hundredths)


@given(scores, rates, rates)
def test_a_rarer_thing_is_less_likely_and_a_commoner_one_more(
    score: float, stated: float, own: float
) -> None:
    found = at_base_rate(score, stated=stated, own=own)

    assert 0.0 <= found <= 1.0
    assert (found > score) <= (own > stated)
    assert (found < score) <= (own < stated)


@given(scores, rates, rates)
def test_the_way_back_leads_to_the_score_that_was(score: float, stated: float, own: float) -> None:
    there = at_base_rate(score, stated=stated, own=own)

    assert at_base_rate(there, stated=own, own=stated) == pytest.approx(score, rel=1e-6)


@pytest.mark.parametrize("certain", [0.0, 1.0])
def test_what_is_certain_stays_so(certain: float) -> None:
    assert at_base_rate(certain, stated=MOST, own=LEAST) == certain
