"""The spam model is taught and measured from a data folder, the same every time."""

import json
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from tests.training.given import write
from workers.engines.folder import CARD
from workers.spam.combination import INPUTS
from workers.spam.model import SpamModel
from workers.spam.text_model import WEIGHTS
from workers.training.__main__ import main
from workers.training.spam import BASE_RATE, prepare, teach
from workers.training.spam_card import train_spam
from workers.training.spam_data import VIDEOS, SpamExample, spam_examples

SPAM: Final = (
    "check out my channel",
    "subscribe to me please",
    "visit http://bit.ly/x for gift cards",
    "like this comment",
)
HAM: Final = ("lovely song", "the best dance of all", "two billion views", "who is she")
CLEAN: Final = (
    "The council agreed to widen the road.",
    "I removed that section, see the talk page.",
    "Nobody spoke against the budget at all.",
    "See http://example.org/report for the figures.",
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with a few rows of all that is read."""
    folder = tmp_path_factory.mktemp("data")
    train, dev = folder / "train", folder / "dev"
    write(
        train / "youtube_comment_spam.csv.gz",
        [
            {"text": f"{text} {video}{i}", "spam": spam, "video": video}
            for video in VIDEOS
            for spam, texts in ((1, SPAM), (0, HAM))
            for i, text in enumerate(texts)
        ],
    )
    write(
        train / "telegram_spam.csv.gz",
        [{"text": f"forex trading platform {i}, join", "spam": 1, "lang": "en"} for i in range(4)]
        + [{"text": "bonjour", "spam": 0, "lang": "other"}],
    )
    write(
        train / "sms_spam.csv.gz",
        [{"text": f"free entry, ring 0900{i}", "spam": 1} for i in range(4)]
        + [{"text": f"see you at {i}", "spam": 0} for i in range(4)],
    )
    for name in ("jigsaw_wikipedia", "civil_news"):
        write(
            train / f"{name}.csv.gz",
            [{"text": f"{text} {name}", "toxicity": 0} for text in CLEAN]
            + [{"text": f"idiot {name}", "toxicity": 1}],
        )
    for name in ("civil_toxic_spans", "semeval2021_toxic_spans"):
        text = "You fool. The road was closed for most of the day."
        write(train / f"{name}.csv.gz", [{"text": text, "toxicity": 1, "spans": "[4, 5, 6, 7]"}])
    for name in ("jigsaw_wikipedia_dev", "civil_news_dev", "stanford_politeness"):
        write(dev / f"{name}.csv.gz", [{"text": f"{HAM[0]} {name}", "toxicity": 0}] * 3)
    seen = f"{CLEAN[0]} civil_news".upper()
    write(dev / "more.csv.gz", [{"text": seen, "toxicity": 0}])
    return folder


def test_the_command_writes_a_model_that_can_be_served_the_same_every_time(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["spam", f"--data={data}", f"--into={tmp_path / 'spam'}"]) == 0

    train_spam(data, tmp_path / "again")
    for file in (WEIGHTS, CARD):
        written = [(tmp_path / name / file).read_bytes() for name in ("spam", "again")]
        assert written[0] == written[1]
    model = SpamModel.read(tmp_path / "spam")
    spam, ham = model.opinions(["please subscribe to my channel", "what a song"], [{}, {}])
    figures = json.loads(capsys.readouterr().out)
    assert spam.logit > ham.logit
    assert set(figures["across_videos"]["videos"]) == set(VIDEOS)
    assert figures["across_domains"]["telegram"]["spam"] == 4
    assert figures["false_alarms"]["civil_news_dev"]["texts"] == 3
    assert figures == model.card.figures
    assert model.base_rates == {"spam": BASE_RATE}


def test_what_is_taught_holds_no_dev_text_and_no_toxic_or_foreign_one(data: Path) -> None:
    texts = [each.text for each in spam_examples(data, seed=1)]

    assert f"{CLEAN[0]} civil_news" not in texts
    assert f"{CLEAN[1]} civil_news" in texts
    assert not {"idiot civil_news", "idiot jigsaw_wikipedia", "bonjour"} & set(texts)


def test_a_video_lies_in_one_fold(data: Path) -> None:
    prepared = prepare(spam_examples(data, seed=1), folds=3, seed=1)

    folds = [set(prepared.folds[prepared.sources == f"youtube/{v}"].tolist()) for v in VIDEOS]

    assert sorted(map(tuple, folds)) == [(0,), (1,), (2,)]


def test_no_evidence_weighs_against_spam_and_probabilities_hold_at_the_base_rate() -> None:
    examples = [
        SpamExample(f"{text} {i}", spam, source)
        for i in range(12)
        for source, spam, texts in (
            ("youtube/A", True, SPAM),
            ("youtube/B", True, HAM[:1]),  # some spam reads like ham
            ("youtube/B", False, (*HAM, "LOUD AND CLEAR!!!")),
            ("news", False, CLEAN),
        )
        for text in texts
    ]
    prepared = prepare(examples, folds=2, seed=1)

    taught = teach(prepared)

    assert set(taught.combination.weights) == set(INPUTS)
    assert min(taught.combination.weights.values()) >= 0.0
    scores = taught.probabilities(prepared)
    assert scores[prepared.spam].mean() > scores[~prepared.spam].mean()
    assert np.all((scores >= 0.0) & (scores <= 1.0))
