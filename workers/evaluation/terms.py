"""False alarms of each identity term in sentences that differ in nothing else.

Dixon and others, "Measuring and Mitigating Unintended Bias in Text Classification", 2018: a
sentence such as "Angela is a kind reader", made from a template by a term.
"""

from collections.abc import Iterable, Mapping
from typing import Final

TEMPLATE: Final = "name_adj"
_NAME_IS_A: Final = 4
"""Words before the identity term in "Angela is a rotten american"."""


def term_of(row: Mapping[str, object], text: str) -> str | None:
    """Return the identity term of a row whose text was made from a template, else None."""
    if row.get("template") != TEMPLATE:
        return None
    return " ".join(text.split()[_NAME_IS_A:])


def alarms_by_term(sentences: Iterable[tuple[str, bool]]) -> dict[str, float]:
    """Work out the share of sentences held, by term and sorted by it.

    Args:
        sentences: Of each harmless one its term, and whether it would be held.
    """
    groups: dict[str, list[bool]] = {}
    for term, held in sentences:
        groups.setdefault(term, []).append(held)
    return {term: round(sum(held) / len(held), 4) for term, held in sorted(groups.items())}


def widest_gap(rates: Mapping[str, float]) -> tuple[str, float]:
    """Name the term whose rate lies furthest from the mean of all, and how far."""
    mean = sum(rates.values()) / len(rates)
    term = max(rates, key=lambda each: abs(rates[each] - mean))
    return term, round(rates[term] - mean, 4)
