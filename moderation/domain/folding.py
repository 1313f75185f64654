"""Undo what Unicode can do to a letter: styles, accents, invisible characters, direction."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable
from functools import cache
from itertools import chain, compress
from typing import Final, Literal, TypeAlias

from moderation.domain.aligned import Aligned
from moderation.domain.confusables import LATIN_VARIANTS, LUNATE, QUOTES, SQUARED
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
_MARKS: Final = frozenset({"mark", "diacritic"})
_LATIN: Final = frozenset(map(chr, [*range(0x250), *range(0x1E00, 0x1F00)]))
_WITHOUT_MARKS: Final = _LATIN.union(
    map(chr, range(0x250, 0x590)),
    map(chr, range(0x13A0, 0x1400)),
    map(chr, range(0x1F00, 0x2000)),
    map(chr, range(0xA4D0, 0xA500)),
)
"""Letters whose scripts need no marks but diacritics."""

_IGNORABLE: Final = re.compile(
    "[\u034f\u17b4\u17b5\u2065\ufe00-\ufe0f\ufff0-\ufff8\U000e0000-\U000e0fff]"
)
_IN_PARENTHESES: Final = re.compile(r"^\(([A-Za-z])\)$")


_Kind: TypeAlias = Literal["text", "mark", "diacritic", "joiner", "style"]
"""What a character is; an enum's members would take longer to look up than all the rest."""

_ALIKE: Final = {**LATIN_VARIANTS, **QUOTES, **SQUARED, "\x0b": "\n", "\x0c": "\n", "\x85": "\n"}
_SPECIAL: Final[dict[str, tuple[_Kind, str]]] = {
    _JOINER: ("joiner", _JOINER),
    _EMOJI_STYLE: ("style", _EMOJI_STYLE),
    **{ch: ("text", new) for ch, new in _ALIKE.items()},
    **{ch: ("text", ch) for ch in DIRECTIONS + BLANKS + LUNATE + "\t\n\r"},
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
    if _affected().search(text) is None:
        return Aligned.whole(text)
    expanded = [found.start() for found in _expanding().finditer(text)]
    if len(expanded) > MAX_EXPANDING:
        expanded = []
    alone, beside = _alone(expanding=bool(expanded)), _beside()
    fold = _Fold(text, list(map(alone.get, text, text)))
    fold.look_at([i for i, ch in enumerate(text) if ch in beside])
    return fold.aligned(expanded)


class _Fold:
    """What becomes of each character: mostly one, sometimes none or several.

    At first each has met the fate that it meets alone. One pass then looks at the marks and
    joiners, for which what is left beside them matters.
    """

    def __init__(self, text: str, cells: list[str]) -> None:
        self._text = text
        self._cells = cells
        self._ends = list(range(1, len(text) + 1))
        """Up to where the last character of each cell stands for the text."""

    def look_at(self, places: Iterable[int]) -> None:
        """Keep, join or drop the marks and joiners, which stand at these places, in order."""
        text, cells, ends, beside = self._text, self._cells, self._ends, _beside()
        last, marks, unseen = -1, 0, 0  # the last cell so far that is not empty, if any is
        for i in places:
            before = i - 1
            while before >= unseen and not cells[before]:
                before -= 1
            if before >= unseen:
                last, marks = before, 0
            unseen = i + 1
            kind = beside[text[i]]
            is_mark = kind in _MARKS
            marks += is_mark
            if last >= 0 and not (is_mark and marks > MAX_MARKS) and self._stays(kind, i, last):
                last = i
                continue
            cells[i] = ""
            if is_mark and last >= 0 and ends[last] == i:
                ends[last] = i + 1  # it stands for what was dropped right behind it, too

    def aligned(self, expanded: Iterable[int]) -> Aligned:
        """Return the result; the cells at these places, in order, hold several characters."""
        cells = self._cells
        starts = list(compress(range(len(cells)), cells))
        ends = list(compress(self._ends, cells))
        all_starts: list[int] = []
        all_ends: list[int] = []
        done = 0
        for i in expanded:
            at, more = bisect_left(starts, i), len(cells[i]) - 1
            all_starts += starts[done:at] + [i] * more
            all_ends += ends[done:at] + [i + 1] * more
            done = at
        return Aligned("".join(cells), all_starts + starts[done:], all_ends + ends[done:])

    def _stays(self, kind: _Kind, i: int, last: int) -> bool:
        """Say whether a mark or joiner stays; a diacritic joins its letter where there is one."""
        base = self._cells[last][-1]
        if kind == "diacritic":
            if base not in _LATIN:
                joined = unicodedata.normalize("NFC", base + self._text[i])
                if len(joined) == 1:
                    self._cells[last] = self._cells[last][:-1] + joined
            return False
        if kind == "mark":
            return base not in _WITHOUT_MARKS
        if kind == "style":
            return _is_emoji(base)
        return (
            (base == _EMOJI_STYLE or _is_emoji(base))
            and i + 1 < len(self._text)
            and _is_emoji(self._text[i + 1])
        )


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
    return {ch: fate for ch, fate in fates if fate != ("text", ch)}


@cache
def _alone(*, expanding: bool) -> dict[str, str]:
    """Return what becomes of those for which nothing beside them matters.

    Without those that become several, unless *expanding*.
    """
    return {
        ch: new
        for ch, (kind, new) in _table().items()
        if kind == "text" and (expanding or len(new) < 2)  # noqa: PLR2004 - one stays one
    }


@cache
def _beside() -> dict[str, _Kind]:
    """Return the others."""
    return {ch: kind for ch, (kind, _) in _table().items() if kind != "text"}


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
        return "text", ""
    category = unicodedata.category(ch)
    if category in {"Mn", "Me"}:
        return ("diacritic" if _DIACRITIC.match(ch) else "mark"), ch
    return "text", _BY_CATEGORY[category] if category in _BY_CATEGORY else _plain(ch)


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
    return LATIN_VARIANTS.get(base, base) if base in _LATIN else ch


def _is_better_kept(decomposition: str, new: str) -> bool:
    """Spare powers (m²), fractions, trade marks, accents and vowel signs that stand alone."""
    if len(new) > MAX_EXPANSION or decomposition.startswith("<fraction>"):
        return True
    if decomposition.startswith(("<super>", "<sub>")):
        return not (len(new) == 1 and new.isalpha())
    return len(new) > 1 and (new[0] == " " or unicodedata.category(new[0]) == "Mn")
