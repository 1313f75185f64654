"""What administrators send and are shown of webhooks and deliveries."""

from typing import Annotated

from pydantic import BaseModel, Field

from moderation.api.admin_documents import OverlapBody
from moderation.api.fields import Id
from moderation.api.reading import Body, Query
from moderation.domain.delivery import DeliveryStatus

Secret = Annotated[str, Field(max_length=200, description="`whsec_` and 24 to 64 bytes in base64")]


class WebhookBody(Body):
    """A new webhook."""

    url: str = Field(max_length=2_048)
    secret: Secret | None = None


class WebhookSwitch(Body):
    """Whether a webhook hears of decisions."""

    enabled: bool


class RotationBody(OverlapBody):
    """A rotation of a webhook's secret."""

    secret: Secret | None = None


class DeliveriesQuery(Query):
    """Which deliveries to list."""

    status: DeliveryStatus | None = None
    limit: int = Field(50, ge=1, le=1_000)


class ReplayBody(Body):
    """Which deliveries to owe again; null: the latest that failed."""

    delivery_ids: list[Id] | None = Field(None, max_length=1_000)


class SecretEnd(BaseModel):
    """When a signing secret ends; null: not yet."""

    expires_at: str | None


class WebhookAnswer(BaseModel):
    """Where a site hears of decisions; ``secrets`` newest first, without the secrets."""

    id: str
    site_id: str
    url: str
    enabled: bool
    disabled_at: str | None
    created_at: str
    secrets: list[SecretEnd]


class NewWebhookAnswer(WebhookAnswer):
    """A new webhook with its secret, which is shown this once."""

    secret: str


class SecretAnswer(BaseModel):
    """A new secret of a webhook, shown this once."""

    id: str
    secret: str


class WebhooksAnswer(BaseModel):
    """A site's webhooks, oldest first."""

    webhooks: list[WebhookAnswer]


class DeliveryAnswer(BaseModel):
    """One message to a site."""

    id: str
    webhook_id: str
    comment_id: str
    comment_version: int
    status: str
    attempts: int
    last_error: str | None
    created_at: str
    next_attempt_at: str
    settled_at: str | None


class DeliveriesAnswer(BaseModel):
    """Messages, newest first."""

    deliveries: list[DeliveryAnswer]


class ReplayedAnswer(BaseModel):
    """How many messages are owed again."""

    replayed: int
