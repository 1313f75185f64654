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
    """Print a site's policy document, as `policy set` takes it."""
    from moderation.usecases.policies import show_policy

    with services() as opened:
        site_id = _site_id(opened, site)
        stored = show_policy(site_id, version=version, open_store=opened.open_store)
    show_json(stored.document)


def set_document(
    site: Site,
    file: Annotated[Path, typer.Argument(help="The JSON document; - reads standard input.")],
) -> None:
    """Check a policy document and put it in force as a new version."""
    from moderation.domain.policy_document import read_policy
    from moderation.usecases.policies import set_policy, unmeasured

    document = _read(file)
    with services() as opened:
        stored = set_policy(
            _site_id(opened, site),
            document,
            by=_by(),
            open_store=opened.open_store,
            now=opened.now(),
        )
    for signal in unmeasured(read_policy(stored.document, version=stored.version)):
        warn(f"{signal!r} is no signal that this service measures by itself")
    typer.echo(f"version {stored.version} is in force")


def versions(site: Site, as_json: Json = False) -> None:
    """List the versions of a site's policy, newest first."""
    from moderation.usecases.policies import list_versions

    with services() as opened:
        listed = list_versions(_site_id(opened, site), open_store=opened.open_store)
    rows = [(each.version, each.created_at.isoformat(), each.by) for each in listed]
    if as_json:
        show_json([dict(zip(("version", "created_at", "by"), row, strict=True)) for row in rows])
    else:
        show_table(("VERSION", "CREATED", "BY"), rows)


def rollback(
    site: Site, version: Annotated[int, typer.Argument(min=1, help="The version to copy.")]
) -> None:
    """Put a copy of an old version in force, as a new version."""
    from moderation.usecases.policies import roll_back

    with services() as opened:
        stored = roll_back(
            _site_id(opened, site),
            version,
            by=_by(),
            open_store=opened.open_store,
            now=opened.now(),
        )
    typer.echo(f"version {stored.version}, a copy of {version}, is in force")


def make_group() -> typer.Typer:
    """Return the commands of this group."""
    group = typer.Typer(help="Show and change the rules that decide; see docs/policies.md.")
    group.command("show")(show)
    group.command("set")(set_document)
    group.command("versions")(versions)
    group.command("rollback")(rollback)
    return group


def _site_id(opened: "Services", site: str) -> str:
    from moderation.usecases.sites import find_site

    return find_site(site, open_store=opened.open_store).id


def _read(file: Path) -> dict[str, Any]:
    text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    try:
        document = json.loads(text)
    except ValueError as error:
        raise Failed(f"{file} is not JSON: {error}") from None
    if not isinstance(document, dict):
        raise Failed(f"{file} holds no JSON object")
    return document


def _by() -> str:
    """Name who acts, for the record: the user of this machine."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):  # a container may run as a user without a name
        return "cli"
