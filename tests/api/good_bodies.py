"""What each operation of the API takes without complaint."""

from typing import Any, Final

from moderation.domain.policy_document import DEFAULT_DOCUMENT

HOOK: Final = {"url": "https://gazette.example/hook"}

BODIES: Final[dict[str, Any]] = {
    "POST /v1/comments": {"body": "x"},
    "POST /v1/comments/batch": {"comments": [{"body": "x"}]},
    "POST /v1/score": {"text": "x"},
    "PATCH /v1/comments/{comment_id}": {"body": "x", "version": 2},
    "POST /v1/comments/{comment_id}/feedback": {"spam": True, "by": "Eve"},
    "POST /v1/comments/{comment_id}/decisions": {
        "action": "approve",
        "reason": "acceptable",
        "version": 2,
    },
    "POST /v1/admin/sites": {"name": "Courier"},
    "POST /v1/admin/keys": {},
    "POST /v1/admin/keys/rotate": {},
    "POST /v1/admin/moderators": {
        "email": "eve@courier.example",
        "name": "Eve",
        "password": "correct horse battery",
        "site_ids": [],
    },
    "PATCH /v1/admin/moderators/{moderator_id}": {"name": "Eve"},
    "PUT /v1/admin/moderators/{moderator_id}/password": {"password": "correct horse battery"},
    "POST /v1/admin/moderators/{moderator_id}/tokens": {},
    "POST /v1/admin/moderators/{moderator_id}/tokens/rotate": {},
    "POST /v1/admin/sites/{site_id}/keys": {},
    "POST /v1/admin/sites/{site_id}/keys/rotate": {},
    "PUT /v1/admin/sites/{site_id}/policy": {"document": DEFAULT_DOCUMENT},
    "POST /v1/admin/sites/{site_id}/policy/rollback": {"version": 1},
    "POST /v1/admin/sites/{site_id}/webhooks": HOOK,
    "PATCH /v1/admin/sites/{site_id}/webhooks/{webhook_id}": {"enabled": False},
    "POST /v1/admin/sites/{site_id}/webhooks/{webhook_id}/rotate": {},
    "POST /v1/admin/sites/{site_id}/deliveries/replay": {},
}
"""A good body for every operation that reads one."""
