"""``moderation key``: secrets that speak for sites, moderators and administrators."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from moderation.cli.durations import duration
from moderation.cli.opening import services
from moderation.cli.output import Json, show_facts, show_json, show_table

if TYPE_CHECKING:
    from moderation.bootstrap import Services
    from moderation.usecases.key_ring import Holder
    from moderation.usecases.keys import IssuedKey

Site = Annotated[str | None, typer.Option("--site", help="Id or name of the site whose key it is.")]
OfModerator = Annotated[
    str | None, typer.Option("--moderator", help="Id or e-mail address of the moderator.")
]
OfAdmin = Annotated[bool, typer.Option("--admin", help="A key for /v1/admin.")]
Overlap = Annotated[
    timedelta,
    typer.Option(
        "--overlap",
        parser=duration,
        help="How long older keys stay valid.",
        metavar="SPAN",
        show_default="24h",
    ),
]


def issue(
    site: Site = None, moderator: OfModerator = None, admin: OfAdmin = False, as_json: Json = False
) -> None:
    """Issue one more key; its secret is shown once and kept nowhere."""
    from moderation.usecases.key_ring import issue_key_to

    with services() as opened:
        holder = _holder(opened, site, moderator, admin)
        issued = issue_key_to(holder, open_store=opened.open_store, now=opened.now())
    _show(issued, as_json=as_json)


def rotate(
    site: Site = None,
    moderator: OfModerator = None,
    admin: OfAdmin = False,
    overlap: Overlap = timedelta(hours=24),
    as_json: Json = False,
) -> None:
    """Issue a new key and let all older ones end after the overlap."""
    from moderation.usecases.key_ring import rotate_keys_of

    with services() as opened:
        issued = rotate_keys_of(
            _holder(opened, site, moderator, admin),
            overlap=overlap,
            open_store=opened.open_store,
            now=opened.now(),
        )
    _show(issued, as_json=as_json)


def list_all(
    site: Site = None, moderator: OfModerator = None, admin: OfAdmin = False, as_json: Json = False
) -> None:
    """List keys, newest first, by how their secrets begin."""
    from moderation.domain.documents import key_document
    from moderation.usecases.key_ring import list_keys

    with services() as opened:
        holder = _holder(opened, site, moderator, admin)
        keys = [key_document(key) for key in list_keys(holder, open_store=opened.open_store)]
    if as_json:
        show_json(keys)
    else:
        rows = [(key["id"], key["prefix"], key["created_at"], key["expires_at"]) for key in keys]
        show_table(("ID", "BEGINS WITH", "CREATED", "ENDS"), rows)


def end(
    key_id: Annotated[
        str, typer.Argument(help="Id of the key, as `moderation key list` shows it.")
    ],
    site: Site = None,
    moderator: OfModerator = None,
    admin: OfAdmin = False,
    as_json: Json = False,
) -> None:
    """End a key now."""
    from moderation.domain.documents import key_document
    from moderation.usecases.key_ring import end_key

    with services() as opened:
        holder = _holder(opened, site, moderator, admin)
        ended = end_key(holder, key_id, open_store=opened.open_store, now=opened.now())
    if as_json:
        show_json(key_document(ended))
    else:
        typer.echo(f"key {key_id} has ended")


def make_group() -> typer.Typer:
    """Return the commands of this group."""
    group = typer.Typer(help="Issue, list, rotate and end keys of a site, moderator or admin.")
    group.command("issue")(issue)
    group.command("list")(list_all)
    group.command("rotate")(rotate)
    group.command("end")(end)
    return group


def _holder(opened: "Services", site: str | None, moderator: str | None, admin: bool) -> "Holder":
    from moderation.usecases.key_ring import Holder
    from moderation.usecases.moderators import find_moderator
    from moderation.usecases.sites import find_site

    if [site is not None, moderator is not None, admin].count(True) != 1:
        raise typer.BadParameter("give one of --site, --moderator and --admin")
    if site is not None:
        return Holder(site_id=find_site(site, open_store=opened.open_store).id)
    if moderator is not None:
        found = find_moderator(moderator, open_store=opened.open_store)
        return Holder(moderator_id=found.id)
    return Holder()


def _show(issued: "IssuedKey", *, as_json: bool) -> None:
    from moderation.domain.documents import key_document

    if as_json:
        show_json({**key_document(issued.key), "key": issued.secret})
    else:
        show_facts([("id", issued.key.id), ("key", issued.secret)])
