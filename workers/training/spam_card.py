"""The card and the weights of the spam model, written where they ship."""

from pathlib import Path
from typing import Any, Final

from workers.engines.calibrated import FORM
from workers.engines.card import ScorerCard
from workers.engines.folder import CARD, seal, sha256_of
from workers.evaluation.spam import spam_thresholds
from workers.spam.model import SELF_PROMOTION, SHIPPED_SPAM, SPAM, SPAM_TEXT
from workers.spam.text_model import FEATURES, WEIGHTS, TextModel
from workers.training.spam import (
    BASE_RATE,
    CLEAN_SHARES,
    SPAM_SHARES,
    Prepared,
    Taught,
    prepare,
    teach,
)
from workers.training.spam import WEIGHTS as SOURCE_WEIGHTS
from workers.training.spam_data import CLEAN_DEV, LABELLED, SpamExample, clean_texts, spam_examples
from workers.training.spam_figures import across_domains, across_videos, on_clean_texts

SEED: Final = 7
FOLDS: Final = 3

_CREDITS: Final = (
    "YouTube Spam Collection by T. C. Alberto, J. V. Lochter and T. A. Almeida (UCI): CC-BY-4.0",
    "SMS Spam Collection by T. A. Almeida and J. M. Gomez Hidalgo (UCI): CC-BY-4.0",
    "Telegram spam: MIT",
    "Jigsaw Toxic Comment Classification: labels CC0, text of Wikipedia talk pages CC-BY-SA-3.0 "
    "by their authors",
    "Civil Comments, Civil Comments toxic spans and SemEval-2021 task 5: CC0",
)
_LIMITS: Final = (
    "English only.",
    "No labelled spam of news sites was to be had: what the model knows of spam is from under "
    "three music videos, from Telegram groups and from telephone messages.",
    "YouTube's labels count asking for likes and subscribers as spam; so does the model.",
    "A comment that is nothing but a link scores high.",
    "A weight of 0 means that the labelled texts gave no reason for another, not that the signal "
    "says nothing: shorteners, blocked domains and links that show another address are rare in "
    "them. Policies may name these signals.",
    "The base rate is stated, not counted.",
)


def train_spam(data: Path, into: Path = SHIPPED_SPAM) -> ScorerCard:
    """Teach, measure and write the model; the same data give the same bytes.

    Args:
        data: The folder that holds ``train`` and ``dev``.
        into: The folder to write; it is made.
    """
    texts = prepare(spam_examples(data, SEED), folds=FOLDS, seed=SEED)
    clean = prepare(
        [
            SpamExample(t, spam=False, source=name)
            for name in CLEAN_DEV
            for t in clean_texts(data, name)
        ],
        folds=FOLDS,
        seed=SEED,
    )
    into.mkdir(parents=True, exist_ok=True)
    taught = teach(texts)
    taught.text.write(into)
    served = Taught(TextModel.read(into), taught.combination)
    card = _card(served, sha256_of(into / WEIGHTS), _figures(served, texts, clean), texts)
    card.write(into / CARD)
    seal(into)
    return card


def _figures(served: Taught, texts: Prepared, clean: Prepared) -> dict[str, Any]:
    return {
        "across_videos": across_videos(texts),
        "across_domains": across_domains(texts, clean),
        "taught": list(LABELLED),
        "false_alarms": dict(on_clean_texts(served, clean)),
    }


def _card(served: Taught, sha256: str, figures: dict[str, Any], texts: Prepared) -> ScorerCard:
    return ScorerCard(
        name="spam",
        version="1",
        sha256=sha256,
        signals=(SPAM, SPAM_TEXT, SELF_PROMOTION),
        languages=("en",),
        licence="Apache-2.0",
        token_limit=0,
        credits=_CREDITS,
        known_biases=_LIMITS,
        how_trained=_how_trained(texts),
        figures=figures,
        thresholds=spam_thresholds(BASE_RATE),
        calibration={
            "form": FORM,
            "signals": {SPAM: served.combination.curve_told()},
            "fitted_on": {"spam": dict(SPAM_SHARES), "clean": dict(CLEAN_SHARES)},
        },
        combination=served.combination.told() | {"features": FEATURES},
    )


def _how_trained(texts: Prepared) -> str:
    families = texts.families.tolist()
    taken = ", ".join(
        f"{families.count(name):,} {name} ({weight:g})" for name, weight in SOURCE_WEIGHTS.items()
    )
    return (
        f"A logistic regression on hashed n-grams of characters and words, of the texts {taken}, "
        "each counting as often as stands in brackets; no dev text among them. Then another, "
        "with no weight below nought, of that model's logit, of kinds of asking and of content "
        f"signals; each logit by a model that was not taught the text's fold ({FOLDS} folds, a "
        "video in each). Then a beta curve that makes of it a probability where "
        f"{BASE_RATE:.0%} of comments are spam."
    )
