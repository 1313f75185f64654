"""Signing secrets of webhooks: made, sealed for the store, opened for sending."""

import base64
import binascii
import secrets
from dataclasses import replace
from typing import Final

from moderation.domain.delivery import Webhook, WebhookSecret
from moderation.errors import Invalid
from moderation.ports.privacy import Privacy

_PREFIX: Final = "whsec_"
_NEW_BYTES: Final = 32
_FEWEST_BYTES: Final = 24
_MOST_BYTES: Final = 64
"""Bounds of Standard Webhooks 1.0."""


def new_webhook_secret() -> str:
    """Return a fresh secret in the clear, to be shown once: ``whsec_`` and base64 of 256 bits."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_NEW_BYTES)).decode("ascii")


def check_webhook_secret(secret: str) -> None:
    """Refuse a secret that a site brought along and that cannot sign.

    Raises:
        Invalid: It lacks the prefix, is not base64, or is too short or too long.
    """
    if not secret.startswith(_PREFIX):
        raise Invalid("secret", f"must begin with {_PREFIX}")
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise Invalid("secret", f"must be base64 after {_PREFIX}") from None
    if not _FEWEST_BYTES <= len(key) <= _MOST_BYTES:
        raise Invalid("secret", f"must hold {_FEWEST_BYTES} to {_MOST_BYTES} bytes")


def sealed(webhook: Webhook, privacy: Privacy) -> Webhook:
    """Return *webhook* as the store may keep it: nobody who reads the store can sign."""
    return _with_secrets(
        webhook, [replace(each, secret=privacy.seal(each.secret)) for each in webhook.secrets]
    )


def unsealed(webhook: Webhook, privacy: Privacy) -> Webhook:
    """Return a stored webhook with its secrets in the clear.

    Raises:
        ValueError: They were sealed under another service secret.
    """
    return _with_secrets(
        webhook, [replace(each, secret=privacy.unseal(each.secret)) for each in webhook.secrets]
    )


def _with_secrets(webhook: Webhook, changed: list[WebhookSecret]) -> Webhook:
    return replace(webhook, secrets=tuple(changed))
