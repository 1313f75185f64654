"""The engine beside Detoxify itself: the same weights, the same comments, the same run."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Final

from tests.bench.bare_engine import ways
from tests.bench.beside_detoxify import ENGINE, LIBRARY, compact, original
from tests.bench.fresh import fresh
from tests.bench.pace import Drain, by_turns
from tests.bench.table import Row, show
from tests.bench.texts import news_texts

_ROUNDS: Final = 5
_OF_ORIGINAL: Final = 40
"""Comments a round, five seconds of Detoxify."""

_OF_COMPACT: Final = 160
_LEAST_TIMES: Final = 2.5


def main() -> None:
    started = [fresh(news_texts(200)) for _ in range(_ROUNDS)]
    with original() as drains:
        rows = beside("original's shape", drains, news_texts(_OF_ORIGINAL), _ROUNDS)
    with compact() as drains:
        rows += beside("compact", drains, news_texts(_OF_COMPACT), _ROUNDS)
    with ways() as drains:
        rates = by_turns(drains, news_texts(_OF_COMPACT), _ROUNDS)
    way, rate = max(_middle(rates).items(), key=lambda each: each[1])
    first = median(each.first_score_s for each in started)
    peak = median(each.peak_mib for each in started)
    show(
        [
            *rows,
            (f"compact: engine, {way}, comments/s", f"{rate:.1f}", ">= 100"),
            ("compact: process start to first score", f"{first:.2f} s", "<= 1 s"),
            ("compact: memory at its highest, 200 comments", f"{peak:.0f} MB", "<= 200 MB"),
        ]
    )


def beside(shape: str, drains: Mapping[str, Drain], texts: Sequence[str], rounds: int) -> list[Row]:
    """Let Detoxify and the engine score *texts* by turns; the ratio is that of a round."""
    for drain in drains.values():
        drain(texts[:4])
    rates = by_turns(drains, texts, rounds)
    middle = _middle(rates)
    times = median(each[ENGINE] / each[LIBRARY] for each in rates)
    return [
        (f"{shape}: {LIBRARY} one by one, comments/s", f"{middle[LIBRARY]:.1f}", ""),
        (f"{shape}: {ENGINE} one by one, comments/s", f"{middle[ENGINE]:.1f}", ""),
        (f"**{shape}: {ENGINE} / {LIBRARY}**", f"**{times:.2f}**", f">= {_LEAST_TIMES}"),
    ]


def _middle(rates: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {name: median(each[name] for each in rates) for name in rates[0]}
