"""How much of a source the others teach: train without it, measure on it, and compare."""

import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

import numpy as np

from workers.evaluation.metrics import auc, positive
from workers.training.data import Example, fingerprint

log = logging.getLogger(__name__)

FINISHED: Final = "left_out.jsonl"
TABLE: Final = "left_out.md"
RESULTS: Final = "left_out.json"

_ASIDE: Final = 5
"""Of so many rows of a source one is kept aside, to be measured on and never taught."""

Pools = Mapping[str, Sequence[Example]]
"""Of each source the texts that are taught, drawn already."""

Score = Callable[[Sequence[str]], Sequence[float]]
"""Gives the toxicity of texts, in their order."""

Teach = Callable[[Sequence[Example], Path], Score]
"""Trains on examples, goes on from what the folder keeps, and gives what scores."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Toxicity AUC on one source's rows kept aside, without it and with it in the mixture.

    ``left_out`` and ``taken_in`` are None where all rows kept aside are of one kind, as those
    of a source that is toxic throughout: no AUC can be measured there.
    """

    source: str
    texts: int
    toxic: int
    left_out: float | None
    taken_in: float | None


def leave_one_out(pools: Pools, teach: Teach, work: Path) -> list[LeftOut]:
    """Measure every source, going on from those that *work* has as finished.

    No row kept aside is taught by any run, under whatever source it stands.
    All runs that take a source in are one and the same, so there is one training more than
    there are sources.

    Args:
        pools: Of each source its texts. They, and *teach*, must be those of the first call.
        teach: Trains a model.
        work: Keeps the state of each training, and a line for each finished source.
    """
    work.mkdir(parents=True, exist_ok=True)
    aside = {name: [e for e in pool if _kept_aside(e)] for name, pool in pools.items()}
    taught = {name: [e for e in pool if not _kept_aside(e)] for name, pool in pools.items()}
    finished = {each.source: each for each in read_finished(work)}
    for name in pools:
        if name in finished:
            continue
        log.info("leaving out %s", name)
        finished[name] = _measured(name, aside[name], taught, teach, work)
        with (work / FINISHED).open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(asdict(finished[name])) + "\n")
    found = [finished[name] for name in pools]
    (work / RESULTS).write_text(json.dumps([asdict(each) for each in found], indent=2) + "\n")
    (work / TABLE).write_text(as_markdown(found), "utf-8")
    return found


def read_finished(work: Path) -> Iterator[LeftOut]:
    """Read the finished sources; a last line that was being written is not one of them."""
    path = work / FINISHED
    if not path.exists():
        return
    whole = [line for line in path.read_text("utf-8").splitlines(keepends=True) if line[-1] == "\n"]
    path.write_text("".join(whole), "utf-8")
    for line in whole:
        yield LeftOut(**json.loads(line))


def as_markdown(found: Sequence[LeftOut]) -> str:
    """Lay the sources out as a table."""
    lines = [
        "| Source | Texts | Toxic | AUC, left out | AUC, taken in | Lost |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for each in found:
        lost = None
        if each.left_out is not None and each.taken_in is not None:
            lost = each.taken_in - each.left_out
        figures = " | ".join(
            "" if x is None else f"{x:.3f}" for x in (each.left_out, each.taken_in, lost)
        )
        lines.append(f"| {each.source} | {each.texts:,} | {each.toxic:,} | {figures} |")
    return "\n".join(lines) + "\n"


def _measured(
    name: str, aside: Sequence[Example], taught: Pools, teach: Teach, work: Path
) -> LeftOut:
    known = [(e.text, e.toxic) for e in aside if e.toxic is not None]
    labels = np.array([toxic for _, toxic in known], dtype=float)
    toxic = int(positive(labels).sum())
    if not 0 < toxic < len(known):
        return LeftOut(name, len(known), toxic, None, None)
    texts = [text for text, _ in known]
    without = {other: pool for other, pool in taught.items() if other != name}
    scores = [
        teach(_together(pools), work / folder)(texts)
        for pools, folder in ((without, f"without-{name}"), (taught, "with-all"))
    ]
    left_out, taken_in = (round(auc(labels, np.array(each)), 4) for each in scores)
    return LeftOut(name, len(known), toxic, left_out, taken_in)


def _together(pools: Pools) -> list[Example]:
    """Join what is taught; the order is the trainer's own affair."""
    return [e for pool in pools.values() for e in pool]


def _kept_aside(example: Example) -> bool:
    """Tell by the text alone, so that copies of a row are all on one side."""
    letters = fingerprint(example.text).encode("utf-8", "surrogatepass")
    return int.from_bytes(sha256(letters).digest()[:4]) % _ASIDE == 0
