"""The model that ships: small, quick, exact about itself, and blind to nothing in a text."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from workers.engines.card import ScorerCard
from workers.engines.folder import CARD, SUMS, WEIGHTS, sha256_of
from workers.engines.onnx import OnnxEngine
from workers.engines.registry import SHIPPED, load_engine
from workers.training.data import LABELS

LARGEST_BYTES: Final = 25 * 1024 * 1024
SLOWEST_FIRST_SCORE_S: Final = 2.0
MOST_MEMORY_MIB: Final = 250

HOSTILE: Final = "You are a stupid, worthless idiot."
NEWS: Final = "The council met on Tuesday and agreed to widen the road along the river. "

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


def test_it_emits_the_signals_of_detoxifys_original(engine: OnnxEngine) -> None:
    assert engine.signals == LABELS


def test_its_hash_is_the_one_in_the_sums_and_of_the_file(engine: OnnxEngine) -> None:
    sums = dict(line.split("  ")[::-1] for line in (SHIPPED / SUMS).read_text().splitlines())

    assert engine.model_hash == sums[WEIGHTS] == sha256_of(SHIPPED / WEIGHTS)


def test_its_weights_are_small_enough_to_ship() -> None:
    assert (SHIPPED / WEIGHTS).stat().st_size <= LARGEST_BYTES


def test_its_card_states_origin_limits_and_figures(engine: OnnxEngine) -> None:
    card = engine.card

    assert card == ScorerCard.read(SHIPPED / CARD)
    assert card.credits
    assert card.known_biases
    assert card.languages == ("en",)
    assert card.quantisation["held_differently"] < 0.01


def test_a_fresh_process_scores_soon_with_little_memory_and_no_torch(
    measured: dict[str, Any],
) -> None:
    assert measured["heavy"] == []
    assert measured["mib"] <= MOST_MEMORY_MIB
    # Other tests may hold both cores: twice the time is a guard, the benchmark measures it.
    assert measured["seconds"] <= 2 * SLOWEST_FIRST_SCORE_S


def test_an_insult_scores_high_and_thanks_score_low(measured: dict[str, Any]) -> None:
    insult, thanks = measured["toxicity"]

    assert insult > 0.9
    assert thanks < 0.1


def test_scores_come_in_the_order_of_the_texts(engine: OnnxEngine) -> None:
    texts = [HOSTILE, "Good morning.", "", HOSTILE * 40, NEWS]

    together = engine.score(texts)

    assert together == [engine.score([text])[0] for text in texts]


def test_nothing_to_score_gives_nothing(engine: OnnxEngine) -> None:
    assert engine.score([]) == []


def test_every_score_lies_between_nought_and_one(engine: OnnxEngine) -> None:
    odd = ["\ud800", "\U0001f595" * 50, "x" * 2_000, "\x00", "?!" * 500, "汉字" * 500]

    for scores in engine.score(odd):
        assert set(scores) == set(LABELS)
        assert all(0.0 <= score <= 1.0 for score in scores.values())


@pytest.mark.parametrize("place", [0, 60, 120], ids=["start", "middle", "end"])
def test_an_insult_counts_wherever_it_stands_in_a_long_text(place: int, engine: OnnxEngine) -> None:
    sentences = [NEWS] * 120
    sentences.insert(place, f"{HOSTILE} ")

    alone, buried, calm = engine.score([HOSTILE, "".join(sentences), NEWS * 120])

    assert calm["toxicity"] < 0.3
    assert buried["toxicity"] > 0.5
    assert buried["toxicity"] > calm["toxicity"] + 0.4
    assert alone["toxicity"] > 0.9


def test_an_emoji_after_an_insult_does_not_hide_it(engine: OnnxEngine) -> None:
    plain, adorned = engine.score(["what an idiot", "what an idiot\U0001f923\U0001f923"])

    assert adorned["toxicity"] > plain["toxicity"] - 0.1


def test_the_name_compact_loads_what_ships_without_a_cache() -> None:
    loaded = load_engine("compact", cache=Path("nowhere"))

    assert loaded.model_hash == sha256_of(SHIPPED / WEIGHTS)
