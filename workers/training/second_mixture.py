"""What the second course is taught: the hard cases, and harmless text to balance them.

The first course teaches what abuse looks like. What it gets wrong is implicit hate, news
comments, identity terms used harmlessly, sentences out of their context and odd spelling.
"""

import random
from pathlib import Path
from typing import Final

from moderation.domain.text import canonical
from workers.engines.reading import for_wordpiece
from workers.training.data import Example, draw, examples, fingerprint, held_out
from workers.training.phrases import phrases
from workers.training.sentences import (
    SPANS,
    clean_sentences,
    cleaned_comments,
    marked_comments,
)
from workers.training.variants import exchanged, in_company, misspelt, sentences, with_emoji

TAKE: Final = {
    "jigsaw_wikipedia": 26_000,
    "wikipedia_context": 4_000,
    "civil_toxic_spans": 2_000,
    "hatemoji_build": 5_912,
    "implicit_hate": 6_000,
    "sbic": 4_000,
    "paradetox": 4_000,
    "hatexplain": 2_500,
    "vicomtech_stormfront": 1_500,
    "edos_sexism": 3_000,
    "cmv_adhominem": 1_200,
}
MARKED: Final = 6_000  # toxic news comments, and which of their words are
CLEAN_SENTENCES: Final = 8_000  # of news comments
TALK_SENTENCES: Final = 6_000  # of Wikipedia talk
CLEANED: Final = 6_000  # news comments without their toxic sentences
NEWS_PASSES: Final = 4
EXCHANGED: Final = 2_000  # harmless, and as many toxic
MISSPELT: Final = 2_500  # harmless, and as many toxic
IN_COMPANY: Final = 2_500  # harmless, and as many toxic
WITH_EMOJI: Final = 1_500  # harmless, and as many toxic


def second_mixture(data: Path, seed: int, share: float = 1.0) -> list[Example]:
    """Compose the texts of the second course, none of which is a dev text.

    They are in canonical form, as comments are when they are scored.

    Args:
        data: The folder that holds ``train`` and ``dev``.
        seed: Decides which rows are drawn, what is made of them and their order.
        share: Part of every source to take, for a quick trial of the whole route.
    """
    unseen = held_out(data)
    train = data / "train"

    def allowed(pool: list[Example]) -> list[Example]:
        return [e for e in pool if fingerprint(e.text) not in unseen]

    pools = {name: allowed(examples(train / f"{name}.csv.gz")) for name in TAKE}
    news = allowed(examples(train / "civil_news.csv.gz"))
    clean = clean_sentences([train / f"{name}.csv.gz" for name in SPANS], unseen)
    cleaned = cleaned_comments([train / f"{name}.csv.gz" for name in SPANS], unseen)
    marked = marked_comments(data, unseen)
    talk = sentences(pools["jigsaw_wikipedia"])

    drawn = [
        e for name, pool in pools.items() for e in draw(pool, int(TAKE[name] * share), name, seed)
    ]
    drawn += news * NEWS_PASSES
    drawn += draw(marked, int(MARKED * share), "marked", seed)
    drawn += draw(clean, int(CLEAN_SENTENCES * share), "clean", seed)
    drawn += draw(cleaned, int(CLEANED * share), "cleaned", seed)
    drawn += draw(talk, int(TALK_SENTENCES * share), "talk", seed)

    rng = random.Random(seed)  # noqa: S311 - a reproducible draw, not a secret
    wiki = pools["jigsaw_wikipedia"]
    calm = [e for e in (*wiki, *pools["wikipedia_context"], *clean, *news) if e.toxic == 0.0]
    toxic = [e for e in (*wiki, *pools["civil_toxic_spans"], *pools["sbic"]) if e.toxic == 1.0]
    for pool in (calm, toxic):
        drawn += exchanged(pool, int(EXCHANGED * share), rng)
        drawn += misspelt(pool, int(MISSPELT * share), rng)
        drawn += with_emoji(pool, int(WITH_EMOJI * share), rng)
    sharp = [*toxic, *pools["hatemoji_build"], *pools["implicit_hate"]]
    drawn += in_company(sharp, clean + talk, int(IN_COMPANY * share), rng)
    drawn += phrases(rng)[:: round(1 / share)]

    return draw([as_read(e) for e in allowed(drawn)], len(drawn), "order", seed)


def as_read(example: Example) -> Example:
    """Bring a text into the form in which it is scored, its marked words with it.

    Where emoji are named or endless words broken, the marks are given up: that is rare.
    """
    plain = canonical(example.text)
    text = for_wordpiece(plain.text)
    marked = example.marked
    if marked and text == plain.text:
        places = zip(plain.offsets, plain.ends, strict=True)
        marked = tuple(
            (at, at + 1)
            for at, (start, end) in enumerate(places)
            if any(start < stop and begin < end for begin, stop in marked)
        )
    elif marked:
        marked = None
    return Example(text, example.targets, marked)
