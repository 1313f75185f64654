"""``moderation webhook``: where sites hear of decisions."""

import sys
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from moderation.cli.durations import duration
from moderation.cli.opening import services
from moderation.cli.output import Json, show_facts, show_json, show_table

if TYPE_CHECKING:
    from moderation.bootstrap import Services
    from moderation.domain.delivery import Webhook

Site = Annotated[str, typer.Argument(metavar="SITE", help="Id or name of the site.")]
WebhookId = Annotated[str, typer.Argument(metavar="WEBHOOK", help="Id of the webhook.")]
SecretStdin = Annotated[
    bool,
    typer.Option(
        "--secret-stdin", help="Read the whsec_ secret from standard input; else one is made."
    ),
]
Overlap = Annotated[
    timedelta,
    typer.Option(
        "--overlap",
        parser=duration,
        help="How long both secrets sign.",
        metavar="SPAN",
        show_default="24h",
    ),
]


class Outcome(StrEnum):
    """Where a delivery stands, as an option's value."""

    OWED = "owed"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"


def add(
    site: Site,
    url: Annotated[str, typer.Argument(help="Where to post decisions.")],
    secret_stdin: SecretStdin = False,
    as_json: Json = False,
) -> None:
    """Tell an address of every decision of a site; a secret that is made is shown once."""
    from moderation.domain.documents import webhook_document
    from moderation.usecases.webhooks import NewWebhook, add_webhook

    with services() as opened:
        webhook = add_webhook(
            _site_id(opened, site),
            NewWebhook(
                url=url,
                secret=_secret(secret_stdin),
                allow_private=opened.settings.webhook_allow_private,
            ),
            open_store=opened.open_store,
            privacy=opened.privacy,
            now=opened.now(),
        )
    if as_json:
        show_json({**webhook_document(webhook), "secret": webhook.secrets[0].secret})
    else:
        facts = [("webhook", webhook.id), ("url", webhook.url)]
        show_facts([*facts, ("secret", webhook.secrets[0].secret)])


def list_all(site: Site, as_json: Json = False) -> None:
    """List a site's webhooks, oldest first."""
    from moderation.domain.documents import webhook_document
    from moderation.usecases.webhooks import list_webhooks

    with services() as opened:
        webhooks = list_webhooks(_site_id(opened, site), open_store=opened.open_store)
    documents = [webhook_document(webhook) for webhook in webhooks]
    if as_json:
        show_json(documents)
    else:
        rows = [(w["id"], w["url"], w["enabled"], len(w["secrets"])) for w in documents]
        show_table(("ID", "URL", "ENABLED", "SECRETS"), rows)


def enable(site: Site, webhook: WebhookId, as_json: Json = False) -> None:
    """Send there again, what was owed meanwhile first."""
    from moderation.usecases.webhooks import enable_webhook

    with services() as opened:
        enabled = enable_webhook(
            _site_id(opened, site), webhook, open_store=opened.open_store, jobs=opened.jobs
        )
    _show_switched(enabled, as_json=as_json)


def disable(site: Site, webhook: WebhookId, as_json: Json = False) -> None:
    """Send nothing there until it is enabled again."""
    from moderation.usecases.webhooks import disable_webhook

    with services() as opened:
        disabled = disable_webhook(
            _site_id(opened, site), webhook, open_store=opened.open_store, now=opened.now()
        )
    _show_switched(disabled, as_json=as_json)


def rotate(
    site: Site,
    webhook: WebhookId,
    overlap: Overlap = timedelta(hours=24),
    secret_stdin: SecretStdin = False,
    as_json: Json = False,
) -> None:
    """Sign under a new secret, and under the old one too until the overlap has passed."""
    from moderation.usecases.webhooks import rotate_secret

    with services() as opened:
        fresh = rotate_secret(
            _site_id(opened, site),
            webhook,
            overlap=overlap,
            secret=_secret(secret_stdin),
            open_store=opened.open_store,
            privacy=opened.privacy,
            now=opened.now(),
        )
    if as_json:
        show_json({"id": webhook, "secret": fresh.secret})
    else:
        show_facts([("webhook", webhook), ("secret", fresh.secret)])


def delete(site: Site, webhook: WebhookId) -> None:
    """Forget a webhook and what is owed to it."""
    from moderation.usecases.webhooks import delete_webhook

    with services() as opened:
        delete_webhook(_site_id(opened, site), webhook, open_store=opened.open_store)
    typer.echo(f"webhook {webhook} is deleted")


def deliveries(
    site: Site,
    status: Annotated[
        Outcome | None, typer.Option("--status", help="Only those that stand so.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many at most.")] = 50,
    as_json: Json = False,
) -> None:
    """List a site's latest deliveries, newest first."""
    from moderation.domain.delivery import DeliveryStatus
    from moderation.domain.documents import delivery_document
    from moderation.usecases.webhooks import list_deliveries

    with services() as opened:
        listed = list_deliveries(
            _site_id(opened, site),
            status=None if status is None else DeliveryStatus(status.value),
            limit=limit,
            open_store=opened.open_store,
        )
    documents = [delivery_document(delivery) for delivery in listed]
    if as_json:
        show_json(documents)
    else:
        show_table(("ID", "COMMENT", "STATUS", "ATTEMPTS", "LAST ERROR"), map(_row, documents))


def replay(
    site: Site,
    delivery: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[DELIVERY]...", help="Ids of deliveries; without any, all failed ones."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Owe deliveries again, under the same id and with the same body."""
    from moderation.usecases.webhooks import replay_deliveries

    with services() as opened:
        count = replay_deliveries(
            _site_id(opened, site),
            delivery_ids=delivery or None,
            open_store=opened.open_store,
            jobs=opened.jobs,
            now=opened.now(),
        )
    if as_json:
        show_json({"owed_again": count})
    else:
        typer.echo(f"{count} deliveries are owed again")


def make_group() -> typer.Typer:
    """Return the commands of this group."""
    group = typer.Typer(help="Manage where a site hears of decisions, and what it missed.")
    for name, command in (
        ("add", add),
        ("list", list_all),
        ("enable", enable),
        ("disable", disable),
        ("rotate", rotate),
        ("delete", delete),
        ("deliveries", deliveries),
        ("replay", replay),
    ):
        group.command(name)(command)
    return group


def _site_id(opened: "Services", site: str) -> str:
    from moderation.usecases.sites import find_site

    return find_site(site, open_store=opened.open_store).id


def _show_switched(webhook: "Webhook", *, as_json: bool) -> None:
    from moderation.domain.documents import webhook_document

    document = webhook_document(webhook)
    if as_json:
        show_json(document)
    else:
        typer.echo(f"webhook {webhook.id} is {'enabled' if document['enabled'] else 'disabled'}")


def _secret(from_stdin: bool) -> str | None:
    return sys.stdin.readline().strip() if from_stdin else None


def _row(document: dict[str, Any]) -> tuple[object, ...]:
    columns = ("id", "comment_id", "status", "attempts", "last_error")
    return tuple(document[name] for name in columns)
