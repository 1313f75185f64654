"""The document of an evaluation says what the model did."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.evaluation.given import TODAY, Bars, Counting, comments, jsonl
from workers.engines.errors import ModelUnavailable
from workers.evaluation.comparing import compare
from workers.evaluation.drawing import Draw, evenly
from workers.evaluation.evaluate import evaluate, score_sets
from workers.evaluation.figures import set_figures
from workers.evaluation.halves import is_fitted_on
from workers.evaluation.reading import LabelledText, UnreadableData, read_texts
from workers.evaluation.scoring import ScoredTexts, score_texts
from workers.evaluation.transforms import TRANSFORMS


def evaluated(engine: Counting, *files: Path, **options: Any) -> dict[str, Any]:
    asked = {"base_rate": 0.1, "limit": None, "begin": Bars().begin, "today": TODAY} | options
    return evaluate(engine, {path.stem: path for path in files}, **asked)


@pytest.fixture
def news(tmp_path: Path) -> Path:
    return jsonl(tmp_path / "news.jsonl", *comments())


def test_a_perfect_model_ranks_perfectly_and_every_label_counts_its_own_texts(news: Path) -> None:
    found = evaluated(Counting(), news)["sets"]["news"]

    assert (found["texts"], found["mean_auc"]) == (24, 1.0)
    assert {name: (each["texts"], each["auc"]) for name, each in found["labels"].items()} == {
        "toxicity": (24, 1.0),
        "insult": (12, 1.0),
    }


def test_a_model_that_dreads_a_group_is_told_by_the_groups_figures(tmp_path: Path) -> None:
    rows = comments() * 2  # ten of each kind must name the group
    found = evaluated(Counting("idiot", "women women"), jsonl(tmp_path / "a.jsonl", *rows))
    afraid = evaluated(Counting("wom", "omen", "men", "women"), jsonl(tmp_path / "a.jsonl", *rows))

    assert found["sets"]["a"]["groups"]["women"]["bpsn_auc"] == 1.0
    dreaded = afraid["sets"]["a"]["groups"]["women"]
    assert (dreaded["bpsn_auc"], dreaded["bnsp_auc"], dreaded["false_alarms"]) == (0.0, 1.0, 1.0)


def test_a_group_that_few_texts_name_has_no_figures(news: Path) -> None:
    assert evaluated(Counting(), news)["sets"]["news"]["groups"] == {}


def test_thresholds_and_policy_are_told_at_the_stated_base_rate(news: Path) -> None:
    found = evaluated(Counting(), news, base_rate=0.25)["sets"]["news"]

    lines = {line["at"]: line for line in found["labels"]["toxicity"]["thresholds"]}
    assert lines[0.9] == {
        "at": 0.9,
        "recall": 1.0,
        "false_alarms": 0.0,
        "precision": 1.0,
        "held": 0.25,
    }
    assert lines[0.95]["recall"] == 0.0
    assert lines[0.95]["precision"] is None
    assert found["policy"] == {"recall": 1.0, "false_alarms": 0.0, "precision": 1.0, "held": 0.25}
    assert found["held"] == 0.5
    assert found["false_alarms"] == {"0.50": 0.0, "0.70": 0.0, "0.80": 0.0, "0.90": 0.0}


def test_any_signal_holds_a_text_and_a_score_that_equals_the_threshold_does() -> None:
    scores = {"toxicity": np.array([0.1, 0.7, 0.1]), "insult": np.array([0.9, 0.1, 0.1])}
    labels = {"toxicity": np.array([1.0, 1.0, 0.0])}
    scored = ScoredTexts("news", scores, labels, {}, [None] * 3, (), ())

    found = set_figures(scored, hold={"toxicity": 0.7, "insult": 0.9}, base_rate=0.1)

    assert (found["policy"]["recall"], found["policy"]["false_alarms"]) == (1.0, 0.0)
    assert found["held"] == 0.6667


def test_a_toxic_text_is_kept_for_disguise_from_the_threshold_on() -> None:
    texts = [LabelledText("idiot " * n, {"toxicity": 1}) for n in (1, 2, 3)]

    scored = score_texts("news", texts, Counting(), hold=0.6, progress=lambda _: None)

    assert [text.split() for text in scored.held_toxic] == [["idiot"] * 2, ["idiot"] * 3]


class Stating(Counting):
    """Has a card that states a base rate for toxicity."""

    card = replace(
        Counting.card,
        calibration={
            "form": "beta",
            "signals": {"toxicity": {"low": 1, "high": 1, "offset": 0, "base_rate": 0.3}},
        },
    )


def test_calibration_is_judged_at_the_base_rate_that_the_model_states(news: Path) -> None:
    found = evaluated(Stating(), news, base_rate=0.2)

    labels = found["sets"]["news"]["labels"]
    as_if = evaluated(Counting(), news, base_rate=0.3)["sets"]["news"]["labels"]
    assert found["model"]["calibrated_at"] == {"toxicity": 0.3}
    assert labels["toxicity"]["calibration"] == as_if["toxicity"]["calibration"]
    assert labels["insult"]["calibration"]["base_rate"] == 0.2


def test_two_models_are_judged_at_the_base_rate_that_both_state(news: Path) -> None:
    asked = {"base_rate": 0.2, "limit": None, "begin": Bars().begin, "today": TODAY}

    def error(*engines: Counting) -> float:
        found = compare(engines, {"news": news}, **asked)  # type: ignore[arg-type]
        told = {(each["figure"], each["of"]): each for each in found["sets"]["news"]["figures"]}
        value: float = told["calibration_error", "toxicity"]["first"]["value"]
        return value

    alone = [
        evaluated(Counting(), news, base_rate=rate)["sets"]["news"]["labels"]["toxicity"]
        for rate in (0.3, 0.2)
    ]
    assert error(Stating(), Stating()) == alone[0]["calibration"]["error"]
    assert error(Counting(), Stating()) == alone[1]["calibration"]["error"]


def test_the_half_that_calibration_was_fitted_on_can_be_left_out(news: Path) -> None:
    found = evaluated(Counting(), news, other_half=True)

    left = [row for row in comments() if not is_fitted_on(row)]
    assert found["other_half"] is True
    assert found["sets"]["news"]["texts"] == len(left) < 24


def test_calibration_is_reckoned_at_the_base_rate(news: Path) -> None:
    told = evaluated(Counting(), news, base_rate=0.2)["sets"]["news"]["labels"]["toxicity"]

    # Negatives score 0 and are right; positives, a fifth, score 0.9 and should score 1.
    assert told["calibration"]["error"] == pytest.approx(0.2 * 0.1)
    assert [each["weight"] for each in told["calibration"]["bins"]] == [0.8, 0.2]


def test_a_set_without_labels_only_tells_what_is_held(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", {"text": "idiot idiot idiot"}, {"text": "hm"})

    found = evaluated(Counting(), path)

    assert found["sets"] == {"a": {"texts": 2, "held": 0.5}}
    assert found["evasion"] is None


def test_a_set_of_one_kind_has_no_auc_and_no_calibration(tmp_path: Path) -> None:
    path = jsonl(
        tmp_path / "a.jsonl", {"text": "hm", "toxicity": 0}, {"text": "aha", "toxicity": 0}
    )

    found = evaluated(Counting(), path)["sets"]["a"]

    assert found["mean_auc"] is None
    assert found["labels"]["toxicity"]["calibration"] is None
    assert found["policy"]["recall"] is None


def test_terms_of_templates_are_told_with_the_one_furthest_from_the_mean(tmp_path: Path) -> None:
    rows = [
        {"text": f"Ann is a kind {term}", "toxicity": 0, "template": "name_adj"}
        for term in ("deaf", "idiot idiot idiot", "blind")
    ]

    found = evaluated(Counting(), jsonl(tmp_path / "a.jsonl", *rows))["sets"]["a"]

    assert found["terms"] == {"blind": 0.0, "deaf": 0.0, "idiot idiot idiot": 1.0}
    assert found["widest_gap"] == {"term": "idiot idiot idiot", "gap": 0.6667}


def test_evasion_counts_the_held_that_stay_held_and_the_harmless_that_become_held(
    news: Path,
) -> None:
    found = evaluated(Counting(), news)["evasion"]

    assert (found["toxic_texts"], found["harmless_texts"]) == (12, 12)
    assert list(found["transforms"]) == list(TRANSFORMS)
    assert found["transforms"]["fullwidth"] == {"invariance": 1.0, "more_held": 0.0}
    assert found["transforms"]["typos"]["invariance"] < 0.5


def test_a_disguise_that_makes_harmless_texts_suspect_is_told(news: Path) -> None:
    found = evaluated(Counting("idiot", "love", "thank", "peace"), news)["evasion"]

    assert found["transforms"]["padding"] == {"invariance": 1.0, "more_held": 1.0}


def test_harmless_texts_that_are_held_anyway_are_no_fault_of_a_disguise(tmp_path: Path) -> None:
    rows = [{"text": "idiot " * 3, "toxicity": toxic} for toxic in (0, 1)]

    found = evaluated(Counting(), jsonl(tmp_path / "a.jsonl", *rows))["evasion"]

    assert found["transforms"]["fullwidth"]["more_held"] == 0.0
    assert found["transforms"]["typos"]["more_held"] == -1.0


def test_a_form_that_a_disguise_leaves_as_it_was_is_not_scored_again(news: Path) -> None:
    engine = Counting()

    evaluated(engine, news)

    assert engine.read.count(f"{comments()[1]['text']}") == 2  # once in its set, once disguised


def test_texts_are_scored_in_canonical_form(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", {"text": "i\u200bdiot ｉｄｉｏｔ іdiot", "toxicity": 1})  # noqa: RUF001

    assert evaluated(Counting(), path)["sets"]["a"]["held"] == 1.0


def test_a_limit_bounds_texts_and_disguises_and_the_bars_reach_their_ends(news: Path) -> None:
    bars = Bars()

    found = evaluated(Counting(), news, limit=8, begin=bars.begin)

    assert found["sets"]["news"]["texts"] == 8
    assert found["evasion"]["toxic_texts"] + found["evasion"]["harmless_texts"] == 8
    assert bars.done == bars.total == {"news": 8, "disguised texts": 8 * len(TRANSFORMS)}


def test_nothing_to_measure_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableData, match="no text"):
        evaluated(Counting(), jsonl(tmp_path / "a.jsonl", {"text": " "}))


def test_a_model_without_toxicity_is_refused(news: Path) -> None:
    engine = Counting()
    engine.signals = ("insult",)

    with pytest.raises(ModelUnavailable, match="no toxicity"):
        evaluated(engine, news)


def test_two_models_are_compared_on_what_both_can_tell(news: Path) -> None:
    blind = Counting("letter")
    blind.signals = ("toxicity",)
    bars = Bars()

    found = compare(
        (blind, Counting()),
        {"news": news},
        base_rate=0.1,
        limit=None,
        begin=bars.begin,
        today=TODAY,
    )

    told = {(each["figure"], each["of"]): each for each in found["sets"]["news"]["figures"]}
    assert set(told) == {
        *(("auc", "toxicity"), ("calibration_error", "toxicity")),
        *(("recall", "default policy"), ("false_alarms", "default policy")),
    }
    ranking = told["auc", "toxicity"]
    assert (ranking["first"]["value"], ranking["second"]["value"]) == (0.5, 1.0)
    assert ranking["difference"]["low"] > 0
    assert ranking["second_is"] == "better"
    assert told["calibration_error", "toxicity"]["second_is"] == "better"
    assert told["false_alarms", "default policy"]["second_is"] is None
    assert (found["first"]["signals"], bars.done["resampling"]) == (["toxicity"], 1)


def test_more_errors_and_less_recall_are_worse(news: Path) -> None:
    asked = {"base_rate": 0.1, "limit": None, "begin": Bars().begin, "today": TODAY}

    found = compare((Counting(), Counting("letter", "council", "wrote")), {"news": news}, **asked)  # type: ignore[arg-type]

    told = {each["figure"]: each["second_is"] for each in found["sets"]["news"]["figures"]}
    assert told == {
        "auc": "worse",
        "calibration_error": "worse",
        "recall": None,
        "false_alarms": "worse",
    }


def test_a_draw_is_fair_and_keeps_no_more_than_asked() -> None:
    kept = [0] * 10
    for seed in range(2000):
        draw = Draw[int](3, seed=str(seed))
        for i in range(10):
            draw.offer(i)
        assert len(draw.kept) == 3
        for i in draw.kept:
            kept[i] += 1

    assert all(500 < count < 700 for count in kept)


def test_turns_are_taken_until_there_are_enough_or_no_more() -> None:
    assert evenly([[1, 2, 3], [4], []], 3) == [1, 4, 2]
    assert evenly([[1], [2, 3]], 9) == [1, 2, 3]


def test_words_are_compared_with_those_that_people_marked(tmp_path: Path) -> None:
    path = jsonl(
        tmp_path / "marked.jsonl",
        {"text": "an idiot", "spans": [3, 4, 5, 6, 7]},
        {"text": "an idiot, or two", "spans": [["Insult", 3, 8], ["Insult", 13, 16]]},
        {"text": "well said", "spans": []},
        {"text": "nobody was asked"},
    )
    [scored] = score_sets(Counting(), {"marked": path}, hold=0.7, limit=None, begin=Bars().begin)

    assert list(scored.span_f1) == [1.0, pytest.approx(10 / 13), 1.0]
    assert set_figures(scored, hold={"toxicity": 0.7}, base_rate=0.1)["spans"] == {
        "texts": 3,
        "f1": 0.9231,
    }


@pytest.mark.parametrize("spans", ["[", '["x"]', "[[1]]", "5", [1.5], [["a", "b", "c"]]])
def test_spans_that_are_none_are_told_by_row(spans: object, tmp_path: Path) -> None:
    path = jsonl(tmp_path / "marked.jsonl", {"text": "an idiot", "spans": spans})

    with pytest.raises(UnreadableData, match="row 1: its spans are not offsets"):
        list(read_texts(path, ["toxicity"]))
