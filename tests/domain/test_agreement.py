import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.domain.agreement import agreement

pairs = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=40)


def test_scores_in_the_same_order_agree_at_every_threshold() -> None:
    old = [0.1, 0.4, 0.6, 0.9]

    found = agreement(old, [score**2 for score in old], thresholds=[0.5, 0.8], most=9)

    assert found.spearman == pytest.approx(1.0)
    assert found.pearson is not None
    assert 0.9 < found.pearson < 1.0
    assert [row.here for row in found.thresholds] == [0.6**2, 0.9**2]
    assert [row.alike for row in found.thresholds] == [1.0, 1.0]
    assert found.differing == ()


def test_a_threshold_that_flagged_nothing_has_none_here() -> None:
    [row] = agreement([0.1, 0.2], [0.9, 0.8], thresholds=[0.5], most=0).thresholds

    assert (row.here, row.flagged, row.flagged_here) == (None, 0, 0)
    assert row.unchanged == 1.0


def test_texts_whose_places_lie_furthest_apart_come_first() -> None:
    found = agreement([0.1, 0.2, 0.3, 0.9], [0.9, 0.2, 0.3, 0.4], thresholds=[], most=2)

    assert found.differing[0] == 0
    assert found.old_ranks[0] == pytest.approx(0.125)
    assert found.ranks_here[0] == pytest.approx(0.875)


def test_without_texts_there_is_nothing_to_compare() -> None:
    with pytest.raises(ValueError, match="no text"):
        agreement([], [], thresholds=[], most=1)


def test_scores_that_are_all_the_same_correlate_with_nothing() -> None:
    found = agreement([0.5, 0.5], [0.1, 0.9], thresholds=[], most=0)

    assert (found.pearson, found.spearman) == (None, None)


@given(pairs, st.floats(0, 1))
def test_no_fewer_texts_are_flagged_here_and_more_only_for_ties(
    given_pairs: list[tuple[float, float]], threshold: float
) -> None:
    old, here = [one for one, _ in given_pairs], [other for _, other in given_pairs]

    [row] = agreement(old, here, thresholds=[threshold], most=0).thresholds

    assert row.flagged_here >= row.flagged
    if len(set(here)) == len(here):
        assert row.flagged_here == row.flagged
