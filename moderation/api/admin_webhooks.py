"""``/v1/admin/sites/{id}/webhooks`` and ``/deliveries``, under an admin key."""

from datetime import timedelta

from apiflask import APIBlueprint
from flask import Response

from moderation.api.access import Access
from moderation.api.admin_webhook_documents import (
    DeliveriesAnswer,
    DeliveriesQuery,
    NewWebhookAnswer,
    ReplayBody,
    ReplayedAnswer,
    RotationBody,
    SecretAnswer,
    WebhookAnswer,
    WebhookBody,
    WebhooksAnswer,
    WebhookSwitch,
)
from moderation.api.answering import as_json
from moderation.api.document import answers
from moderation.api.reading import asks, takes
from moderation.bootstrap import Services
from moderation.domain.documents import delivery_document, webhook_document
from moderation.usecases.webhooks import (
    NewWebhook,
    add_webhook,
    delete_webhook,
    disable_webhook,
    enable_webhook,
    list_deliveries,
    list_webhooks,
    replay_deliveries,
    rotate_secret,
)


def make_blueprint(services: Services, access: Access) -> APIBlueprint:
    """Build the routes."""
    bp = APIBlueprint(
        "admin_webhooks",
        __name__,
        tag="Administration",
        url_prefix="/v1/admin/sites/<site_id>",
    )
    _webhooks(bp, services, access)
    _deliveries(bp, services, access)
    return bp


def _webhooks(bp: APIBlueprint, services: Services, access: Access) -> None:
    open_store = services.open_store

    @bp.get("/webhooks")
    @access.admin_key()
    @bp.doc(responses=answers(200, WebhooksAnswer, "Oldest first"))
    def webhooks(*, admin_id: str, site_id: str) -> Response:  # noqa: ARG001 - any
        """List where a site hears of decisions."""
        listed = list_webhooks(site_id, open_store=open_store)
        return as_json({"webhooks": [webhook_document(each) for each in listed]})

    @bp.post("/webhooks")
    @access.admin_key()
    @takes(WebhookBody)
    @bp.doc(responses=answers(201, NewWebhookAnswer, "Made", 413, 415, 422))
    def add(*, admin_id: str, site_id: str, body: WebhookBody) -> Response:  # noqa: ARG001 - any
        """Tell an address of every decision; a secret is made unless one is given."""
        webhook = add_webhook(
            site_id,
            NewWebhook(
                url=body.url,
                secret=body.secret,
                allow_private=services.settings.webhook_allow_private,
            ),
            open_store=open_store,
            privacy=services.privacy,
            now=services.now(),
        )
        secret = webhook.secrets[0].secret
        return as_json({**webhook_document(webhook), "secret": secret}, 201)

    @bp.patch("/webhooks/<webhook_id>")
    @access.admin_key()
    @takes(WebhookSwitch)
    @bp.doc(responses=answers(200, WebhookAnswer, "As it is now", 413, 415, 422))
    def switch(*, admin_id: str, site_id: str, webhook_id: str, body: WebhookSwitch) -> Response:  # noqa: ARG001
        """Enable or disable a webhook; what is owed to it meanwhile is sent once enabled."""
        if body.enabled:
            webhook = enable_webhook(site_id, webhook_id, open_store=open_store, jobs=services.jobs)
        else:
            webhook = disable_webhook(
                site_id, webhook_id, open_store=open_store, now=services.now()
            )
        return as_json(webhook_document(webhook))

    @bp.delete("/webhooks/<webhook_id>")
    @access.admin_key()
    @bp.doc(responses=answers(204, None, "Deleted"))
    def delete(*, admin_id: str, site_id: str, webhook_id: str) -> Response:  # noqa: ARG001 - any
        """Forget a webhook and what is owed to it."""
        delete_webhook(site_id, webhook_id, open_store=open_store)
        return Response(status=204)

    @bp.post("/webhooks/<webhook_id>/rotate")
    @access.admin_key()
    @takes(RotationBody)
    @bp.doc(responses=answers(201, SecretAnswer, "The new secret", 413, 415, 422))
    def rotate(*, admin_id: str, site_id: str, webhook_id: str, body: RotationBody) -> Response:  # noqa: ARG001
        """Sign under a new secret, and under the old one too until the overlap has passed."""
        fresh = rotate_secret(
            site_id,
            webhook_id,
            overlap=timedelta(seconds=body.overlap_seconds),
            secret=body.secret,
            open_store=open_store,
            privacy=services.privacy,
            now=services.now(),
        )
        return as_json({"id": webhook_id, "secret": fresh.secret}, 201)


def _deliveries(bp: APIBlueprint, services: Services, access: Access) -> None:
    open_store = services.open_store

    @bp.get("/deliveries")
    @access.admin_key()
    @asks(DeliveriesQuery)
    @bp.doc(responses=answers(200, DeliveriesAnswer, "Newest first", 422))
    def deliveries(*, admin_id: str, site_id: str, query: DeliveriesQuery) -> Response:  # noqa: ARG001
        """List the latest messages owed or sent to a site."""
        listed = list_deliveries(
            site_id, status=query.status, limit=query.limit, open_store=open_store
        )
        return as_json({"deliveries": [delivery_document(each) for each in listed]})

    @bp.post("/deliveries/replay")
    @access.admin_key()
    @takes(ReplayBody)
    @bp.doc(responses=answers(200, ReplayedAnswer, "Owed again", 413, 415, 422))
    def replay(*, admin_id: str, site_id: str, body: ReplayBody) -> Response:  # noqa: ARG001 - any
        """Owe messages again, same id and body; without ids, all that failed."""
        count = replay_deliveries(
            site_id,
            delivery_ids=body.delivery_ids,
            open_store=open_store,
            jobs=services.jobs,
            now=services.now(),
        )
        return as_json({"replayed": count})
