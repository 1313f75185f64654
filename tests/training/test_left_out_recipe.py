"""The sources that are left out one by one are those of the mixture."""

from pathlib import Path

import pytest

from tests.training.given import small_data
from tests.training.test_train import RECIPE, TEXTS, small_model
from workers.training import train as training
from workers.training.data import fingerprint, held_out
from workers.training.left_out_recipe import TAKE, sources, teaching


def test_every_source_is_drawn_without_a_dev_text(tmp_path: Path) -> None:
    data = small_data(tmp_path)

    pools = sources(data, seed=1, share=1.0)

    assert pools.keys() == {*TAKE, "civil_news"}
    assert all(pools.values())
    assert not held_out(data) & {fingerprint(e.text) for pool in pools.values() for e in pool}


def test_what_was_taught_scores_every_text_the_same_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "fresh_model", small_model)
    texts = [e.text for e in TEXTS[:40]]

    score = teaching(RECIPE)(TEXTS, tmp_path)
    again = teaching(RECIPE)(TEXTS, tmp_path)

    assert len(score(texts)) == len(texts)
    assert all(0.0 <= each <= 1.0 for each in score(texts))
    assert score(texts) == again(texts)
