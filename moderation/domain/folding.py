"""Undo what Unicode can do to a letter: styles, accents, invisible characters, direction."""

import re
import unicodedata
from collections.abc import Iterable
from enum import IntEnum
from functools import cache
from itertools import chain
from typing import Final

from moderation.domain.aligned import Aligned
from moderation.domain.confusables import LATIN_VARIANTS, QUOTES, SQUARED
from moderation.domain.display import BLANKS, DIRECTIONS, as_displayed

MAX_MARKS: Final = 16
"""Combining marks kept in a row. No writing system needs more; stacks of them are noise."""

MAX_EXPANSION: Final = 4
"""Characters that one may become; what would become more (U+FDFA: 18) stays as it is."""

MAX_EXPANDING: Final = 2_000
"""Characters of one text that may become several; in a text with more, all of them stay."""

_JOINER: Final = "\u200d"
_EMOJI_STYLE: Final = "\ufe0f"
_SKIN_TONES: Final = re.compile("[\U0001f3fb-\U0001f3ff]")
_DIACRITIC: Final = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f]"
)
_LATIN: Final = re.compile(r"[\x00-\u024f\u1e00-\u1eff]")
_WITHOUT_OTHER_MARKS: Final = re.compile("[\u0250-\u058f\u13a0-\u13ff\u1f00-\u1fff\ua4d0-\ua4ff]")
_IGNORABLE: Final = re.compile(
    "[\u034f\u17b4\u17b5\u2065\ufe00-\ufe0f\ufff0-\ufff8\U000e0000-\U000e0fff]"
)
_IN_PARENTHESES: Final = re.compile(r"^\(([A-Za-z])\)$")


class _Kind(IntEnum):
    TEXT = 0
    MARK = 1
    JOINER = 2
    STYLE = 3


_ALIKE: Final = {**LATIN_VARIANTS, **QUOTES, **SQUARED, "\x0b": "\n", "\x0c": "\n", "\x85": "\n"}
_SPECIAL: Final = {
    _JOINER: (_Kind.JOINER, _JOINER),
    _EMOJI_STYLE: (_Kind.STYLE, _EMOJI_STYLE),
    **{ch: (_Kind.TEXT, new) for ch, new in _ALIKE.items()},
    **{ch: (_Kind.TEXT, ch) for ch in DIRECTIONS + BLANKS + "\t\n\r"},
}
_BY_CATEGORY: Final = {
    **dict.fromkeys(("Cf", "Cc"), ""),
    **dict.fromkeys(("Zl", "Zp"), "\n"),
    "Zs": " ",
}


def folded(text: str) -> Aligned:
    """Return *text* with plain characters for styled, accented and invisible ones.

    Nothing is normalised over more than a letter and one mark, so the time taken is
    linear whatever is stacked on a letter.
    """
    ordered = as_displayed(text)
    folded_letters = _folded_by_letter(ordered.text)
    return folded_letters.after(ordered) if ordered.text != text else folded_letters


def invisible(ch: str) -> bool:
    """Say whether *ch* shows nothing by itself: a space, a control, a filler, a mark."""
    return (
        ch in BLANKS
        or unicodedata.category(ch) in {"Cf", "Cc", "Zs", "Zl", "Zp", "Mn", "Me"}
        or _IGNORABLE.match(ch) is not None
    )


def _folded_by_letter(text: str) -> Aligned:
    first = _affected().search(text)
    if first is None:
        return Aligned.whole(text)
    fold = _Fold(text, first.start())
    fold.take(first.start(), len(text))
    return fold.aligned()


