"""``moderation eval``: how good a model is on labelled texts, in tables and as a page."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated, Any

import typer

from moderation.cli.engine import WORKERS
from moderation.cli.output import Json, show_json, warn


def evaluate(
    data: Annotated[
        Path | None,
        typer.Argument(
            help="Folder with dev/*.csv.gz, or a CSV or JSONL file; else the sample is measured.",
            exists=True,
        ),
    ] = None,
    compare: Annotated[
        tuple[str, str] | None,
        typer.Option(
            "--compare", metavar="A B", help="Compare two models, named as MODERATION_MODEL does."
        ),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option("--limit", min=1, help="Draw so many texts of each set, always the same."),
    ] = None,
    base_rate: Annotated[
        float,
        typer.Option(
            "--base-rate", min=0.001, max=0.999, help="Share of toxic comments to reckon with."
        ),
    ] = 0.1,
    other_half: Annotated[
        bool,
        typer.Option(
            "--other-half", help="Leave out the half of each set that calibration is fitted on."
        ),
    ] = False,
    spam: Annotated[bool, typer.Option("--spam", help="Measure the spam model instead.")] = False,
    html: Annotated[
        Path, typer.Option("--html", dir_okay=False, help="Where to write the report.")
    ] = Path("report.html"),
    as_json: Json = False,
) -> None:
    """Measure a model on labelled texts: AUC, calibration, bias, evasion, thresholds."""
    from moderation.cli.evaluation_tables import show_comparison, show_evaluation
    from moderation.cli.spam_tables import show_spam

    if spam and (compare or other_half or data is None):
        raise typer.BadParameter(
            "needs data, and goes with neither --compare nor --other-half", param_hint="--spam"
        )

    given = {"--html": html, "--limit": limit, "--base-rate": base_rate}
    options = [f"{name}={value}" for name, value in given.items() if value is not None]
    options += [flag for flag, on in (("--other-half", other_half), ("--spam", spam)) if on]
    with _texts(data) as path:
        ran = subprocess.run(  # noqa: S603 - our own workers
            [*WORKERS, "eval", str(path), *options, *(["--compare", *compare] if compare else [])],
            stdout=subprocess.PIPE,
            check=False,
        )
    if ran.returncode != 0:
        raise typer.Exit(ran.returncode)  # it has said why on standard error
    found: dict[str, Any] = json.loads(ran.stdout)
    if as_json:
        show_json(found)
    elif spam:
        show_spam(found)
    elif compare:
        show_comparison(found)
    else:
        show_evaluation(found)
    warn(f"the report is in {html}")


@contextmanager
def _texts(data: Path | None) -> Iterator[Path]:
    if data is not None:
        yield data
        return
    warn("no data given: the sample of labelled news comments is measured")
    with as_file(files("moderation.samples") / "news_comments.jsonl") as path:
        yield path
