"""Keys, tokens, passwords and webhook secrets lie in no log and in no file of the database."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from moderation.bootstrap import build_services
from moderation.settings import Settings
from moderation.usecases.key_ring import Holder, issue_key_to
from tests.api.served import Server, serving
from tests.conftest import SECRET

PASSWORD = "correct horse battery"  # noqa: S105 - opens nothing
WRONG = "cmsite_0123456789ab_aWrongKeyThatSomebodyTriesInVain00000000"


@pytest.fixture
def folder(tmp_path: Path, _migrated_file: Path) -> Path:
    shutil.copy(_migrated_file, tmp_path / "moderation.db")
    return tmp_path


@pytest.fixture
def settings(folder: Path) -> Settings:
    return Settings(data_dir=folder, secret=SECRET, redis_url="redis://127.0.0.1:1/0")


@pytest.fixture
def server(settings: Settings) -> Iterator[Server]:
    with serving(settings, MODERATION_API_WORKERS="1", MODERATION_LOG_LEVEL="debug") as running:
        yield running


def test_no_secret_is_written_to_a_log_or_to_the_database(
    server: Server, settings: Settings, folder: Path
) -> None:
    services = build_services(settings)
    admin = issue_key_to(Holder(), open_store=services.open_store, now=services.now()).secret
    services.close()
    issued = {"a site's first key": server.key, "an admin key": admin}

    def post(path: str, body: Any = None, key: str = admin) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {key}", "Connection": "close"}
        return httpx2.post(f"{server.url}{path}", json=body or {}, headers=headers, timeout=20)

    def made(path: str, body: Any = None) -> dict[str, Any]:
        answer = post(path, body)
        assert answer.status_code == 201, answer.text
        document: dict[str, Any] = answer.json()
        return document

    site = made("/v1/admin/sites", {"name": "Courier"})
    at = f"/v1/admin/sites/{site['id']}"
    issued["a site's key"] = site["key"]
    issued["a rotated key"] = made(f"{at}/keys/rotate")["key"]
    hook = made(f"{at}/webhooks", {"url": "https://courier.example/hook"})
    issued["a webhook's secret"] = hook["secret"]
    issued["a rotated secret"] = made(f"{at}/webhooks/{hook['id']}/rotate")["secret"]
    ann = {"email": "ann@a.example", "name": "Ann", "password": PASSWORD, "site_ids": [site["id"]]}
    moderator = made("/v1/admin/moderators", ann)
    issued |= {"a password": PASSWORD, "a token": moderator["token"]}

    assert post("/v1/comments", {"body": "Well said."}, server.key).status_code == 202
    assert post("/v1/comments", {"body": "Well said."}, issued["a rotated key"]).status_code == 202
    assert post("/v1/comments", {"body": "Well said."}, moderator["token"]).status_code == 403
    assert post("/v1/comments", {"body": "Well said."}, WRONG).status_code == 401
    assert post("/v1/score", {"text": "Well said."}, server.key).status_code == 503
    issued["a wrong key"] = WRONG

    written = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert "_".join(server.key.split("_", 2)[:2]).encode() in b"".join(
        kept for name, kept in written.items() if name.startswith("moderation.db")
    )  # how a key begins is kept, so it is the right files that are read
    assert b"POST /v1/score" in written["log"]
    for what, secret in issued.items():
        telling = secret.split("_", 2)[-1].encode()  # what follows the part that is kept
        found = [name for name, kept in written.items() if telling in kept]
        assert (what, found) == (what, [])
