"""A tidy table: what was measured, how much it was, and what was promised."""

from collections.abc import Sequence

Row = tuple[str, str, str]
"""What was measured, the figure, and the promise; empty where there is none."""


def show(rows: Sequence[Row]) -> None:
    """Print *rows* as Markdown, so that they can go into the docs as they are."""
    titles: Row = ("", "measured", "promised")
    widths = [max(len(row[column]) for row in [titles, *rows]) for column in range(3)]
    _line(titles, widths)
    print(f"|-{'-' * widths[0]}-|-{'-' * widths[1]}:|-{'-' * widths[2]}:|")  # noqa: T201
    for row in rows:
        _line(row, widths)


def _line(row: Row, widths: Sequence[int]) -> None:
    what, figure, promise = row
    print(  # noqa: T201
        f"| {what:<{widths[0]}} | {figure:>{widths[1]}} | {promise:>{widths[2]}} |", flush=True
    )
