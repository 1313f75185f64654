"""Figures about scores are right, and those in the shipped card are what the model does."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

from tests.evaluation.given import TODAY, Bars
from tests.training.given import write
from workers.engines.card import ScorerCard
from workers.engines.onnx import OnnxEngine
from workers.engines.registry import SHIPPED
from workers.evaluation.evaluate import evaluate, holding, score_sets
from workers.evaluation.figures import set_figures
from workers.evaluation.terms import widest_gap
from workers.training.data import LABELS
from workers.training.evaluate import as_text, by_term, report
from workers.training.quantised import compare
from workers.training.scored import as_comments_are_read, sample, score_set
from workers.training.thresholds import NEWS, SETS, as_markdown, table

DATA: Final = Path(__file__).parents[3] / "shared" / "data"
LEAST_DIFFERENCE: Final = 0.002
"""Processors round the eight-bit products differently."""

ONE_TEXT: Final = 0.009
"""By so much a share moves when rounding tips one of the 129 toxic texts."""


class Counting:
    """Scores a text by how many times it says idiot; half of that for the other signals."""

    signals = LABELS
    model_hash = "0" * 64
    card = ScorerCard("counting", "1", "0" * 64, LABELS, (), "Apache-2.0", 128)

    def score(self, texts: Sequence[str]) -> list[dict[str, float]]:
        counted = [min(text.count("idiot") / 2, 1.0) for text in texts]
        return [{s: n if s == "toxicity" else n / 2 for s in LABELS} for n in counted]

    def mark(self, text: str) -> list[tuple[int, int]]:
        return [found.span() for found in re.finditer("idiot", text)]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a data folder with the dev sets of thresholds, four texts each."""
    rows = [
        {"text": "thanks", **dict.fromkeys(LABELS, 0)},
        {"text": "an idiot is mentioned", **dict.fromkeys(LABELS, 0)},
        {"text": "idiot, idiot", **dict.fromkeys(LABELS, 1)},
        {"text": "hm", "toxicity": "", "threat": 0},
    ]
    for name in SETS:
        write(tmp_path / "dev" / f"{name}.csv.gz", rows)
    return tmp_path


def test_a_set_is_measured_on_the_rows_that_are_labelled(data: Path) -> None:
    found = report([score_set(Counting(), data, NEWS)], hold=0.5)

    assert found[NEWS]["texts"] == 4
    assert found[NEWS]["auc"]["toxicity"] == 1.0
    assert found[NEWS]["false_alarms"] == {"0.50": 0.5, "0.70": 0.0, "0.80": 0.0, "0.90": 0.0}
    assert f"{NEWS} (4 texts)" in as_text(found)


def test_a_text_is_scored_as_it_is_read(data: Path) -> None:
    blind = score_set(Counting(), data, NEWS, reading=lambda text: text.replace("idiot", ""))

    assert blind.scores["toxicity"].tolist() == [0.0] * 4


def test_a_limit_takes_the_same_rows_every_time(data: Path) -> None:
    path = data / "dev" / f"{NEWS}.csv.gz"

    assert sample(path, 2) == sample(path, 2)
    assert len(sample(path, 2)) == 2


def test_false_alarms_are_told_per_identity_term(tmp_path: Path) -> None:
    rows = [
        {"text": "Angela is a kind idiot", "toxicity": 0, "template": "name_adj"},
        {"text": "Angela is a kind tall reader", "toxicity": 0, "template": "name_adj"},
        {"text": "you", "toxicity": 0, "template": "verb"},
    ]
    write(tmp_path / "dev" / "made.csv.gz", rows)
    scored = score_set(Counting(), tmp_path, "made")

    rates = by_term(scored, scored.scores["toxicity"] >= 0.5)

    assert rates == {"idiot": 1.0, "tall reader": 0.0}
    assert widest_gap(rates)[1] == pytest.approx(0.5)
    assert "widest gap" in as_text(report([scored], hold=0.5))


def test_the_threshold_table_has_a_line_per_signal_and_candidate(data: Path) -> None:
    sets = {name: score_set(Counting(), data, name) for name in SETS}

    lines = table(sets)

    (line,) = (x for x in lines if (x.signal, x.threshold) == ("toxicity", 0.5))
    assert (line.news_recall, line.news_alarms, line.polite_alarms) == (1.0, 0.5, 0.5)
    assert len(as_markdown(lines).splitlines()) == len(lines) + 2


def test_the_same_weights_do_not_differ(data: Path) -> None:
    found = compare(Counting(), Counting(), [score_set(Counting(), data, NEWS)])

    assert found["largest_difference"] == found["decided_differently"] == 0.0
    assert found["texts"] == 4


def test_a_text_that_is_held_by_one_alone_is_decided_differently(data: Path) -> None:
    harmless = score_set(Counting(), data, NEWS, reading=lambda _: "")

    found = compare(Counting(), Counting(), [harmless])

    assert found["largest_difference"] == 1.0
    assert found["decided_differently_by_set"] == {NEWS: 0.5}


def test_a_set_of_toxic_texts_alone_has_no_false_alarms_to_tell(tmp_path: Path) -> None:
    write(tmp_path / "dev" / "made.csv.gz", [{"text": "idiot", "toxicity": 1}])

    found = report([score_set(Counting(), tmp_path, "made")], hold=0.5)

    assert found["made"] == {"texts": 1, "false_alarms": {}}
    assert "made (1 texts)" in as_text(found)


def test_the_card_is_told_what_an_evaluation_finds(data: Path) -> None:
    found = report([score_set(Counting(), data, NEWS)], hold=0.5)[NEWS]

    path = data / "dev" / f"{NEWS}.csv.gz"
    begin = Bars().begin
    evaluated = evaluate(
        Counting(), {NEWS: path}, base_rate=0.1, limit=None, begin=begin, today=TODAY
    )["sets"][NEWS]
    assert found["mean_auc"] == evaluated["mean_auc"]
    assert found["false_alarms"] == evaluated["false_alarms"]
    assert found["auc"] == {
        signal: each["auc"] for signal, each in evaluated["labels"].items() if each["auc"]
    }


@pytest.mark.skipif(not DATA.is_dir(), reason="needs the data sets of `make train`")
def test_the_cards_figures_are_what_the_model_does() -> None:
    engine = OnnxEngine(SHIPPED, threads=2)

    scored = score_set(engine, DATA, NEWS, reading=as_comments_are_read)
    found = report([scored], hold=0.5)[NEWS]

    told = engine.card.figures[NEWS]
    assert found["texts"] == told["texts"]
    for signal in LABELS:
        assert found["auc"][signal] == pytest.approx(told["auc"][signal], abs=LEAST_DIFFERENCE)


@pytest.mark.skipif(not DATA.is_dir(), reason="needs the data sets of `make train`")
def test_the_cards_thresholds_do_what_an_evaluation_says() -> None:
    engine = OnnxEngine(SHIPPED, threads=2)
    hold = holding(engine)
    files = {NEWS: DATA / "dev" / f"{NEWS}.csv.gz"}

    [scored] = score_sets(engine, files, hold=hold["toxicity"], limit=None, begin=Bars().begin)

    policy = set_figures(scored, hold=hold, base_rate=0.1)["policy"]
    for figure, told in engine.card.thresholds["measured"]["hold"][NEWS].items():
        assert policy[figure] == pytest.approx(told, abs=ONE_TEXT), figure
