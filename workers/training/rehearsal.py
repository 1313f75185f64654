"""What a model is reminded of while it learns something new: its own scores of other texts.

Li and Hoiem, "Learning without Forgetting", 2016. The texts need no labels.
"""

import json
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path

from moderation.domain.text import canonical
from workers.engines.engine import Engine
from workers.evaluation.drawing import Draw, evenly
from workers.evaluation.reading import data_sets, read_texts
from workers.training.data import LABELS, Example
from workers.training.identities import counterfactuals


def draw_texts(data: Path | None, most: int) -> list[str]:
    """Draw texts to rehearse, as many of each source as there are, the same ones every time.

    Args:
        data: A file or folder of texts, as ``moderation eval`` reads them; None: only what
            comes with the service, sentences about groups of people and news comments.
        most: How many to draw; fewer where there are not so many.

    Raises:
        UnreadableData: *data* is broken.
    """
    sources = [_drawn("own", (each.text for each in counterfactuals()), most)]
    sources.append(_drawn("sample", _sample(), most))
    for name, path in data_sets(data).items() if data else ():
        sources.append(_drawn(name, (each.text for each in read_texts(path, ())), most))
    return [canonical(text).text for text in evenly(sources, most)]


def remembered(engine: Engine, texts: Sequence[str]) -> list[Example]:
    """Give texts the scores that *engine* gives them, as what is to be learned."""
    return [
        Example(text, tuple(scores.get(label) for label in LABELS))
        for text, scores in zip(texts, engine.score(texts), strict=True)
    ]


def _drawn(name: str, texts: Iterator[str], most: int) -> list[str]:
    draw = Draw[str](most, seed=name)
    for text in texts:
        draw.offer(text)
    return draw.kept


def _sample() -> Iterator[str]:
    sample = files("moderation.samples") / "news_comments.jsonl"
    for line in sample.read_text("utf-8").splitlines():
        yield json.loads(line)["body"]
