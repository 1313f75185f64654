"""Drawings for the report, as inline SVG; colours come from the page's style."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from markupsafe import Markup, escape

Point = tuple[float, float]

_WIDTH: Final = 300
_HEIGHT: Final = 250
_LEFT: Final = 54
_TOP: Final = 12
_SIDE: Final = 210
"""Length of both axes, each from 0 to 1."""

_TICKS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)


def reliability_chart(bins: Sequence[Mapping[str, Any]], title: str) -> Markup:
    """Draw the share of positives over the mean score; a dot's area tells a bin's weight."""
    points = [(each["score"], each["positives"]) for each in bins]
    dots = "".join(
        f'<circle class="dot" cx="{_x(x):.1f}" cy="{_y(y):.1f}" r="{_radius(each["weight"]):.1f}">'
        f"<title>{each['texts']} texts: score {x:.2f}, positives {y:.0%}</title></circle>"
        for each, (x, y) in zip(bins, points, strict=True)
    )
    body = f'<path class="ideal" d="{_path([(0, 0), (1, 1)])}"/>{_line("a", points)}{dots}'
    return _plot(title, "mean score", "positives", body)


def histogram_chart(histogram: Mapping[str, Sequence[int]], title: str) -> Markup:
    """Draw how scores of positives and negatives spread, each kind against its own largest bar."""
    body = ""
    for kind, side in (("negatives", "b"), ("positives", "a")):
        counts = histogram[kind]
        highest, width = max(*counts, 1), 1 / len(counts)
        for i, count in enumerate(counts):
            share = count / highest
            body += (
                f'<rect class="bar {side}" x="{_x(i * width):.1f}" y="{_y(share):.1f}" '
                f'width="{_SIDE * width - 1:.1f}" height="{_SIDE * share:.1f}">'
                f"<title>{count} {kind}</title></rect>"
            )
    return _plot(title, "score", "of the highest bar", body)


def threshold_chart(curve: Sequence[Mapping[str, Any]], title: str) -> Markup:
    """Draw recall, precision and the share held over the threshold."""
    body = "".join(
        _line(side, [(each["at"], each[key]) for each in curve if each[key] is not None])
        for key, side in (("recall", "a"), ("precision", "b"), ("held", "c"))
    )
    return _plot(title, "threshold", "share", body)


def share_bars(rows: Iterable[tuple[str, float, str]], title: str, *, aim: float) -> Markup:
    """Draw one bar for each share, with a mark where it ought to end.

    Args:
        rows: Of each bar its name, its length from 0 to 1, and what is written beside it.
        title: What the drawing is of.
        aim: The share that is aimed at.
    """
    listed = list(rows)
    left, length, step = 190, 380, 24
    body = ""
    for i, (name, share, text) in enumerate(listed):
        top = i * step
        body += (
            f'<text class="end" x="{left - 8}" y="{top + 15}">{escape(name)}</text>'
            f'<rect class="track" x="{left}" y="{top + 4}" width="{length}" height="14" rx="3"/>'
            f'<rect class="bar a" x="{left}" y="{top + 4}" width="{length * share:.1f}" '
            f'height="14" rx="3"/>'
            f'<text x="{left + length + 8}" y="{top + 15}">{escape(text)}</text>'
        )
    mark = left + length * aim
    body += f'<path class="ideal" d="M{mark:.1f} 0V{len(listed) * step}"/>'
    return _svg(title, 760, len(listed) * step, body, wide=True)


def interval_rows(rows: Iterable[tuple[str, float, float, float]], title: str) -> Markup:
    """Draw differences with their bounds around nought, on one scale; more is better.

    Args:
        rows: Of each difference its name, its value, and the bounds below and above.
        title: What the drawing is of.
    """
    listed = list(rows)
    left, length, step = 290, 380, 24
    widest = max((abs(n) for _, *numbers in listed for n in numbers), default=0.0) or 1.0

    def place(number: float) -> float:
        return left + length * (number / widest + 1) / 2

    body = f'<path class="ideal" d="M{place(0):.1f} 0V{len(listed) * step}"/>'
    for i, (name, value, low, high) in enumerate(listed):
        middle = i * step + 11
        side = "b" if low > 0 else "a" if high < 0 else "c"
        body += (
            f'<text class="end" x="{left - 8}" y="{middle + 4}">{escape(name)}</text>'
            f'<path class="line {side}" d="M{place(low):.1f} {middle}H{place(high):.1f}"/>'
            f'<circle class="mark {side}" cx="{place(value):.1f}" cy="{middle}" r="4"/>'
            f'<text x="{left + length + 8}" y="{middle + 4}">{value:+.4f}</text>'
        )
    return _svg(title, 760, len(listed) * step, body, wide=True)


def _plot(title: str, across: str, up: str, body: str) -> Markup:
    grid = "".join(
        f'<path class="grid" d="M{_x(t):.1f} {_TOP}v{_SIDE}M{_LEFT} {_y(t):.1f}h{_SIDE}"/>'
        f'<text class="middle" x="{_x(t):.1f}" y="{_TOP + _SIDE + 13}">{t:g}</text>'
        f'<text class="end" x="{_LEFT - 6}" y="{_y(t) + 4:.1f}">{t:g}</text>'
        for t in _TICKS
    )
    names = (
        f'<text class="middle" x="{_x(0.5):.1f}" y="{_HEIGHT - 2}">{across}</text>'
        f'<text class="middle" transform="translate(12 {_y(0.5):.1f}) rotate(-90)">{up}</text>'
    )
    return _svg(title, _WIDTH, _HEIGHT, grid + names + body)


def _svg(title: str, width: int, height: int, body: str, *, wide: bool = False) -> Markup:
    return Markup(  # noqa: S704 - numbers of ours, and names that are escaped where they are put
        f'<svg class="{"wide" if wide else "plot"}" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{escape(title)}">{body}</svg>'
    )


def _line(side: str, points: Sequence[Point]) -> str:
    return f'<path class="line {side}" d="{_path(points)}"/>' if points else ""


def _path(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{_x(x):.1f} {_y(y):.1f}" for x, y in points)


def _radius(weight: float) -> float:
    return float(2 + 9 * weight**0.5)


def _x(share: float) -> float:
    return _LEFT + _SIDE * share


def _y(share: float) -> float:
    return _TOP + _SIDE * (1 - share)
