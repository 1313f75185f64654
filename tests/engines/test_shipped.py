"""The model that ships: small, quick, exact about itself, and blind to nothing in a text."""

import json
import re
import subprocess
import sys
from itertools import cycle, islice
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

import moderation.samples
from moderation.domain.policy_document import DEFAULT_DOCUMENT
from moderation.domain.text import canonical
from tests.demo.worker import PICTURED
from workers.engines.calibrated import Calibration
from workers.engines.card import ScorerCard
from workers.engines.folder import CARD, SUMS, WEIGHTS, sha256_of
from workers.engines.onnx import OnnxEngine
from workers.engines.registry import SHIPPED, load_engine
from workers.evaluation.metrics import at_threshold, auc
from workers.training.data import LABELS
from workers.training.rule_sets import of_policy

SAMPLES: Final = Path(moderation.samples.__file__).parent
LARGEST_BYTES: Final = 25 * 1024 * 1024
FIRST_SCORE_S: Final = 1.0
MOST_MEMORY_MIB: Final = 200

HOSTILE: Final = "You are a stupid, worthless idiot."
NEWS: Final = "The council met on Tuesday and agreed to widen the road along the river. "

HOSTILE_SENTENCES: Final = (
    HOSTILE,
    "I hope somebody shoots you.",
    "The minister is a lying piece of garbage.",
    "What a bunch of morons.",
    "Fuck you.",
    "Women are too stupid to be allowed to vote.",
)
HARMLESS: Final = (
    "The council met on Tuesday and agreed to widen the road. ",
    "Traffic has grown by a fifth since the bridge was opened, and the junction cannot take it. ",
    "Work begins in spring. ",
    "Residents had asked for a crossing near the school for years, said the mayor. ",
    "Nobody spoke against it. ",
    "A second meeting is planned for May, when the plans for the park will be shown. ",
)
LONGEST: Final = 20_000
"""Characters of the longest comment that is accepted."""

MOST_MOVED: Final = 0.05

MEASURE: Final = """
import json, sys, time
started = time.monotonic()
from pathlib import Path
import psutil
from workers.engines.registry import load_engine
engine = load_engine("compact", cache=Path("nowhere"))
scores = engine.score(["You are a stupid, worthless idiot.", "Thank you for the report."])
print(json.dumps({
    "seconds": time.monotonic() - started,
    "mib": psutil.Process().memory_info().rss / 2**20,
    "heavy": sorted({"torch", "transformers", "detoxify", "onnx"} & set(sys.modules)),
    "toxicity": [each["toxicity"] for each in scores],
}))
"""


@pytest.fixture(scope="module")
def engine() -> OnnxEngine:
    """Return the model that ships."""
    return OnnxEngine(SHIPPED, threads=2)


