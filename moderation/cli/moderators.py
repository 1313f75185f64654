"""``moderation moderator``: the people who review held comments."""

import secrets
import sys
from typing import TYPE_CHECKING, Annotated, Final

import typer

from moderation.cli.opening import services
from moderation.cli.output import Json, show_facts, show_json, show_table

if TYPE_CHECKING:
    from moderation.bootstrap import Services

_PASSWORD_BYTES: Final = 15

Who = Annotated[str, typer.Argument(metavar="MODERATOR", help="Id or e-mail address.")]
PasswordStdin = Annotated[
    bool,
    typer.Option(
        "--password-stdin", help="Read the password from standard input; else one is made."
    ),
]


def add(
    email: Annotated[
        str, typer.Argument(help="Where the moderator can be reached; also the login.")
    ],
    name: Annotated[str, typer.Option("--name", help="As colleagues know them.")],
    site: Annotated[
        list[str],
        typer.Option("--site", help="Id or name of a site they moderate; give it again for more."),
    ],
    password_stdin: PasswordStdin = False,
    as_json: Json = False,
) -> None:
    """Create a moderator with a token; password and token are shown once."""
    from moderation.domain.documents import moderator_document
    from moderation.usecases.key_ring import Holder, issue_key_to
    from moderation.usecases.moderators import create_moderator

    password = _password(password_stdin)
    with services() as opened:
        moderator = create_moderator(
            email,
            name=name,
            password=password,
            site_ids=_site_ids(opened, site),
            open_store=opened.open_store,
            passwords=opened.passwords,
            now=opened.now(),
        )
        token = issue_key_to(
            Holder(moderator_id=moderator.id), open_store=opened.open_store, now=opened.now()
        )
    made = {} if password_stdin else {"password": password}
    if as_json:
        show_json({**moderator_document(moderator), **made, "token": token.secret})
    else:
        show_facts([("moderator", moderator.id), *made.items(), ("token", token.secret)])


def list_all(as_json: Json = False) -> None:
    """List the moderators, oldest first."""
    from moderation.domain.documents import moderator_document
    from moderation.usecases.moderators import list_moderators

    with services() as opened:
        listed = [moderator_document(m) for m in list_moderators(open_store=opened.open_store)]
    if as_json:
        show_json(listed)
    else:
        rows = [
            (m["id"], m["email"], m["name"], m["active"], " ".join(m["site_ids"])) for m in listed
        ]
        show_table(("ID", "E-MAIL", "NAME", "ACTIVE", "SITES"), rows)


def change(
    who: Who,
    name: Annotated[str | None, typer.Option("--name", help="A new name.")] = None,
    site: Annotated[
        list[str] | None,
        typer.Option("--site", help="The sites they moderate from now on; give it again for more."),
    ] = None,
    active: Annotated[
        bool | None, typer.Option("--active/--inactive", help="Whether they may act at all.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Change a moderator's name or sites, or let them act no more."""
    from moderation.domain.documents import moderator_document
    from moderation.usecases.moderators import change_moderator, find_moderator

    with services() as opened:
        moderator = change_moderator(
            find_moderator(who, open_store=opened.open_store).id,
            name=name,
            site_ids=_site_ids(opened, site) if site else None,
            active=active,
            open_store=opened.open_store,
        )
    if as_json:
        show_json(moderator_document(moderator))
        return
    show_facts(
        [
            ("moderator", moderator.id),
            ("name", moderator.name),
            ("active", moderator.active),
            ("sites", " ".join(sorted(moderator.site_ids))),
        ]
    )


def password(who: Who, password_stdin: PasswordStdin = False, as_json: Json = False) -> None:
    """Set a new password; one that is made is shown once."""
    from moderation.usecases.moderators import find_moderator, set_password

    chosen = _password(password_stdin)
    with services() as opened:
        moderator = find_moderator(who, open_store=opened.open_store)
        set_password(moderator.id, chosen, open_store=opened.open_store, passwords=opened.passwords)
    made = {} if password_stdin else {"password": chosen}
    if as_json:
        show_json({"id": moderator.id, **made})
    else:
        show_facts([("moderator", moderator.id), *made.items()])


def make_group() -> typer.Typer:
    """Return the commands of this group."""
    group = typer.Typer(help="Create and change the people who review; tokens: see `key`.")
    group.command("add")(add)
    group.command("list")(list_all)
    group.command("change")(change)
    group.command("password")(password)
    return group


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return secrets.token_urlsafe(_PASSWORD_BYTES)


def _site_ids(opened: "Services", sites: list[str]) -> list[str]:
    from moderation.usecases.sites import find_site

    return [find_site(site, open_store=opened.open_store).id for site in sites]
