"""The benchmarks still run: on a few comments, and nothing here depends on how long they take."""

from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from statistics import mean, median

import pytest
from sqlalchemy import Engine

from moderation.adapters.sql_store import sql_store
from moderation.settings import Settings
from tests.bench.beside_detoxify import loaded
from tests.bench.decisions_seen import DecisionsSeen
from tests.bench.draining import drained
from tests.bench.engines import beside
from tests.bench.fresh import fresh
from tests.bench.latency import submission_to_decision
from tests.bench.marking import cost
from tests.bench.pace import by_turns, pace
from tests.bench.running import service
from tests.bench.soak import KEYS, growth, series, under_load
from tests.bench.spam_signals import fill_traces, rows
from tests.bench.table import show
from tests.bench.texts import news_texts
from tests.engines.tiny import make_checkpoint
from workers.engines.onnx import OnnxEngine
from workers.engines.registry import SHIPPED
from workers.training.checkpoint import convert_named

_TEXTS = news_texts(6)
NAMES = (
    "accept_path",
    "draining",
    "engines",
    "latency",
    "marking",
    "spam_signals",
    "store_million",
    "worker",
)


def test_a_benchmark_drains_and_submits_comments_and_sees_each_decision() -> None:
    with service(scorers=1) as running, DecisionsSeen(running) as seen:
        at_once = drained(running, _TEXTS)
        one_by_one = submission_to_decision(running, [(0.01 * n, t) for n, t in enumerate(_TEXTS)])

        assert at_once.rate > 0
        assert at_once.cpu_ms > 0
        assert len(one_by_one) == len(_TEXTS)
        assert min(one_by_one) > 0
    assert len(seen.at) == 2 * len(_TEXTS)


@pytest.mark.parametrize("name", NAMES)
def test_a_benchmark_can_be_chosen_by_name(name: str) -> None:
    assert callable(import_module(f"tests.bench.{name}").main)


def test_a_soak_sees_every_program_and_the_keys_of_redis() -> None:
    with service(scorers=1) as running:
        samples = under_load(running, _TEXTS, rate=20, lasts_s=1, every_s=0.5)

        assert len(samples) >= 3
        assert samples[0][1].keys() == {*(f"{name}, MiB" for name in running.programs), KEYS}
        assert all(mib > 20 for _, mib in series(samples, "api, MiB"))


def test_growth_is_a_share_of_the_usual_for_ten_minutes() -> None:
    assert growth([(0, 100), (300, 100), (600, 100)]) == 0
    assert growth([(0, 198), (300, 200), (600, 202)]) == pytest.approx(0.02)
    assert growth([(0, 19), (300, 20), (600, 21)]) == pytest.approx(0.02)


def test_the_texts_are_the_same_each_time_and_as_long_as_comments_on_news() -> None:
    words = [len(text.split()) for text in news_texts(600)]

    assert news_texts(600) == news_texts(600)
    assert 39 <= median(words) <= 45
    assert 54 <= mean(words) <= 62


def test_the_cost_of_words_counts_the_score_too() -> None:
    assert cost(OnnxEngine(SHIPPED), 4, 1) > 1


def test_a_pace_counts_what_was_done() -> None:
    assert pace(lambda: sum(range(100_000)), 10).rate > 0


def test_ways_to_score_have_the_same_texts_by_turns() -> None:
    asked: list[tuple[str, object]] = []

    rates = by_turns(
        {name: partial(lambda name, texts: asked.append((name, texts)), name) for name in "ab"},
        _TEXTS,
        2,
    )

    assert asked == [("a", _TEXTS), ("b", _TEXTS)] * 2
    assert all(each["a"] > 0 and each["b"] > 0 for each in rates)


def test_detoxify_and_the_engine_made_from_its_checkpoint_are_compared(tmp_path: Path) -> None:
    checkpoint, folder = make_checkpoint("bert", tmp_path / "checkpoint"), tmp_path / "model"
    convert_named(str(checkpoint.path), folder, tmp_path)

    rows = beside("tiny", loaded(checkpoint.path, folder), _TEXTS, rounds=1)

    assert [what for what, _, _ in rows] == [
        "tiny: Detoxify one by one, comments/s",
        "tiny: engine one by one, comments/s",
        "**tiny: engine / Detoxify**",
    ]
    assert all(float(figure.strip("*")) > 0 for _, figure, _ in rows)


def test_a_fresh_process_tells_its_first_score_and_its_memory() -> None:
    found = fresh(_TEXTS)

    assert 0 < found.first_score_s < 60
    assert 50 < found.peak_mib < 200


def test_a_table_shows_the_promise_beside_the_figure(capsys: pytest.CaptureFixture[str]) -> None:
    show([("p50", "12 ms", "<= 60 ms"), ("p90", "40 ms", "")])

    assert "| p50 |    12 ms | <= 60 ms |" in capsys.readouterr().out


def test_what_spam_signals_cost_is_measured_over_stored_traces(
    sqlite_settings: Settings, engines: Callable[[Settings], Engine]
) -> None:
    engine = engines(sqlite_settings)
    site = fill_traces(engine, 300)

    found = rows(sql_store(engine), site, 16)

    assert len(found) == 14
    assert all(float(figure) > 0 for _, figure, _ in found)
