"""A site's own decisions, read from JSON lines, as labels to learn and labels to be tried on."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from moderation.domain.text import canonical, visible
from workers.training.data import LABELS, Example, Targets, fingerprint

MOST: Final = 50_000
"""Texts that are kept, so that any file can be read: beyond it a fair draw of them."""

LEAST: Final = 200
LEAST_TAUGHT: Final = 30
LEAST_HELD_OUT: Final = 20

_EVERY: Final = 5
"""One text in so many is held out."""

_APPROVE: Final = ("approve", "approved")
_HOLD: Final = ("hold", "held")
_REJECT: Final = ("reject", "rejected")

TEACHES: Final[Mapping[str, str | None]] = {
    "insult": "insult",
    "hate": "identity_attack",
    "threat": "threat",
    "obscene": "obscene",
    "mistaken": None,
    "other": None,
}
"""Reasons of a rejection from which toxicity is learned, and what else each says."""

PASSED_OVER: Final = frozenset({"spam", "off_topic", "private_data", "unlawful", "misleading"})
"""Reasons that have nothing to do with the tone of a comment."""

_ABOUT_SOMETHING_ELSE: Final = re.compile(
    r"spam|advert|promot|commercial|duplicate|repeat|copyright|off[\W_]?topic|phish|scam", re.I
)
"""The same in the words of other systems."""


class UnusableDecisions(Exception):
    """Nothing can be learned from them; the message says why and quotes nothing of them."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """Distinct texts in canonical form with their labels; no text is in both lists.

    ``passed_over``: lines by why nothing was learned from them.
    """

    taught: list[Example]
    held_out: list[Example]
    passed_over: Mapping[str, int]

    def need_enough(self) -> None:
        """Say what is missing.

        Raises:
            UnusableDecisions: There are too few to learn from or to judge by.
        """
        taught, held_out = (_counted(each) for each in (self.taught, self.held_out))
        missing = []
        if (found := len(self.taught) + len(self.held_out)) < LEAST:
            missing.append(f"{found} decisions, {LEAST} are needed")
        for label, what in ((False, "approved"), (True, "rejected")):
            if taught[label] < LEAST_TAUGHT:
                missing.append(f"{taught[label]} {what} to learn from, {LEAST_TAUGHT} are needed")
            if held_out[label] < LEAST_HELD_OUT:
                missing.append(
                    f"{held_out[label]} {what} among those held out, {LEAST_HELD_OUT} are needed "
                    f"(about {LEAST_HELD_OUT * _EVERY} {what} in all)"
                )
        if missing:
            raise UnusableDecisions(f"too little to learn from: {'; '.join(missing)}")


def read_decisions(lines: Iterable[bytes], *, most: int = MOST) -> Decisions:
    """Read decisions, the last of each text, and hold one text in five out.

    Which are held out follows from the text alone: one that was held out once is never
    learned from, whatever is decided and however often the model is taught. Copies that
    differ in nothing but case, signs or disguise are one text.

    Args:
        lines: Objects with ``text`` or ``body``, and ``action``, ``decision`` or ``status``,
            or labels as numbers, of which toxicity must be one. ``decided_at`` tells which is
            the last; where it is missing the later line is.
        most: Texts to keep.

    Raises:
        UnusableDecisions: A line is broken.
    """
    kept: dict[bytes, tuple[str, Example | None]] = {}
    bar = b"\xff" * 32
    passed_over: Counter[str] = Counter()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        row = _object(number, line)
        text = _text(number, row)
        example, why = _example(number, row, text)
        if example is None and why != _WITHDRAWS:
            passed_over[why] += 1
            continue
        digest = sha256((fingerprint(text) or text).encode("utf-8", "replace")).digest()
        if digest > bar:
            passed_over["drawn out"] += 1
            continue
        when = _when(number, row)
        if digest not in kept or when >= kept[digest][0]:
            kept[digest] = (when, example)
        if len(kept) > 2 * most:
            bar = sorted(kept)[most - 1]
            passed_over["drawn out"] += len(kept) - most
            kept = {each: of for each, of in kept.items() if each <= bar}
    return _split(kept, most, passed_over)


_WITHDRAWS: Final = "for other reasons"
"""Why a rejection teaches nothing; it takes back what was decided of the text before."""


def _split(
    kept: Mapping[bytes, tuple[str, Example | None]], most: int, passed_over: Counter[str]
) -> Decisions:
    taught, held_out = [], []
    for digest in sorted(kept)[:most]:
        example = kept[digest][1]
        if example is None:
            passed_over[_WITHDRAWS] += 1
        elif digest[-1] % _EVERY == 0:
            held_out.append(example)
        else:
            taught.append(example)
    return Decisions(taught, held_out, dict(passed_over))


def _example(number: int, row: Mapping[str, Any], text: str) -> tuple[Example | None, str]:
    """Turn a row into labels; or say why nothing is learned from it."""
    if row.get("decided_by") == "policy":
        return None, "decided by the policy"
    if any(row.get(label) is not None for label in LABELS):
        return Example(text, _labels(number, row)), ""
    action = row.get("action", row.get("decision", row.get("status")))
    if action is None:
        raise _fault(number, "there is neither an action nor a toxicity")
    if action in _HOLD:
        return None, "held"
    if action in _APPROVE:
        return Example(text, (0.0,) * len(LABELS)), ""
    if action not in _REJECT:
        raise _fault(number, "the action is none of approve, hold and reject")
    return _from_rejection(number, row, text)


def _from_rejection(number: int, row: Mapping[str, Any], text: str) -> tuple[Example | None, str]:
    reason = row.get("reason") or "other"
    if not isinstance(reason, str):
        raise _fault(number, "the reason is no text")
    if reason in PASSED_OVER or _ABOUT_SOMETHING_ELSE.search(reason):
        return None, _WITHDRAWS
    also = TEACHES.get(reason)
    return Example(text, tuple(1.0 if x in ("toxicity", also) else None for x in LABELS)), ""


def _labels(number: int, row: Mapping[str, Any]) -> Targets:
    if row.get("toxicity") is None:
        raise _fault(number, "there are labels without a toxicity")
    return tuple(_share(number, label, row.get(label)) for label in LABELS)


def _share(number: int, label: str, given: object) -> float | None:
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 <= given <= 1:
        raise _fault(number, f"the label {label} is no number in [0, 1]")
    return float(given)


def _object(number: int, line: bytes) -> Mapping[str, Any]:
    try:
        row = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
    except (ValueError, RecursionError):
        raise _fault(number, "it is not JSON in UTF-8") from None
    if not isinstance(row, dict):
        raise _fault(number, "it is not a JSON object")
    return row


def _text(number: int, row: Mapping[str, Any]) -> str:
    text = row.get("text", row.get("body"))
    if not isinstance(text, str) or not visible(text):
        raise _fault(number, "there is no text")
    return canonical(text).text


def _when(number: int, row: Mapping[str, Any]) -> str:
    """Return the time of a decision in a form that sorts; empty if none is given."""
    given = row.get("decided_at")
    if given is None:
        return ""
    try:
        return f"{datetime.fromisoformat(given).timestamp():020.6f}"
    except (TypeError, ValueError, OverflowError, OSError):
        raise _fault(number, "decided_at is no time") from None


def _fault(number: int, what: str) -> UnusableDecisions:
    return UnusableDecisions(f"line {number}: {what}")


def _counted(listed: Iterable[Example]) -> Counter[bool]:
    return Counter(rejected(each) for each in listed)


def rejected(example: Example) -> bool:
    """Say whether people took a text for toxic, by the majority where it is a share."""
    return (example.toxic or 0.0) >= 0.5  # noqa: PLR2004 - a majority
