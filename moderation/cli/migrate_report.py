"""The report of a move: how far old and new scores agree, as one document and one page."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from moderation.cli.migrate_texts import OldText
from moderation.compat.perspective.attributes import MEANINGS
from moderation.domain.agreement import Agreement, agreement

_MOST_DRAWN: Final = 2_000
"""Dots of a drawing; of more texts they are taken evenly."""

_SIDE: Final = 240


def report(
    texts: Sequence[OldText],
    here: Sequence[Mapping[str, float]],
    attributes: Sequence[str],
    *,
    thresholds: Sequence[float],
    most: int,
) -> list[dict[str, Any]]:
    """Compare each attribute on the texts that both sides measured.

    Returns:
        One document an attribute, in their order. Those that no text has both scores of say
        only how many texts each side measured.
    """
    return [_attribute(name, texts, here, thresholds, most) for name in attributes]


def page(document: Mapping[str, Any]) -> str:
    """Lay the document out as a page that needs nothing else."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("moderation.cli"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "share": lambda value: "–" if value is None else f"{value:.1%}",  # noqa: RUF001
        "figure": lambda value: "–" if value is None else f"{value:.3f}",  # noqa: RUF001
        "fine": lambda value: "–" if value is None else f"{value:.4f}",  # noqa: RUF001
    }
    return environment.get_template("migrate_check.html").render(document)


def _attribute(
    name: str,
    texts: Sequence[OldText],
    here: Sequence[Mapping[str, float]],
    thresholds: Sequence[float],
    most: int,
) -> dict[str, Any]:
    meaning = MEANINGS[name]
    both = [
        (each.text, each.scores[name], scores[meaning.signal])
        for each, scores in zip(texts, here, strict=True)
        if name in each.scores and meaning.signal in scores
    ]
    told: dict[str, Any] = {
        "attribute": name,
        "signal": meaning.signal,
        "kind": meaning.kind.value,
        "texts": len(both),
        "without_old_score": sum(name not in each.scores for each in texts),
        "not_measured_here": sum(meaning.signal not in scores for scores in here),
    }
    if not both:
        return told
    old = [score for _, score, _ in both]
    new = [score for _, _, score in both]
    found = agreement(old, new, thresholds=thresholds, most=most)
    return told | {
        "pearson": found.pearson,
        "spearman": found.spearman,
        "thresholds": [asdict(each) for each in found.thresholds],
        "differing": [_differing(i, both[i], found) for i in found.differing],
        "dots": _dots(old, new),
    }


def _differing(i: int, text: tuple[str, float, float], found: Agreement) -> dict[str, Any]:
    return {
        "text": text[0],
        "old": text[1],
        "here": text[2],
        "old_rank": found.old_ranks[i],
        "rank_here": found.ranks_here[i],
    }


def _dots(old: Sequence[float], new: Sequence[float]) -> list[tuple[float, float]]:
    """Return where the dots of a square drawing lie, from its upper left corner."""
    step = max(1, len(old) // _MOST_DRAWN)
    return [
        (round(x * _SIDE, 1), round((1 - y) * _SIDE, 1))
        for x, y in list(zip(old, new, strict=True))[::step]
    ]
