"""``moderation policy``: the rules of a site, as versions of a JSON document."""

import getpass
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from moderation.cli.failing import Failed
from moderation.cli.opening import services
from moderation.cli.output import Json, show_json, show_table, warn

if TYPE_CHECKING:
    from moderation.bootstrap import Services

Site = Annotated[str, typer.Argument(metavar="SITE", help="Id or name of the site.")]


def show(
    site: Site,
    version: Annotated[
        int | None, typer.Option("--version", min=1, help="An older version.")
    ] = None,
) -> None:
    """Print a site's policy document, as `policy set` takes it.

    Where it lists no required signals, standard error tells which ones its rules require.
    """
    from moderation.usecases.policies import show_policy, stored_document

    with services() as opened:
        site_id = site_id_of(opened, site)
        stored = show_policy(site_id, version=version, open_store=opened.open_store)
    show_json(stored.document)
    if stored.document.get("required") is None:
        warn(f"required is what the rules read: {_required(stored_document(stored))}")


def set_document(
    site: Site,
    file: Annotated[Path, typer.Argument(help="The JSON document; - reads standard input.")],
    as_json: Json = False,
) -> None:
    """Check a policy document and put it in force as a new version."""
    from moderation.usecases.policies import set_policy, stored_document

    document = _read(file)
    with services() as opened:
        stored = set_policy(
            site_id_of(opened, site),
            document,
            by=by_whom(),
            open_store=opened.open_store,
            now=opened.now(),
        )
    told = stored_document(stored)
    for signal in told["unmeasured"]:
        warn(f"{signal!r} is no signal that this service measures by itself")
    if as_json:
        show_json(told)
    else:
        typer.echo(f"version {stored.version} is in force")


def versions(site: Site, as_json: Json = False) -> None:
    """List the versions of a site's policy, newest first."""
    from moderation.usecases.policies import list_versions

    with services() as opened:
        listed = list_versions(site_id_of(opened, site), open_store=opened.open_store)
    rows = [(each.version, each.created_at.isoformat(), each.by) for each in listed]
    if as_json:
        show_json([dict(zip(("version", "created_at", "by"), row, strict=True)) for row in rows])
    else:
        show_table(("VERSION", "CREATED", "BY"), rows)


def rollback(
    site: Site,
    version: Annotated[int, typer.Argument(min=1, help="The version to copy.")],
    as_json: Json = False,
) -> None:
    """Put a copy of an old version in force, as a new version."""
    from moderation.usecases.policies import roll_back, stored_document

    with services() as opened:
        stored = roll_back(
            site_id_of(opened, site),
            version,
            by=by_whom(),
            open_store=opened.open_store,
            now=opened.now(),
        )
    if as_json:
        show_json(stored_document(stored))
    else:
        typer.echo(f"version {stored.version}, a copy of {version}, is in force")


def make_group() -> typer.Typer:
    """Return the commands of this group."""
    group = typer.Typer(help="Show and change the rules that decide; see docs/policies.md.")
    group.command("show")(show)
    group.command("set")(set_document)
    group.command("versions")(versions)
    group.command("rollback")(rollback)
    return group


def site_id_of(opened: "Services", site: str) -> str:
    """Return the id of a site that is named by its id or name."""
    from moderation.usecases.sites import find_site

    return find_site(site, open_store=opened.open_store).id


def _required(told: dict[str, Any]) -> str:
    parts = [", ".join(told["required"]) or "nothing"]
    parts += [f"{section}: {', '.join(n)}" for section, n in told["required_in_sections"].items()]
    return "; in section ".join(parts)


def _read(file: Path) -> dict[str, Any]:
    raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    try:
        document = json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError:
        raise Failed(f"{file} is not UTF-8") from None
    except ValueError as error:
        raise Failed(f"{file} is not JSON: {error}") from None
    if not isinstance(document, dict):
        raise Failed(f"{file} holds no JSON object")
    return document


def by_whom() -> str:
    """Name who acts, for the record: the user of this machine."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):  # a container may run as a user without a name
        return "cli"
