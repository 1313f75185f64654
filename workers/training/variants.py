"""Real comments changed in one respect that must not change, or must not hide, their label."""

import random
import re
from collections.abc import Sequence
from string import ascii_lowercase
from typing import Final

from workers.training.data import Example
from workers.training.phrases import CALM, TERMS
from workers.training.sentences import SENTENCE

_AMBIGUOUS: Final = ("old", "older", "young", "younger", "straight", "white", "female", "male")
"""Terms that often name no group, so that another in their place would be nonsense."""

_TERM: Final = re.compile(
    r"(?<![\w-])(?:"
    + "|".join(sorted((re.escape(t) for t in TERMS if t not in _AMBIGUOUS), key=len, reverse=True))
    + r")(?![\w-])",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"[A-Za-z]{4,}")
_SPOILT: Final = 0.35  # of the longer words
_LONGEST: Final = 400  # characters; longer comments name a group in passing
_SHARP_WORDS: Final = 25
_EMOJI: Final = tuple("😀😂🙂😊😎🤔😴🥳👍👏🙌🎉🔥✨🌟🌈🌸🌻🍕🍎☕🚗🏠📷🎵⚽🐶🐱🐢🍀")
_TALK: Final = 500  # characters from which harmless talk is taken apart


def exchanged(pool: Sequence[Example], amount: int, rng: random.Random) -> list[Example]:
    """Put another identity term into comments that name one, keeping their labels."""
    naming = [e for e in pool if len(e.text) < _LONGEST and _TERM.search(e.text)]
    chosen = rng.sample(naming, min(amount, len(naming)))
    return [Example(_TERM.sub(rng.choice(TERMS), e.text), e.targets) for e in chosen]


def misspelt(pool: Sequence[Example], amount: int, rng: random.Random) -> list[Example]:
    """Spoil about a third of the longer words of comments, as fingers and evaders do."""
    chosen = rng.sample(pool, min(amount, len(pool)))
    return [
        Example(_WORD.sub(lambda m: _spoilt(m.group(), rng), e.text), e.targets) for e in chosen
    ]


def _spoilt(word: str, rng: random.Random) -> str:
    if rng.random() > _SPOILT:
        return word
    at = rng.randrange(1, len(word) - 2)
    before, here, after, rest = word[:at], word[at], word[at + 1], word[at + 2 :]
    return rng.choice(
        (
            f"{before}{after}{here}{rest}",
            f"{before}{after}{rest}",
            f"{before}{here}{here}{after}{rest}",
            f"{before}{rng.choice('*#@$-')}{after}{rest}",
            f"{before}{rng.choice(ascii_lowercase)}{after}{rest}",
            f"{before} {here}{after}{rest}",
        )
    )


def with_emoji(pool: Sequence[Example], amount: int, rng: random.Random) -> list[Example]:
    """Put emoji that mean no harm between the words of comments, as decoration or to evade."""
    short = [e for e in pool if len(e.text) < _LONGEST]
    chosen = rng.sample(short, min(amount, len(short)))
    return [Example(_decorated(e.text, rng), e.targets) for e in chosen]


def _decorated(text: str, rng: random.Random) -> str:
    """Every gap gets an emoji, or only some do; or the same one everywhere."""
    share = rng.choice((0.1, 0.4, 1.0))
    few = rng.sample(_EMOJI, rng.choice((1, 4)))
    words = text.split(" ")
    put = [f"{word} {rng.choice(few)}" if rng.random() < share else word for word in words]
    return " ".join(put)


def sentences(pool: Sequence[Example]) -> list[Example]:
    """Take the sentences of long harmless talk, each of them harmless alone."""
    return [
        Example(sentence, CALM)
        for example in pool
        if example.toxic == 0.0 and len(example.text) > _TALK
        for sentence in (match.group().strip() for match in SENTENCE.finditer(example.text))
        if 4 <= len(sentence.split()) <= 60  # noqa: PLR2004 - what people write as one sentence
    ]


def in_company(
    sharp: Sequence[Example], calm: Sequence[Example], amount: int, rng: random.Random
) -> list[Example]:
    """Hide short toxic comments among harmless sentences, and join harmless ones alone.

    Args:
        sharp: Toxic comments.
        calm: Harmless sentences.
        amount: Comments of either kind to make.
        rng: Decides.
    """
    short = [e for e in sharp if e.toxic == 1.0 and len(e.text.split()) <= _SHARP_WORDS]
    hidden = [
        Example(_joined([e, *_some(calm, rng)], rng), e.targets)
        for e in rng.sample(short, min(amount, len(short)))
    ]
    joined = (Example(_joined(_some(calm, rng, least=2), rng), CALM) for _ in range(amount))
    return hidden + list(joined)


def _some(calm: Sequence[Example], rng: random.Random, least: int = 1) -> list[Example]:
    return rng.sample(calm, min(rng.randint(least, least + 2), len(calm)))


def _joined(parts: list[Example], rng: random.Random) -> str:
    rng.shuffle(parts)
    return " ".join(part.text for part in parts)
