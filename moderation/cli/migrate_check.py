"""``moderation migrate-check``: what a move from Perspective changes, before it is made."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from moderation.cli.failing import Failed
from moderation.cli.output import Json, show_json, show_table, warn

if TYPE_CHECKING:
    from collections.abc import Callable

    from moderation.cli.migrate_texts import OldText

OLD_KEY: Final = "MODERATION_OLD_KEY"
SITE_KEY: Final = "MODERATION_KEY"
_ATTRIBUTES: Final = (
    "TOXICITY",
    "SEVERE_TOXICITY",
    "IDENTITY_ATTACK",
    "INSULT",
    "PROFANITY",
    "THREAT",
)
_THRESHOLDS: Final = (0.5, 0.7, 0.8, 0.9)


def migrate_check(  # noqa: PLR0913, PLR0917 - each is an option of its own
    texts: Annotated[
        Path,
        typer.Argument(
            help="Texts: .txt with one a line, JSONL or CSV; CSV may hold old scores too.",
            exists=True,
            dir_okay=False,
        ),
    ],
    old: Annotated[
        str | None,
        typer.Option(
            "--old",
            metavar="URL",
            help="Where the old service answers; its key is in MODERATION_OLD_KEY. Without it, "
            "the file holds stored scores.",
        ),
    ] = None,
    service: Annotated[
        str | None,
        typer.Option(
            "--service",
            metavar="URL",
            help="A running service of ours to score by, under the key in MODERATION_KEY; else "
            "the model on this machine scores.",
        ),
    ] = None,
    attribute: Annotated[
        list[str] | None,
        typer.Option(
            "--attribute", help="Compare this one; may be given again.", show_default=False
        ),
    ] = None,
    at: Annotated[
        list[float] | None,
        typer.Option(
            "--at", min=0, max=1, help="An old threshold; may be given again.", show_default=False
        ),
    ] = None,
    language: Annotated[
        str | None, typer.Option("--language", help="Language tag of the texts, such as en.")
    ] = None,
    rate: Annotated[
        float,
        typer.Option("--rate", min=0.01, max=1000, help="Texts a second to ask the old service."),
    ] = 1.0,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="Read so many at most.")
    ] = None,
    most: Annotated[
        int, typer.Option("--most", min=0, max=1000, help="Differing texts to show of each.")
    ] = 20,
    keep: Annotated[
        Path | None,
        typer.Option("--keep", dir_okay=False, help="Write the old scores here, as CSV."),
    ] = None,
    html: Annotated[
        Path, typer.Option("--html", dir_okay=False, help="Where to write the report.")
    ] = Path("migrate-check.html"),
    as_json: Json = False,
) -> None:
    """Compare an old service's scores with ours: agreement, thresholds, texts that differ."""
    from datetime import UTC, datetime

    from moderation.cli.migrate_report import page, report
    from moderation.cli.migrate_texts import read_texts, write_scores
    from moderation.code_version import code_version

    names = _attributes(attribute)
    given = read_texts(texts, limit=limit)
    if keep is not None and old is None:
        raise typer.BadParameter("goes with --old", param_hint="--keep")
    _announce(len(given), old, service)
    scored = given if old is None else _asked(given, old, names, language=language, rate=rate)
    if keep is not None:
        write_scores(keep, scored, names)
    if not any(name in each.scores for name in names for each in scored):
        raise Failed("no text has an old score of any attribute that is compared")
    here = _here(scored, service, language=language)
    compared = report(scored, here, names, thresholds=at or _THRESHOLDS, most=most)
    document = {
        "old": "the old service" if old is None else _host(old),
        "texts": len(scored),
        "old_scores": f"stored, from {texts.name}" if old is None else f"asked of {_host(old)}",
        "scores_here": "by the model on this machine" if service is None else _host(service),
        "date": datetime.now(UTC).date().isoformat(),
        "version": code_version(),
        "attributes": compared,
    }
    html.write_text(page(document), encoding="utf-8")
    if as_json:
        without = [{k: v for k, v in each.items() if k != "dots"} for each in compared]
        show_json({**document, "attributes": without})
    else:
        _show(compared)
    warn(f"the report is in {html}; it quotes comments")


def _attributes(given: Sequence[str] | None) -> tuple[str, ...]:
    from moderation.compat.perspective.attributes import MEANINGS

    names = tuple(dict.fromkeys(name.upper() for name in given or _ATTRIBUTES))
    unknown = [name for name in names if name not in MEANINGS]
    if unknown:
        raise typer.BadParameter(
            f"nothing here measures {', '.join(unknown)}", param_hint="--attribute"
        )
    return names


def _announce(count: int, old: str | None, service: str | None) -> None:
    """Say where texts will go, before the first of them does."""
    hosts = [_host(url) for url in (old, service) if url is not None]
    if hosts:
        warn(f"{count} texts are sent to {' and to '.join(hosts)}, and nowhere else")
    else:
        warn(f"{count} texts are compared; none leaves this machine")


def _host(url: str) -> str:
    from moderation.cli.old_endpoint import host_of

    return host_of(url)


def _asked(
    texts: "Sequence[OldText]",
    url: str,
    names: Sequence[str],
    *,
    language: str | None,
    rate: float,
) -> "list[OldText]":
    from moderation.cli.old_endpoint import OldEndpoint

    endpoint = OldEndpoint(url, _from_environment(OLD_KEY, "--old"), per_second=rate)
    with _bar("asking the old service", len(texts)) as progress:
        return endpoint.score(texts, names, language=language, progress=progress)


def _here(
    texts: "Sequence[OldText]", service: str | None, *, language: str | None
) -> "Sequence[Mapping[str, float]]":
    from moderation.cli.new_scores import local_scores, service_scores

    bodies = [each.text for each in texts]
    if service is None:
        return local_scores(bodies, language=language)
    key = _from_environment(SITE_KEY, "--service")
    with _bar("asking the service", len(bodies)) as progress:
        return service_scores(bodies, service, key, language=language, progress=progress)


def _from_environment(name: str, option: str) -> str:
    """Return a key, which is taken from nowhere that other users of the machine could read."""
    key = os.environ.get(name, "")
    if not key:
        raise typer.BadParameter(f"needs a key in {name}", param_hint=option)
    return key


@contextmanager
def _bar(doing: str, total: int) -> "Iterator[Callable[[], None]]":
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task(doing, total=total)
        yield lambda: progress.advance(task)


def _show(compared: Sequence[Mapping[str, Any]]) -> None:
    show_table(
        ("ATTRIBUTE", "TEXTS", "CORRELATION", "OF ORDER"),
        [
            (
                each["attribute"],
                each["texts"],
                *(_shown(each.get(n)) for n in ("pearson", "spearman")),
            )
            for each in compared
        ],
    )
    typer.echo()
    show_table(
        ("ATTRIBUTE", "OLD THRESHOLD", "HERE", "FLAGGED", "FLAGGED HERE", "ALIKE", "IF KEPT"),
        [
            (
                each["attribute"],
                row["old"],
                _shown(row["here"], digits=4),
                *(f"{row[name]:.1%}" for name in ("flagged", "flagged_here", "alike", "unchanged")),
            )
            for each in compared
            for row in each.get("thresholds", ())
        ],
    )


def _shown(value: float | None, *, digits: int = 3) -> str | None:
    return None if value is None else f"{value:.{digits}f}"
