"""What the card of the shipped model says that no measurement can."""

from typing import Final

from workers.training import first_mixture, second_mixture
from workers.training.calibrate import NOT_CALIBRATED
from workers.training.courses import SECOND, SHARE_OF_SECOND

NAME: Final = "compact"
VERSION: Final = "2"
TOKENS: Final = 128
"""Tokens read at once; training saw up to 96."""

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
    "EDOS, explainable detection of online sexism, by H. R. Kirk and others: CC0",
    "Change my view, ad hominem, by I. Habernal and others: Apache-2.0",
)

BIASES: Final = (
    "English only.",
    "Most training texts are from Wikipedia talk pages; news comments are a small part.",
    "Irony, coded language, polite hostility and counter-speech are often misjudged.",
    "Crude but friendly language scores high.",
    "Names of some groups still raise the score; the rates per term are in the figures.",
    "severe_toxicity, obscene and threat were taught almost by Wikipedia alone.",
    "No sexual_explicit: no training text has that label, so the seventh signal of Detoxify's "
    "unbiased model is left out.",
    NOT_CALIBRATED,
)


def how_trained() -> str:
    """Describe the training in one paragraph, with the amounts that the code takes."""
    first, second = (
        ", ".join(f"{n:,} {name}" for name, n in course.TAKE.items())
        for course in (first_mixture, second_mixture)
    )
    return (
        f"Two courses of AdamW with masked binary cross-entropy, each text seen once in each. "
        f"First {first}, {first_mixture.CLEAN_SENTENCES:,} clean sentences of toxic news "
        f"comments, civil_news {first_mixture.NEWS_PASSES} times and sentences of our own with "
        f"identity terms exchanged. Then, in canonical form, {second}, "
        f"{second_mixture.MARKED:,} toxic news comments with their toxic words marked, "
        f"{second_mixture.CLEAN_SENTENCES:,} clean sentences, up to {second_mixture.CLEANED:,} "
        f"toxic comments without their toxic sentences, civil_news {second_mixture.NEWS_PASSES} "
        f"times, {second_mixture.TALK_SENTENCES:,} sentences of harmless talk, comments with "
        f"identity terms exchanged ({second_mixture.EXCHANGED:,} harmless, as many toxic), "
        f"misspelt ({second_mixture.MISSPELT:,} of each), with emoji between their words "
        f"({second_mixture.WITH_EMOJI:,} of each) and hidden among harmless ones "
        f"({second_mixture.IN_COMPANY:,}), and sentences of our own about groups, people, things "
        f"and politics. The weights are {SHARE_OF_SECOND:.0%} of the second course's and the rest "
        "of the first's. A head for words was then taught on hidden states of that encoder, by "
        "nine tenths of the SemEval train part. At most 96 tokens each, no dev text among them. "
        f"Embeddings frozen, in the second course the lowest {SECOND.recipe.frozen} layers too; no "
        "dropout."
    )