@pytest.fixture(scope="module")
def measured() -> dict[str, Any]:
    """Return what a fresh process needs for its first scores."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE], capture_output=True, text=True, check=True, timeout=60
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def among_harmless(sentence: str, place: float, characters: int) -> str:
    """Put a sentence at a place, from 0 to 1, in nearly so many characters of harmless ones."""
    around = list(islice(cycle(HARMLESS), characters // 60))
    around.insert(round(place * len(around)), f"{sentence} ")
    return "".join(around)


def test_it_emits_the_signals_of_detoxifys_original(engine: OnnxEngine) -> None:
    assert engine.signals == LABELS


def test_its_hash_is_the_one_in_the_sums_and_of_the_file(engine: OnnxEngine) -> None:
    sums = dict(line.split("  ")[::-1] for line in (SHIPPED / SUMS).read_text().splitlines())

    assert engine.card.sha256 == sums[WEIGHTS] == sha256_of(SHIPPED / WEIGHTS)
    assert engine.model_hash == Calibration.of(engine.card).model_hash(engine.card.sha256)


def test_its_weights_are_small_enough_to_ship() -> None:
    assert (SHIPPED / WEIGHTS).stat().st_size <= LARGEST_BYTES


def test_its_card_states_origin_limits_and_figures(engine: OnnxEngine) -> None:
    card = engine.card

    assert card == ScorerCard.read(SHIPPED / CARD)
    assert card.credits
    assert card.known_biases
    assert card.languages == ("en",)
    assert card.quantisation["decided_differently"] <= 0.005


def test_a_fresh_process_scores_soon_with_little_memory_and_no_torch(
    measured: dict[str, Any],
) -> None:
    assert measured["heavy"] == []
    assert measured["mib"] <= MOST_MEMORY_MIB
    # Other tests may hold both cores: four times the goal is a guard, the benchmark measures it.
    assert measured["seconds"] <= 4 * FIRST_SCORE_S


def test_an_insult_scores_high_and_thanks_score_low(measured: dict[str, Any]) -> None:
    insult, thanks = measured["toxicity"]

    assert insult > 0.9
    assert thanks < 0.1


def test_what_the_picture_of_the_demo_shows_as_held_is_held(engine: OnnxEngine) -> None:
    [scores] = engine.score([PICTURED])

    assert of_policy("hold", DEFAULT_DOCUMENT)["toxicity"] <= scores["toxicity"]
    for signal, at_least in of_policy("reject", DEFAULT_DOCUMENT).items():
        assert scores[signal] < at_least


@pytest.mark.parametrize("word", ["Ridiculous.", "Silly.", "Damn.", "Bullshit.", "Corrupt."])
def test_one_word_of_judgement_is_for_a_person_to_reject(word: str, engine: OnnxEngine) -> None:
    [scores] = engine.score([word])

    for signal, at_least in of_policy("reject", DEFAULT_DOCUMENT).items():
        assert scores[signal] < at_least


def test_scores_come_in_the_order_of_the_texts(engine: OnnxEngine) -> None:
    texts = [HOSTILE, "Good morning.", "", HOSTILE * 40, NEWS]

    together = engine.score(texts)

    assert together == [engine.score([text])[0] for text in texts]


def test_nothing_to_score_gives_nothing(engine: OnnxEngine) -> None:
    assert engine.score([]) == []


def test_every_score_lies_between_nought_and_one(engine: OnnxEngine) -> None:
    odd = ["\ud800", "\U0001f595" * 50, "x" * 500, "\x00", "?!" * 100, "汉字" * 100]

    for scores in engine.score(odd):
        assert set(scores) == set(LABELS)
        assert all(0.0 <= score <= 1.0 for score in scores.values())


@pytest.mark.parametrize("sentence", HOSTILE_SENTENCES)
def test_harmless_sentences_around_a_hostile_one_do_not_water_it_down(
    sentence: str, engine: OnnxEngine
) -> None:
    alone, buried = engine.score([sentence, among_harmless(sentence, 0.5, 3_000)])

    assert buried["toxicity"] == pytest.approx(alone["toxicity"], abs=MOST_MOVED)


@pytest.mark.parametrize("place", [0.0, 0.5, 1.0], ids=["start", "middle", "end"])
def test_a_hostile_sentence_counts_wherever_it_stands_in_the_longest_text(
    place: float, engine: OnnxEngine
) -> None:
    doubtful = HOSTILE_SENTENCES[1]

    alone, buried = engine.score([doubtful, among_harmless(doubtful, place, LONGEST)])

    assert buried["toxicity"] == pytest.approx(alone["toxicity"], abs=MOST_MOVED)


def test_a_long_harmless_text_scores_low(engine: OnnxEngine) -> None:
    (calm,) = engine.score([among_harmless("", 0.0, 5_000)])

    assert calm["toxicity"] < 0.1


def test_an_emoji_after_an_insult_does_not_hide_it(engine: OnnxEngine) -> None:
    plain, adorned = engine.score(["what an idiot", "what an idiot\U0001f923\U0001f923"])

    assert adorned["toxicity"] > plain["toxicity"] - 0.1


def test_the_name_compact_loads_what_ships_without_a_cache() -> None:
    loaded = load_engine("compact", cache=Path("nowhere"))

    assert loaded.card.sha256 == sha256_of(SHIPPED / WEIGHTS)


def test_it_tells_the_toxic_comments_of_the_sample_from_the_clean_ones_as_well_as_is_said(
    engine: OnnxEngine,
) -> None:
    said = (SAMPLES / "README.md").read_text(encoding="utf-8")
    hold = of_policy("hold", DEFAULT_DOCUMENT)["toxicity"]
    [figures] = re.findall(
        rf"AUC of ([\d.]+); from {hold} on it would hold (\d+) % .* (\d+) %", said
    )
    lines = (SAMPLES / "news_comments.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    scores = [each["toxicity"] for each in engine.score([canonical(r["body"]).text for r in rows])]
    labels = np.array([float(row["label"] == "toxic") for row in rows])

    found = at_threshold(labels, np.array(scores), hold)

    assert auc(labels, np.array(scores)) == pytest.approx(float(figures[0]), abs=0.005)
    assert 100 * found.recall == pytest.approx(float(figures[1]), abs=2)
    assert 100 * found.false_alarms == pytest.approx(float(figures[2]), abs=1.5)
