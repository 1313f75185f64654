"""Domain names that are taken for others by eye."""

import re
import unicodedata
from typing import Final

from moderation.domain.confusables import LATIN_VARIANTS, LOOKALIKES, LOOSE_LOOKALIKES
from moderation.domain.spam.finding import NOTHING, Finding
from moderation.domain.spam.hosts import PUNYCODE, in_letters, site_of
from moderation.domain.spam.reading import Linked, Reading, found_in

_ONE_LETTER_OFF: Final = 0.7
_RAW_PUNYCODE: Final = 0.25
"""Scores below 1: typing errors happen, and browsers copy honest foreign names as punycode."""

_LEAST_FOR_DIGITS: Final = 5
_LEAST_FOR_A_LETTER: Final = 7
"""Letters of the site's name from which its look-alikes are no other short words."""

_FOREIGN: Final = re.compile("[\u0370-\u052f\u0530-\u058f\u13a0-\u13ff\ua4d0-\ua4ff]")
_LATIN: Final = re.compile("[a-z\u00df-\u024f]")
_STRICT: Final = str.maketrans(LOOKALIKES)
_SHAPES: Final = str.maketrans(
    LOOSE_LOOKALIKES
    | LATIN_VARIANTS
    | {"0": "o", "1": "l", "i": "l", "|": "l", "3": "e", "5": "s", "-": ""}
)


def lookalike_link(reading: Reading) -> Finding:
    """Look for domains that are taken for the site's own, and for raw punycode.

    Without the article's address the site's domain is unknown, and punycode is all there is.
    """
    rated = [(_likeness(each.host, reading.own), each) for each in reading.linked()]
    best = max((likeness for likeness, _ in rated), default=0.0)
    if best == 0.0:
        return NOTHING
    links: list[Linked] = [each for likeness, each in rated if likeness > 0.0]
    if best == _RAW_PUNYCODE:
        return found_in(links, "a web address in punycode", score=best)
    return found_in(links, "a link to an address that looks like this site's own", score=best)


def is_homograph(host: str) -> bool:
    """Say whether foreign letters pass for Latin ones in a host: all of them look like Latin.

    In a name of nothing else they do so only under a Latin ending.
    """
    labels = in_letters(host).split(".")
    return any(
        _FOREIGN.search(label) is not None
        and _FOREIGN.search(label.translate(_STRICT)) is None
        and (labels[-1].isascii() or _LATIN.search(label) is not None)
        for label in labels[:-1]
    )


def _likeness(host: str, own: str | None) -> float:
    punycode = _RAW_PUNYCODE if PUNYCODE in host else 0.0
    if own is None:
        return punycode
    spelt = re.escape(own).replace(r"\.", "[.-]")
    if re.search(rf"(?<![a-z0-9]){spelt}(?![a-z0-9])", host):
        return 1.0
    ours, theirs = _name(own), _name(site_of(host))
    if ours == theirs:
        return 0.0  # gazette.org beside gazette.com: mostly honest
    if _shape(ours) == _shape(theirs) and (not theirs.isascii() or len(ours) >= _LEAST_FOR_DIGITS):
        return 1.0
    if len(ours) >= _LEAST_FOR_A_LETTER and _one_edit_apart(ours, theirs):
        return _ONE_LETTER_OFF
    return punycode


def _name(site: str) -> str:
    return in_letters(site).split(".")[0]


def _shape(name: str) -> str:
    bare = "".join(
        ch for ch in unicodedata.normalize("NFKD", name) if not unicodedata.combining(ch)
    )
    return bare.translate(_SHAPES).replace("rn", "m").replace("vv", "w")


def _one_edit_apart(one: str, other: str) -> bool:
    """Say whether one letter was added, left out, changed, or swapped with the next."""
    if abs(len(one) - len(other)) > 1:
        return False
    same = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if same is None:
        return len(one) != len(other)
    return (
        one[same + 1 :] == other[same + 1 :]
        or one[same + 1 :] == other[same:]
        or one[same:] == other[same + 1 :]
        or (
            one[same : same + 2] == other[same : same + 2][::-1]
            and one[same + 2 :] == other[same + 2 :]
        )
    )
