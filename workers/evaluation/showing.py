"""How far a long measurement has come, on standard error where that is a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

Begin = Callable[[str, int], Callable[[int], None]]
"""Begins a bar, given what is done and how much of it; what it returns advances the bar."""


@contextmanager
def bars() -> Iterator[Begin]:
    """Show a bar for each thing that is begun."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:

        def begin(doing: str, total: int) -> Callable[[int], None]:
            task = progress.add_task(doing, total=total or None)
            return lambda done: progress.advance(task, done)

        yield begin
