"""Clients of Akismet that nobody here wrote, against the whole service with its shipped models.

No part of ``make test``, since it installs them from their registries: ``make clients``.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from moderation.settings import Settings
from tests.api.served import Server
from tests.compat.running import running
from tests.servers import RedisServer

HERE = Path(__file__).parent
SPAM = (
    "Buy cheap viagra now!!! Best casino bonus, visit http://pills.example and "
    "http://casino.example to make money online fast, call +1 900 555 0199"
)
HAM = "I do not agree with the minister, but her speech on the border talks was fair."
THANKS = "Thanks for making the web a better place."
NO_TEXT = "comment_content: is empty"


@pytest.fixture
def server(sqlite_settings: Settings, redis_server: RedisServer) -> Iterator[Server]:
    settings = sqlite_settings.model_copy(update={"redis_url": redis_server.url})
    with running(settings, "live") as served:
        yield served


def told_by(command: list[str], server: Server, folder: Path, **environment: str) -> Any:
    ran = subprocess.run(
        [*command, f"localhost:{server.port}", server.key, SPAM, HAM],
        check=True,
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment or None,
    )
    return json.loads(ran.stdout)


def told_by_node(program: str, server: Server, folder: Path, package: str) -> Any:
    npm = ["npm", "install", "--silent", "--no-audit", "--no-fund", package]
    subprocess.run(npm, check=True, cwd=folder)
    return told_by(["node", str(HERE / program)], server, folder)


@pytest.mark.timeout(600)
def test_akismet_of_pypi(server: Server, tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(tmp_path)]
    subprocess.run([*pip, "akismet==25.10.1"], check=True)
    python = [sys.executable, "-s", str(HERE / "uses_akismet.py")]
    told = told_by(python, server, tmp_path, PYTHONPATH=str(tmp_path))

    refused = {"refused": "APIKeyError"}
    assert told["verify"] == [True, False]
    assert told["check"] == ["DISCARD", "HAM", refused, {"refused": "ProtocolError"}]
    assert told["agreed"] == ["SPAM", "HAM"]
    assert told["submit"] == [True, True, refused]
    assert told["usage"] == [
        {"limit": "none", "usage": 0, "percentage": "0.00", "throttled": False},
        refused,
    ]
    assert told["sites"][0] == {"2026-10": [], "limit": 3, "offset": 1, "total": 0}
    assert told["sites"][1].startswith("Active sites during 2026-10")


@pytest.mark.timeout(600)
def test_akismet_api_of_npm(server: Server, tmp_path: Path) -> None:
    told = told_by_node("uses_akismet_api.js", server, tmp_path, "akismet-api@6.0.0")

    assert told["verify"] == [True, False]
    assert told["check"] == [
        True,
        False,
        {"refused": "Invalid API key"},
        {"refused": NO_TEXT},
    ]
    assert told["honeypot"] is True
    assert told["submit"] == [THANKS, THANKS, "invalid"]


@pytest.mark.timeout(600)
def test_cedx_akismet_of_npm(server: Server, tmp_path: Path) -> None:
    told = told_by_node("uses_cedx_akismet.js", server, tmp_path, "@cedx/akismet@16.2.1")

    refused = {"refused": "the API key is not valid"}
    assert told["verify"] == [True, False]
    assert told["check"] == ["pervasiveSpam", "ham", refused, {"refused": NO_TEXT}]
    assert told["administrator"] == "ham"
    assert told["submit"] == [None, None, refused]
