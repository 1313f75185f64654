"""Commands that need the model start the workers' entry point: nothing here loads one."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Final

import typer

from moderation.cli.failing import Failed
from moderation.cli.opening import services
from moderation.cli.output import plain, show_json, show_table

WORKERS: Final = (sys.executable, "-m", "workers")
_SUMMARY: Final = (
    "{looked_at} looked at, {flipped} flipped, {applied} applied, {unmeasured} unmeasured"
)


class Decided(StrEnum):
    """Which comments to judge again, as an option's value."""

    APPROVED = "approved"
    HELD = "held"
    REJECTED = "rejected"


def score(
    text: Annotated[
        str | None,
        typer.Argument(help='The text; without it, JSONL with {"text": ...} on standard input.'),
    ] = None,
    language: Annotated[
        str | None, typer.Option("--language", help="Language tag of what is scored, such as en.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON (JSONL always is).")] = False,
) -> None:
    """Score a text, or JSONL from standard input line by line, without storing anything."""
    from moderation.domain.text import fault_in_unicode, visible
    from moderation.errors import Invalid

    command = [*WORKERS, "score", *([] if language is None else [f"--language={language}"])]
    if text is None:
        if sys.stdin.isatty():
            raise typer.BadParameter('give a text, or pipe lines like {"text": "..."}')
        raise typer.Exit(subprocess.run(command, check=False).returncode)  # noqa: S603
    if fault_in_unicode(text):
        raise typer.BadParameter("the text is not UTF-8")
    if not visible(text):
        raise Invalid("text", "must have at least one visible character")
    scored = _score_one(command, text)
    if as_json:
        show_json(scored)
    else:
        ranked = sorted(scored["scores"].items(), key=lambda pair: -pair[1])
        show_table(("SIGNAL", "SCORE"), [(name, f"{value:.4f}") for name, value in ranked])
        if scored["spans"]:
            typer.echo()
            show_table(("WORDS", "FROM", "TO", "SIGNAL"), _words(text, scored["spans"]))


def rescore(
    site: Annotated[str, typer.Argument(metavar="SITE", help="Id or name of the site.")],
    status: Annotated[Decided | None, typer.Option("--status", help="Only these.")] = None,
    article: Annotated[
        str | None, typer.Option("--article", help="Only under the article with this id.")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option("--since", help="Only those received then or later (UTC).")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option("--until", help="Only those received before (UTC).")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Look at this many at most.")] = 1000,
    apply: Annotated[
        bool, typer.Option("--apply", help="Write what changed; else it is only told.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON lines.")] = False,
) -> None:
    """Judge decided comments again by the present model and policy; report what flips."""
    from moderation.usecases.sites import find_site

    with services() as opened:
        site_id = find_site(site, open_store=opened.open_store).id
    given = {
        "--status": status,
        "--article": article,
        "--since": None if since is None else since.isoformat(),
        "--until": None if until is None else until.isoformat(),
        "--limit": limit,
    }
    options = [f"{name}={value}" for name, value in given.items() if value is not None]
    command = [*WORKERS, "rescore", site_id, *options, *(["--apply"] if apply else [])]
    if as_json:
        raise typer.Exit(subprocess.run(command, check=False).returncode)  # noqa: S603
    ran = _run(command)
    *flips, summary = [json.loads(line) for line in ran.stdout.splitlines()] or [None]
    if summary is not None:
        show_table(
            ("COMMENT", "BEFORE", "AFTER", "MODERATED", "APPLIED", "REASONS"), map(_flip_row, flips)
        )
        typer.echo(_SUMMARY.format(**summary))
    _succeeded(ran)


def _flip_row(flip: dict[str, Any]) -> tuple[object, ...]:
    columns = ("id", "before", "after", "moderated", "applied")
    return (*(flip[name] for name in columns), " ".join(flip["reasons"]))


def _words(text: str, spans: list[dict[str, Any]]) -> Iterator[tuple[object, ...]]:
    for span in spans:
        start, end = span["start"], span["end"]
        yield plain(text[start:end]), start, end, span["source"]


def _score_one(command: list[str], text: str) -> dict[str, Any]:
    ran = _run(command, typed=json.dumps({"text": text}) + "\n")
    answer: dict[str, Any] = json.loads(ran.stdout or "{}")
    if "error" in answer:
        raise Failed(str(answer["error"]))
    _succeeded(ran)
    return answer


def _run(command: list[str], *, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own workers
        command, input=typed, stdout=subprocess.PIPE, text=True, encoding="utf-8", check=False
    )


def _succeeded(ran: subprocess.CompletedProcess[str]) -> None:
    """Let the failure of a program of ours be this command's."""
    if ran.returncode != 0:
        raise typer.Exit(ran.returncode)  # it has said why on standard error
