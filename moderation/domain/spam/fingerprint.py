"""What stays the same in a text that is copied with other words: pairs of words side by side.

A sketch is a sample of a text's pairs, drawn so that two texts draw the same pairs as far as they
have them: bottom-k sampling, by Cohen and Kaplan, "Summarizing data using bottom-k sketches"
(2007). Rare words count for more, since two strangers often share *of the* and seldom *keto
gummies*; a word's length and a list of common words stand for how rare it is, so that nothing
need be counted. The pairs have no order and words under two letters, digits, signs, case and
emoji do not count, hence other amounts, greetings, order of sentences and disguises change little.
"""

import math
import re
from array import array
from collections.abc import Iterator, Sequence
from typing import Final
from zlib import crc32

SKETCH: Final = 64
"""Most pairs of a sketch."""

KEYS: Final = 16
"""Pairs, the first of a sketch, by which it is found among a million others."""

LEAST: Final = 20
"""Pairs without which a text is too short to be the same as another: about a dozen words. What
many people say in the same words (*I agree*, *great article*) is shorter."""

_APART: Final = 2
"""A pair's words stand next to each other, or one further on."""

_MOST_WORDS: Final = 1_000
"""Words that are looked at, half from the front and half from the end."""

_WORD: Final = re.compile(r"[^\W\d_]{2,40}")
_UNSPACED: Final = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]"
)
_LINK: Final = re.compile(r"https?://(?:www\.)?([^\s/?#]{1,253})[^\s)\]]*", re.IGNORECASE)
_QUOTED: Final = re.compile(
    r"^[ \t]*>.*$|\"[^\"\n]{20,}\"|\u00ab[^\u00bb\n]{20,}\u00bb|\u201c[^\u201d\n]{20,}\u201d",
    re.MULTILINE,
)
_LIGHT: Final = 0.7
_WEIGHTS: Final = (0.7, 0.7, 0.7, 0.7, 1.0, 1.0, 1.5, 2.0, 2.5)
"""By letters of a word, up to eight."""

_MIX: Final = 0xBF58476D1CE4E5B9
_ALL_BITS: Final = (1 << 64) - 1

_COMMON: Final = frozenset(
    re.findall(
        r"\w+",
        "about above again already also always another around away back because been before"
        " being best better between both cannot come could days different does doing done down"
        " each else enough even ever every everyone everything feel find first found from"
        " getting give given going good great have having hear help here himself however idea"
        " into itself just keep kind know least leave less like little long look looking looks"
        " made make makes making many matter maybe mean might mine more most much must need"
        " needs never next nothing often once only other others over people perhaps place"
        " please point probably quite rather really right said same saying says seem seems"
        " several shall should show simply since some someone something still stop such sure"
        " take than thank thanks that their them then there these they thing things think this"
        " those though thought through time times today together told took true trying under"
        " until upon used using very want wants well went were what when where which while"
        " whole will with within without work world would wrong year years your yourself doesn"
        " didn isn wasn won aren couldn wouldn shouldn",  # codespell:ignore wasn,couldn
    )
)


def sketch(text: str, *, answered: str | None = None) -> tuple[int, ...]:
    """Return a sample of the pairs of words in a canonical text, rarest first.

    What is quoted does not count, as far as something else is said: passages in quotation marks,
    lines after ``>``, and all pairs that the comment *answered* has.

    Args:
        text: In canonical form (``domain.text``).
        answered: The comment that it replies to, in canonical form.

    Returns:
        At most `SKETCH` numbers of 32 bits; none where the text is too short.
    """
    own = _QUOTED.sub(" ", text)
    pairs = _pairs(own if _WORD.search(own) else text)
    if answered is not None:
        for pair in _pairs(answered):
            pairs.pop(pair, None)
    if len(pairs) < LEAST:
        return ()
    return tuple(sorted(pairs, key=pairs.__getitem__)[:SKETCH])


def similarity(one: Sequence[int], other: Sequence[int]) -> float:
    """Estimate which share of their pairs, rare ones counting for more, two texts have in common.

    0 for texts that have nothing to do with each other, and about 0.05 for those on one subject;
    copies of which every second word was replaced have 0.1 to 0.3.
    """
    common = len(set(one).intersection(other))
    return common / (len(one) + len(other) - common) if common else 0.0


def packed(numbers: Sequence[int]) -> bytes:
    """Write a sketch as bytes, four a number."""
    return array("I", numbers).tobytes()


def unpacked(stored: bytes) -> tuple[int, ...]:
    """Read what `packed` wrote."""
    return tuple(array("I", stored))


def _pairs(text: str) -> dict[int, float]:
    """Return the pairs by number, with their rank: the lower, the sooner they are drawn."""
    words = list(_words(text))
    if len(words) > _MOST_WORDS:
        words = words[: _MOST_WORDS // 2] + words[-_MOST_WORDS // 2 :]
    numbers = [crc32(word.encode()) for word in words]
    weights = [_weight(word) for word in words]
    pairs: dict[int, float] = {}
    for apart in range(1, _APART + 1):
        for at in range(len(words) - apart):
            weight = weights[at] * weights[at + apart]
            # Two common words say nothing, and a word beside itself is no pair.
            if weight < _LIGHT or numbers[at] == numbers[at + apart]:
                continue
            mixed = _mixed(numbers[at] + numbers[at + apart])
            if mixed >> 32 not in pairs:
                pairs[mixed >> 32] = -math.log(((mixed & 0xFFFFFFFF) + 1) / (1 << 32)) / weight
    return pairs


def _words(text: str) -> Iterator[str]:
    """Yield the words; of a script without spaces every two letters."""
    # A link is one word: where it leads.
    shown = _LINK.sub(lambda link: f" {re.sub(r'[^a-zA-Z]', '', link[1])} ", text)
    for found in _WORD.finditer(shown.casefold()):
        word = found.group()
        if _UNSPACED.search(word):
            yield from (word[at : at + 2] for at in range(len(word) - 1))
        else:
            yield word


def _weight(word: str) -> float:
    if word in _COMMON:
        return _LIGHT
    if _UNSPACED.match(word):
        return 1.0
    return _WEIGHTS[min(len(word), len(_WEIGHTS) - 1)]


def _mixed(number: int) -> int:
    """Return 64 bits that look like chance: the finaliser of SplitMix64, by Steele et al. 2014."""
    number = (number * 0x9E3779B97F4A7C15) & _ALL_BITS
    number = ((number ^ (number >> 30)) * _MIX) & _ALL_BITS
    number = ((number ^ (number >> 27)) * 0x94D049BB133111EB) & _ALL_BITS
    return number ^ (number >> 31)
