"""Which n-grams a text has, hashed as scikit-learn's ``HashingVectorizer`` hashes them.

Importing scikit-learn costs a process two thirds of a second and 60 MB; all that reading a text
needs of it is one hash function and two ways of cutting. They are the same here, bit for bit, and
faster, since n-grams are hashed all at once: a model may be taught with either.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final

import numpy as np
import numpy.typing as npt

Columns = npt.NDArray[np.int64]
_Hashes = npt.NDArray[np.uint32]

_BLOCK: Final = 4
"""Bytes that MurmurHash3 takes at once."""
_SPACE: Final = ord(" ")
_WORD: Final = re.compile(r"\b\w\w+\b")
"""Words of two letters or more, as scikit-learn cuts them."""


def char_columns(text: str, *, lengths: range, width: int) -> Columns:
    """Return where the character n-grams of *text* fall, a space before and behind each word.

    Args:
        text: In lower case, if case shall not matter.
        lengths: From at most three characters upwards, so that no word is shorter.
        width: The number of columns.

    Returns:
        Columns below *width*, rising, each once.
    """
    words = set(text.split())
    plain = [word for word in words if word.isascii()]
    hashes = [_windows(plain, lengths)] if plain else []
    if len(plain) < len(words):
        others = (word for word in words if not word.isascii())
        hashes.append(_hashes(set(_char_grams(others, lengths))))
    return _columns(hashes, width)


def word_columns(text: str, *, longest: int, width: int) -> Columns:
    """Return where the words of *text*, and its runs of two to *longest* words, fall.

    Returns:
        Columns below *width*, rising, each once.
    """
    words = _WORD.findall(text)
    runs = (
        " ".join(words[i : i + n]) for n in range(2, longest + 1) for i in range(len(words) - n + 1)
    )
    grams = set(chain(words, runs))
    return _columns([_hashes(grams)] if grams else [], width)


def _columns(hashes: Sequence[_Hashes], width: int) -> Columns:
    if not hashes:
        return np.empty(0, dtype=np.int64)
    # scikit-learn reads a hash as a signed number and takes its size.
    signed = np.concatenate(hashes).view(np.int32).astype(np.int64)
    # As ``np.unique``, which takes five times as long for so few.
    found = np.sort(np.abs(signed) % width)
    rising: Columns = found[np.append(True, found[1:] != found[:-1])]
    return rising


def _char_grams(words: Iterable[str], lengths: range) -> Iterator[str]:
    for word in words:
        padded = f" {word} "
        for n in lengths:
            for i in range(len(padded) - n + 1):
                yield padded[i : i + n]


def _windows(words: Sequence[str], lengths: range) -> _Hashes:
    """Hash the n-grams of ASCII words, where a letter is a byte.

    Two spaces stand between words, and only there, so an n-gram that holds both is none.
    """
    joined = np.frombuffer(f" {'  '.join(words)} ".encode("ascii"), dtype=np.uint8)
    spaces = joined == _SPACE
    between = spaces[:-1] & spaces[1:]
    # The first bytes of every place as one number, least first: of none, one, two, three, four.
    starts = [np.zeros(len(joined) + 1, dtype=np.uint32), joined.astype(np.uint32)]
    for n in range(1, _BLOCK):
        starts.append(starts[n][:-1] | starts[1][n:] << np.uint32(8 * n))
    found = []
    crossing = np.zeros(len(joined), dtype=bool)
    for n in range(2, min(lengths.stop, len(joined) + 1)):
        crossing = crossing[:-1] | between[n - 2 :]
        if n in lengths:
            found.append(_windows_of(starts, n, np.flatnonzero(~crossing)))
    return np.concatenate(found)


def _windows_of(starts: Sequence[_Hashes], n: int, places: npt.NDArray[np.intp]) -> _Hashes:
    state = np.zeros(len(places), dtype=np.uint32)
    for i in range(0, n - _BLOCK + 1, _BLOCK):
        state = _with_block(state, starts[_BLOCK][places + i])
    rest = n % _BLOCK
    return _finished(state, starts[rest][places + n - rest], np.uint32(n))


def _hashes(grams: Iterable[str]) -> _Hashes:
    """Hash any strings, the longest first, so that all that have an i-th block stand in front."""
    encoded = sorted((g.encode("utf-8", "surrogatepass") for g in grams), key=len, reverse=True)
    lengths = np.fromiter(map(len, encoded), dtype=np.uint32, count=len(encoded))
    full = lengths // _BLOCK
    size = (int(full[0]) + 1) * _BLOCK
    padded = b"".join([gram.ljust(size, b"\0") for gram in encoded])
    blocks = np.frombuffer(padded, dtype="<u4").reshape(len(encoded), -1)
    state = np.zeros(len(encoded), dtype=np.uint32)
    # How many strings have an i-th whole block.
    having = len(encoded) - np.searchsorted(full[::-1], np.arange(full[0]), side="right")
    for i, n in enumerate(having):
        state[:n] = _with_block(state[:n], blocks[:n, i])
    return _finished(state, blocks[np.arange(len(encoded)), full], lengths)


def _with_block(state: _Hashes, block: _Hashes) -> _Hashes:
    return _turned(state ^ _mixed(block), 13) * np.uint32(5) + np.uint32(0xE6546B64)


def _finished(state: _Hashes, rest: _Hashes, length: _Hashes | np.uint32) -> _Hashes:
    """Take in the bytes behind the last whole block, and spread what was found over all bits."""
    found = state ^ _mixed(rest) ^ length
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        found ^= found >> np.uint32(shift)
        found *= np.uint32(factor)
    return found ^ (found >> np.uint32(16))


def _mixed(block: _Hashes) -> _Hashes:
    return _turned(block * np.uint32(0xCC9E2D51), 15) * np.uint32(0x1B873593)


def _turned(found: _Hashes, by: int) -> _Hashes:
    return (found << np.uint32(by)) | (found >> np.uint32(32 - by))
