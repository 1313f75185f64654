"""What the first course is taught, how much of each source, and why."""

from pathlib import Path

from workers.training.data import Example, draw, examples, fingerprint, held_out
from workers.training.identities import counterfactuals
from workers.training.sentences import SPANS, clean_sentences

TAKE = {
    "jigsaw_wikipedia": 30_000,  # the only large source with all six labels
    "wikipedia_context": 5_000,  # almost all clean
    "civil_toxic_spans": 6_000,  # news comments, all toxic: balanced by the clean sentences
    "hatemoji_build": 5_912,
    "implicit_hate": 6_000,
    "sbic": 5_000,
    "paradetox": 4_000,
    "hatexplain": 2_000,
    "vicomtech_stormfront": 1_500,
    "cmv_adhominem": 1_200,
}
CLEAN_SENTENCES = 8_000
NEWS_PASSES = 3  # few, but the very domain, with clean comments and all six labels


def first_mixture(data: Path, seed: int, share: float = 1.0) -> list[Example]:
    """Compose the training texts, none of which is a dev text.

    Args:
        data: The folder that holds ``train`` and ``dev``.
        seed: Decides which rows are drawn and their order.
        share: Part of every source to take, for a quick trial of the whole route.

    Returns:
        The examples in training order.
    """
    unseen = held_out(data)
    train = data / "train"
    pools = {name: (examples(train / f"{name}.csv.gz"), n) for name, n in TAKE.items()}
    spans = [train / f"{name}.csv.gz" for name in SPANS]
    pools["clean_sentences"] = (clean_sentences(spans, unseen), CLEAN_SENTENCES)
    made = counterfactuals()
    pools["identities"] = (made, len(made))
    news = examples(train / "civil_news.csv.gz")
    for turn in range(NEWS_PASSES):
        pools[f"civil_news_{turn}"] = (news, len(news))

    drawn: list[Example] = []
    for name, (pool, n) in pools.items():
        allowed = [e for e in pool if fingerprint(e.text) not in unseen]
        drawn += draw(allowed, int(n * share), name, seed)
    return draw(drawn, len(drawn), "order", seed)
