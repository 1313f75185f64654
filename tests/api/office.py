"""The application with an administrator's key, for tests of reviewing and administering."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from moderation.bootstrap import Services
from moderation.usecases.key_ring import Holder, issue_key_to


class Office:
    """Asks the application as whoever holds ``key``; an administrator unless another is given."""

    def __init__(self, services: Services, client: FlaskClient) -> None:
        self.services = services
        self.client = client
        issued = issue_key_to(Holder(), open_store=services.open_store, now=services.now())
        self.admin_key = issued.secret
        self.admin_id = issued.key.id

    def ask(
        self, method: str, path: str, body: Any = None, *, key: str | None = None
    ) -> TestResponse:
        headers = {"Authorization": f"Bearer {key or self.admin_key}"}
        return self.client.open(path, method=method, json=body, headers=headers)

    def made(self, path: str, body: Any) -> dict[str, Any]:
        """Post *body* and return what was made."""
        answer = self.ask("POST", path, body)
        assert answer.status_code == 201, answer.get_json()
        document: dict[str, Any] = answer.get_json()
        return document

    def a_site(self, name: str = "Gazette") -> dict[str, Any]:
        return self.made("/v1/admin/sites", {"name": name})

    def a_moderator(self, *site_ids: str, email: str = "ann@gazette.example") -> dict[str, Any]:
        body = {
            "email": email,
            "name": "Ann",
            "password": "correct horse battery",
            "site_ids": list(site_ids),
        }
        return self.made("/v1/admin/moderators", body)
