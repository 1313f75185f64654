"""What a replay found, counted: how often which outcome, and how that fits the labels."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

STOPPED: Final = frozenset({"held", "rejected"})
"""What happens to a comment that the service does not let through by itself."""

_STATUSES: Final = ("approved", "held", "rejected", "pending")
_TOXIC: Final = frozenset({"toxic", "1", "1.0", "true", "yes", "rejected", "reject"})
_CLEAN: Final = frozenset({"clean", "0", "0.0", "false", "no", "approved", "approve"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """One comment: its status or the problem it met; whether people call it toxic, if known."""

    result: str
    toxic: bool | None


def label(values: dict[str, Any]) -> bool | None:
    """Tell from a record's ``label`` or ``toxicity`` whether people call the text toxic."""
    given = values.get("label", values.get("toxicity"))
    text = str(given).strip().lower()
    if text in _TOXIC:
        return True
    return False if text in _CLEAN else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """How decisions fit the labels; shares are None where there is nothing to count.

    ``caught`` is the share of toxic comments that were held or rejected, ``false_alarms``
    the share of clean ones.
    """

    toxic: int
    clean: int
    caught: float | None
    false_alarms: float | None


def compare(outcomes: Iterable[Outcome]) -> Comparison:
    """Compare decisions with labels; comments without a label or a decision do not count."""
    stopped: Counter[bool] = Counter()
    decided: Counter[bool] = Counter()
    for outcome in outcomes:
        if outcome.toxic is None or outcome.result not in ("approved", *STOPPED):
            continue
        decided[outcome.toxic] += 1
        stopped[outcome.toxic] += outcome.result in STOPPED
    return Comparison(
        toxic=decided[True],
        clean=decided[False],
        caught=_share(stopped[True], decided[True]),
        false_alarms=_share(stopped[False], decided[False]),
    )


def table(outcomes: Iterable[Outcome]) -> Iterator[tuple[str, int, int, int]]:
    """Yield (outcome, how many, of them toxic, of them clean), decisions before problems."""
    counts: Counter[str] = Counter()
    labelled: Counter[tuple[str, bool]] = Counter()
    for outcome in outcomes:
        counts[outcome.result] += 1
        if outcome.toxic is not None:
            labelled[outcome.result, outcome.toxic] += 1
    problems = sorted(counts.keys() - set(_STATUSES))
    for result in (*_STATUSES, *problems):
        if counts[result]:
            yield result, counts[result], labelled[result, True], labelled[result, False]


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
