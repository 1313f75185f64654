"""What the card of the shipped model says that no measurement can."""

from typing import Final

from moderation.domain.policy_document import DEFAULT_DOCUMENT
from workers.training.calibrate import NOT_CALIBRATED
from workers.training.mixture import CLEAN_SENTENCES, NEWS_PASSES, TAKE
from workers.training.rule_sets import of_policy

NAME: Final = "compact"
VERSION: Final = "1"
TOKENS: Final = 128
"""Tokens read at once; training saw up to 96."""

HOLD: Final = of_policy("hold", DEFAULT_DOCUMENT)["toxicity"]
"""Toxicity at which the default policy holds a comment."""

CREDITS: Final = (
    "Encoder: all-MiniLM-L6-v2 by the sentence-transformers project (Apache-2.0), "
    "from nreimers/MiniLM-L6-H384-uncased",
    "Jigsaw Toxic Comment Classification: labels CC0, text of Wikipedia talk pages "
    "CC-BY-SA-3.0 by their authors",
    "Civil Comments, Civil Comments toxic spans and SemEval-2021 task 5: CC0",
    "Wikipedia context toxicity: Apache-2.0, text CC-BY-SA",
    "ParaDetox: CC0",
    "HatemojiBuild by H. R. Kirk and others: CC-BY-4.0",
    "Latent Hatred (implicit hate) by M. ElSherief and others: MIT",
    "Social Bias Frames by M. Sap and others: CC-BY-4.0",
    "HateXplain by B. Mathew and others: MIT",
    "Hate speech from a white supremacy forum, Vicomtech: CC-BY-SA-3.0",
    "Change my view, ad hominem, by I. Habernal and others: Apache-2.0",
)

BIASES: Final = (
    "English only.",
    "Most training texts are from Wikipedia talk pages; news comments are a small part.",
    "Irony, coded language, polite hostility and counter-speech are often misjudged.",
    "Crude but friendly language scores high.",
    "Names of some groups still raise the score; the rates per term are in the figures.",
    "severe_toxicity, obscene and threat were taught almost by Wikipedia alone.",
    NOT_CALIBRATED,
)


def how_trained() -> str:
    """Describe the training in one paragraph, with the amounts that the code takes."""
    sources = ", ".join(f"{n:,} {name}" for name, n in TAKE.items())
    return (
        "One pass of AdamW with masked binary cross-entropy over "
        f"{sources}, {CLEAN_SENTENCES:,} clean sentences of toxic news comments, civil_news "
        f"{NEWS_PASSES} times and sentences of our own with identity terms exchanged; at most "
        "96 tokens each, no dev text among them. Embeddings frozen, no dropout."
    )
