"""``moderation import`` and ``export``: what was decided, from and for other systems."""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from moderation.cli.opening import services
from moderation.cli.output import Json, show_facts, show_json, warn

if TYPE_CHECKING:
    from moderation.usecases.import_history import Imported


def import_file(
    site: Annotated[str, typer.Argument(metavar="SITE", help="Id or name of the site.")],
    file: Annotated[Path, typer.Argument(help="JSONL or CSV of decided comments.")],
    as_json: Json = False,
) -> None:
    """Take over decided comments from a file, without webhooks; run it again to go on."""
    from moderation.usecases.import_history import History, import_history
    from moderation.usecases.sites import find_site

    unreadable: list[int] = []
    with services() as opened, file.open("rb") as lines:
        imported = import_history(
            _rows(file, lines, unreadable),
            History(
                site_id=find_site(site, open_store=opened.open_store).id,
                open_store=opened.open_store,
                privacy=opened.privacy,
                now=opened.now(),
            ),
            report=_report,
        )
    _show(imported, len(unreadable), as_json=as_json)


def export_decisions(
    site: Annotated[str, typer.Argument(metavar="SITE", help="Id or name of the site.")],
    since: Annotated[
        datetime | None, typer.Option("--since", help="Only those received then or later (UTC).")
    ] = None,
) -> None:
    """Write what moderators decided as JSONL, for finetune, or for import elsewhere."""
    from moderation.usecases.export_decisions import export_decisions
    from moderation.usecases.sites import find_site

    with services() as opened:
        rows = export_decisions(
            find_site(site, open_store=opened.open_store).id,
            since=None if since is None else since.replace(tzinfo=UTC),
            open_store=opened.open_store,
        )
        for row in rows:
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")


def _rows(path: Path, file: Any, unreadable: list[int]) -> Iterator[tuple[int, dict[str, Any]]]:
    from moderation.cli.records import read_records

    for record in read_records(path, file):
        if record.fault is None:
            yield record.line, record.values
        else:
            unreadable.append(record.line)
            _report(record.line, record.fault)


def _report(line: int, fault: str) -> None:
    warn(f"line {line}: {fault}")


def _show(imported: "Imported", unreadable: int, *, as_json: bool) -> None:
    facts = {
        "added": imported.added,
        "present": imported.present,
        "faulty": imported.faulty + unreadable,
    }
    if as_json:
        show_json(facts)
    else:
        show_facts(facts.items())
    if facts["faulty"]:
        raise typer.Exit(1)