class _Fold:
    """The result so far. One pass; only the characters beside it decide about a mark."""

    def __init__(self, text: str, unaffected: int) -> None:
        expands = len(_expanding().findall(text)) <= MAX_EXPANDING
        self._table = _table() if expands else _table_without_expansion()
        self._text = text
        self._chars = list(text[:unaffected])
        self._starts = list(range(unaffected))
        self._ends = list(range(1, unaffected + 1))
        self._marks = 0

    def aligned(self) -> Aligned:
        return Aligned("".join(self._chars), self._starts, self._ends)

    def take(self, start: int, end: int) -> None:
        """Fold a stretch of affected characters."""
        text, table = self._text, self._table
        chars, starts, ends = self._chars.append, self._starts.append, self._ends.append
        for i in range(start, end):
            kind, new = table.get(text[i]) or (_Kind.TEXT, text[i])
            if kind is _Kind.TEXT:
                for ch in new:
                    chars(ch)
                    starts(i)
                    ends(i + 1)
                    self._marks = 0
            elif kind is _Kind.MARK:
                self._mark(new, i)
            elif self._chars and self._belongs(kind, i):
                self._add(new, i)

    def _add(self, ch: str, i: int) -> None:
        self._chars.append(ch)
        self._starts.append(i)
        self._ends.append(i + 1)

    def _belongs(self, kind: _Kind, i: int) -> bool:
        """Say whether a joiner or selector belongs to the emoji before it."""
        previous = self._chars[-1]
        if kind is _Kind.STYLE:
            return _is_emoji(previous)
        return (
            (previous == _EMOJI_STYLE or _is_emoji(previous))
            and i + 1 < len(self._text)
            and _is_emoji(self._text[i + 1])
        )

    def _mark(self, mark: str, i: int) -> None:
        """Drop a mark on a Latin letter, join it to another or keep it, up to a limit."""
        self._marks += 1
        base = self._chars[-1] if self._chars else " "
        if self._marks > MAX_MARKS or _LATIN.match(base):
            self._cover(i)
        elif _DIACRITIC.match(mark):
            joined = unicodedata.normalize("NFC", base + mark)
            if len(joined) == 1:
                self._chars[-1] = joined
            self._cover(i)
        elif _WITHOUT_OTHER_MARKS.match(base):
            self._cover(i)
        else:
            self._add(mark, i)

    def _cover(self, i: int) -> None:
        """Let the last character stand for what was dropped right behind it, too."""
        if self._ends and self._ends[-1] == i:
            self._ends[-1] = i + 1


def _is_emoji(ch: str) -> bool:
    return ch > "\x7f" and (unicodedata.category(ch) == "So" or _SKIN_TONES.match(ch) is not None)


@cache
def _table() -> dict[str, tuple[_Kind, str]]:
    """Return what becomes of every character that does not simply stay.

    Built at first use, about 11,000 entries. The ranges left out hold ideographs, Hangul
    and old scripts, in which nothing is ever folded.
    """
    blocks = chain(
        range(0x3400),
        range(0xA000, 0xAC00),
        range(0xD7B0, 0xD800),
        range(0xE000, 0x13000),
        range(0x16A00, 0x17000),
        range(0x1BC00, 0x20000),
        range(0x2F800, 0x2FA20),
        range(0xE0000, 0xE1000),
    )
    fates = ((ch, _fate(ch)) for ch in map(chr, blocks))
    return {ch: fate for ch, fate in fates if fate != (_Kind.TEXT, ch)}


@cache
def _table_without_expansion() -> dict[str, tuple[_Kind, str]]:
    return {ch: fate for ch, fate in _table().items() if len(fate[1]) < 2}  # noqa: PLR2004 - one stays one


@cache
def _affected() -> re.Pattern[str]:
    # Above the first plane ``re`` tries range after range, so all of that counts as affected.
    return re.compile(f"[{_in_first_plane(_table())}\U00010000-\U0010ffff]")


@cache
def _expanding() -> re.Pattern[str]:
    return re.compile(f"[{_in_first_plane(ch for ch, (_, new) in _table().items() if new[1:])}]")


def _in_first_plane(chars: Iterable[str]) -> str:
    return re.escape("".join(ch for ch in chars if ch <= "\uffff"))


def _fate(ch: str) -> tuple[_Kind, str]:
    """Return what one character becomes when nothing around it matters."""
    special = _SPECIAL.get(ch)
    if special is not None:
        return special
    if _IGNORABLE.match(ch):
        return _Kind.TEXT, ""
    category = unicodedata.category(ch)
    if category in {"Mn", "Me"}:
        return _Kind.MARK, ch
    return _Kind.TEXT, _BY_CATEGORY[category] if category in _BY_CATEGORY else _plain(ch)


def _plain(ch: str) -> str:
    """Return a letter without style, and without accents if it is Latin."""
    decomposition = unicodedata.decomposition(ch)
    new = unicodedata.normalize("NFKC", ch)
    if not decomposition or _is_better_kept(decomposition, new):
        return ch
    if new != ch:
        new = _IN_PARENTHESES.sub(r"\1", new)
        if len(new) > 1 and ch > "\uffff":
            return ch
        return "".join(_fate(part)[1] for part in new if not _DIACRITIC.match(part))
    base = unicodedata.normalize("NFD", ch)[0]
    return LATIN_VARIANTS.get(base, base) if _LATIN.match(base) else ch


def _is_better_kept(decomposition: str, new: str) -> bool:
    """Spare powers (m²), fractions, trade marks, accents and vowel signs that stand alone."""
    if len(new) > MAX_EXPANSION or decomposition.startswith("<fraction>"):
        return True
    if decomposition.startswith(("<super>", "<sub>")):
        return not (len(new) == 1 and new.isalpha())
    return len(new) > 1 and (new[0] == " " or unicodedata.category(new[0]) == "Mn")
