"""What a site's version is served with: words, a card, and no more than was learned."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.engines.conftest import Convert
from tests.engines.conftest import converted as converted  # noqa: PLC0414 - a fixture
from tests.evaluation.given import Counting
from tests.training.test_finetune import a_site_that_bans_a_word, read
from tests.training.test_finetune import taught as teach
from tests.training.test_words import folder as folder  # noqa: PLC0414 - a fixture
from tests.training.test_words import taught as taught  # noqa: PLC0414 - a fixture
from workers.engines.card import ScorerCard
from workers.engines.catalogue import SITE
from workers.engines.folder import CARD, ModelFolder, seal
from workers.engines.lexicon import marked_by_lexicon
from workers.engines.onnx import OnnxEngine
from workers.engines.versions import Versions
from workers.training import finetune as finetuning
from workers.training import trial as trial_module
from workers.training.data import Example
from workers.training.decisions import UnusableDecisions
from workers.training.marked_words import Agreement, agreement
from workers.training.site_card import write_site_card
from workers.training.trial import try_out

CURVE = {"low": 1.0, "high": 0.5, "offset": 0.0, "base_rate": 0.1}


@pytest.fixture
def approving(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every version be good enough."""
    for name in ("not_better", "holds_more", "complaints"):
        monkeypatch.setattr(trial_module, name, lambda *_: [])


@pytest.mark.usefixtures("approving")
@pytest.mark.parametrize("model_marks", [True, False])
def test_a_model_that_forgot_its_words_leaves_them_to_the_lexicon(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, model_marks: bool
) -> None:
    found = Agreement(50, model=0.9 if model_marks else 0.4, lexicon=0.6)
    monkeypatch.setattr(finetuning, "agreement", lambda *_: found)
    versions = Versions(tmp_path / SITE, folder)

    trial = teach(versions, read(a_site_that_bans_a_word()))

    engine = OnnxEngine(versions.folder("0001"))
    text = "nobody is happy with a stupid moron"
    by_itself = OnnxEngine(folder).mark(text)
    assert by_itself != marked_by_lexicon(text)
    assert (engine.mark(text) == marked_by_lexicon(text)) is not model_marks
    assert trial.figures["words"] == {
        "texts": 50,
        "agree": found.model,
        "lexicon_agrees": 0.6,
        "marked_by": "model" if model_marks else "lexicon",
    }


def test_marked_words_are_compared_where_the_parent_holds() -> None:
    texts = ["idiot idiot", "a moron and an idiot, idiot", "one idiot", "harmless"]

    same = agreement(Counting("idiot"), Counting("idiot"), texts)
    other = agreement(Counting("idiot"), Counting("harmless"), texts)

    assert (same.texts, same.model, same.model_marks) == (2, 1.0, True)
    assert (other.texts, other.model, other.model_marks) == (2, 0.0, False)
    assert same.lexicon == other.lexicon > 0


def test_words_that_cannot_be_compared_are_not_said_to_agree() -> None:
    none = agreement(Counting("idiot"), Counting("idiot"), ["harmless"])

    assert none.document() == {"texts": 0, "marked_by": "lexicon"}


def test_the_card_keeps_what_is_used_and_no_figure_of_the_parent(
    converted: Convert, tmp_path: Path
) -> None:
    _, base = converted("bert")
    shutil.copytree(base, tmp_path, dirs_exist_ok=True)
    parent = replace(
        ScorerCard.read(tmp_path / CARD),
        version="2",
        how_trained="Well.",
        figures={"set": {"auc": 0.9}},
        quantisation={"auc": 0.9},
        thresholds={"hold": {"toxicity": 0.5}},
        spans={"threshold": 0.2, "share": 0.6, "chosen_on": {}, "f1": {"set": 0.6}},
        calibration={
            "form": "beta",
            "fitted_on": ["set"],
            "half": "even",
            "signals": {"toxicity": {**CURVE, "fitted": {"set": {"texts": 9}}, "error": {}}},
        },
    )
    parent.write(tmp_path / CARD)
    seal(tmp_path)
    before = OnnxEngine(tmp_path)
    figures = {"decisions": {"taught": 300, "rehearsed": 200}}

    write_site_card(tmp_path, parent, figures, "0003")

    after = OnnxEngine(tmp_path)
    card = ModelFolder.open(tmp_path).card
    assert card.calibration == {"form": "beta", "signals": {"toxicity": CURVE}}
    assert card.spans == {"threshold": 0.2, "share": 0.6}
    assert (card.figures, card.thresholds, card.quantisation) == (
        {"site_decisions": figures},
        {},
        {},
    )
    assert card.version == "2+site.3"
    assert card.how_trained.endswith(
        "300 decisions of a site's moderators, beside 200 texts with the scores they had before."
    )
    # Scores, words and the name that decisions bear follow from what is kept.
    assert after.model_hash == before.model_hash
    assert after.score(["you are"]) == before.score(["you are"])


@pytest.mark.usefixtures("approving")
def test_rejections_too_long_to_trust_are_passed_over_and_counted(
    converted: Convert, tmp_path: Path
) -> None:
    rows = a_site_that_bans_a_word(300)
    long = [{"text": f"{i} " + "you are " * 200, "action": "reject"} for i in range(10)]
    calm = [{"text": f"{i} " + "are you " * 200, "action": "approve"} for i in range(10)]
    _, base = converted("bert")
    short, given = read([*rows, *calm]), read([*rows, *calm, *long])
    too_long = len(given.taught) - len(short.taught)
    assert too_long > 0

    trial = teach(Versions(tmp_path / SITE, base), given)

    counted = trial.figures["decisions"]
    assert counted["passed_over"] == {"too long": too_long}
    assert counted["taught"] == len(short.taught)
    assert counted["held_out"] == len(given.held_out) > len(short.held_out)


def test_too_few_that_are_short_enough_teach_nothing(converted: Convert, tmp_path: Path) -> None:
    rows = a_site_that_bans_a_word()
    rejections_are_long = [
        {**row, "text": row["text"] + " you are" * 200} if row["action"] == "reject" else row
        for row in rows
    ]
    _, base = converted("bert")

    with pytest.raises(UnusableDecisions, match="0 rejected to learn from"):
        teach(Versions(tmp_path / SITE, base), read(rejections_are_long))


class Judge(Counting):
    """Right about toxicity; gives every approved text a *threat*."""

    signals = ("toxicity", "threat")

    def __init__(self, *, sharpness: float, threat: float) -> None:
        super().__init__()
        self._sharpness, self._threat = sharpness, threat

    def score(self, texts: Sequence[str]) -> list[dict[str, float]]:
        return [
            {
                "toxicity": 0.4 + (self._sharpness if "bad" in text else 0.0) + noise(text),
                "threat": 0.0 if "bad" in text else self._threat,
            }
            for text in texts
        ]


def noise(text: str) -> float:
    return 0.09 * float(np.sin(len(text) ** 2))


def test_a_better_model_whose_other_signals_hold_what_was_approved_is_refused() -> None:
    held_out = [
        Example(f"{'bad' if i % 2 else 'good'} {'x' * i}", (float(i % 2),)) for i in range(80)
    ]
    parent = Judge(sharpness=0.02, threat=0.0)

    def trial(threat: float) -> list[str]:
        return [
            each
            for each in try_out(parent, Judge(sharpness=0.3, threat=threat), held_out).complaints
            if "guard" not in each and "sentences" not in each
        ]

    assert trial(threat=0.0) == []
    assert trial(threat=0.5) == [
        "approved decisions held 0% -> 100%, for toxicity only 0%: other signals rose"
    ]
