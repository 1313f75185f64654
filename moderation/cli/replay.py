"""``moderation replay``: send a file of comments through the API and see what becomes of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from moderation.cli.failing import Failed
from moderation.cli.output import Json, show_json, show_table

if TYPE_CHECKING:
    from moderation.cli.outcomes import Outcome


def replay(
    file: Annotated[
        Path | None, typer.Argument(help="JSONL or CSV of comments, labelled or not.")
    ] = None,
    sample: Annotated[
        bool, typer.Option("--sample", help="Send the sample of labelled news comments.")
    ] = False,
    url: Annotated[
        str, typer.Option("--url", envvar="MODERATION_URL", help="Where the service answers.")
    ] = "http://127.0.0.1:8000",
    key: Annotated[
        str | None,
        typer.Option(
            "--key", envvar="MODERATION_KEY", help="A site's key; else the demo site's is used."
        ),
    ] = None,
    in_flight: Annotated[
        int, typer.Option("--in-flight", min=1, max=64, help="Requests that run at once.")
    ] = 8,
    wait: Annotated[
        float, typer.Option("--wait", min=0, help="Seconds to wait for the last decisions.")
    ] = 60.0,
    as_json: Json = False,
) -> None:
    """Post comments from a file through the API, wait for decisions, print the outcomes."""
    from moderation.cli.outcomes import compare, table

    with _source(file, sample=sample) as path:
        total = _count(path)
        outcomes = _run(path, total, url, key or _demo_key(), in_flight=in_flight, wait_s=wait)
    comparison = compare(outcomes)
    rows = list(table(outcomes))
    if as_json:
        columns = ("outcome", "comments", "toxic", "clean")
        show_json(
            {
                "outcomes": [dict(zip(columns, row, strict=True)) for row in rows],
                "caught": comparison.caught,
                "false_alarms": comparison.false_alarms,
            }
        )
        return
    show_table(("OUTCOME", "COMMENTS", "TOXIC", "CLEAN"), rows)
    if comparison.caught is not None:
        typer.echo(f"held or rejected: {comparison.caught:.0%} of {comparison.toxic} toxic")
    if comparison.false_alarms is not None:
        typer.echo(f"held or rejected: {comparison.false_alarms:.0%} of {comparison.clean} clean")


def _count(path: Path) -> int:
    """Count the records, which tells of a file that cannot be read before anything is asked."""
    from moderation.cli.records import read_records

    with path.open("rb") as lines:
        return sum(1 for _ in read_records(path, lines))


def _run(
    path: Path, total: int, url: str, key: str, *, in_flight: int, wait_s: float
) -> list["Outcome"]:
    from moderation.cli.records import read_records
    from moderation.cli.replaying import decisions, post_all
    from moderation.cli.service_client import ServiceClient

    with (
        ServiceClient.open(url, key, connections=in_flight) as client,
        path.open("rb") as lines,
    ):
        with _progress("posting", total) as step:
            records = read_records(path, lines)
            sent = list(post_all(records, client, in_flight=in_flight, progress=step))
        with _progress("waiting for decisions", total) as step:
            return list(
                decisions(sent, client, in_flight=in_flight, timeout_s=wait_s, progress=step)
            )


@contextmanager
def _source(file: Path | None, *, sample: bool) -> Iterator[Path]:
    if (file is not None) == sample:
        raise typer.BadParameter("give a file, or --sample")
    if file is not None:
        yield file
        return
    with as_file(files("moderation.samples") / "news_comments.jsonl") as path:
        yield path


def _demo_key() -> str:
    """Return the key of the demo site that `moderation up` made on this machine."""
    from moderation.data_folder import DataFolder
    from moderation.settings import read_settings

    kept = DataFolder.of(read_settings()).demo_key_file
    try:
        return kept.read_text(encoding="ascii").strip()
    except OSError:
        raise Failed("give --key: there is no demo site's key in the data folder") from None


@contextmanager
def _progress(doing: str, total: int) -> Iterator[Callable[[], None]]:
    """Show how far *doing* is on standard error, if that is a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns: tuple[Any, ...] = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task(doing, total=total)
        yield lambda: progress.advance(task)
