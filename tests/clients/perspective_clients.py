"""Clients of Perspective that nobody here wrote, each in a folder of its own.

No part of ``make test``, since it installs them from their registries: ``make clients``.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from moderation.settings import Settings
from tests.compat.served import Service, serving
from tests.conftest import SECRET

HERE = Path(__file__).parent
KEY_REFUSED = "API key not valid. Please pass a valid API key."


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, _migrated_file: Path) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("data")
    shutil.copy(_migrated_file, folder / "moderation.db")
    with serving(Settings(data_dir=folder, secret=SECRET)) as running:
        yield running


def told_by_python(program: str, service: Service, target: Path, *packages: str) -> Any:
    """Install packages into a folder and return what a program of ours says that uses them."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(target), *packages]
    subprocess.run(pip, check=True)
    python = [sys.executable, "-s", str(HERE / program), service.url, service.key]
    ran = subprocess.run(
        python, check=True, capture_output=True, text=True, env={"PYTHONPATH": str(target)}
    )
    return json.loads(ran.stdout)


def values(told: Any) -> dict[str, float]:
    """Return the scores of whole texts."""
    return {name: each["summaryScore"]["value"] for name, each in told["attributeScores"].items()}


@pytest.mark.timeout(600)
def test_google_api_python_client(service: Service, tmp_path: Path) -> None:
    told = told_by_python("uses_google.py", service, tmp_path, "google-api-python-client")

    spans = told["good"]["attributeScores"]["TOXICITY"]["spanScores"]
    assert [(each["begin"], each["end"]) for each in spans] == [(0, 13), (14, 25)]
    assert told["bad key"]["status"] == 400
    assert told["bad key"]["reason"] == KEY_REFUSED
    assert told["empty"]["reason"] == "Comment must be non-empty."
    assert told["empty"]["details"][0]["errorType"] == "COMMENT_EMPTY"
    assert told["language"]["reason"] == "Attribute TOXICITY does not support request languages: om"
    assert told["suggest"] == {"clientToken": "t"}


@pytest.mark.timeout(600)
def test_perspective(service: Service, tmp_path: Path) -> None:
    told = told_by_python("uses_perspective.py", service, tmp_path, "perspective==1.0.3")

    assert told["score"] == {"TOXICITY": 0.75, "INSULT": 0.75}
    assert values(told["analyze"]) == {"SPAM": 0.75}
    assert len(told["analyze"]["attributeScores"]["SPAM"]["spanScores"]) == 2
    assert told["analyze"]["clientToken"] == "t"
    assert told["suggest"] == {"clientToken": "t"}
    assert (told["bad key"]["http"], told["bad key"]["message"]) == (400, KEY_REFUSED)
    assert told["html"]["message"] == "Currently, only 'PLAIN_TEXT' comments are supported"
    assert told["unknown"]["message"] == "Unknown requested attribute: WARMTH"


@pytest.mark.timeout(600)
def test_pyperspective(service: Service, tmp_path: Path) -> None:
    told = told_by_python(
        "uses_pyperspective.py", service, tmp_path, "PyPerspective==1.0.4", "requests"
    )

    assert told["good"] == {
        "languages": [["en"], ["en"]],
        "scores": {"TOXICITY": 0.75, "PROFANITY": 0.75},
        "spans": {"TOXICITY": ["You turnip."], "PROFANITY": ["You turnip."]},
    }
    assert told["bad key"] == {"refused": "key"}
    own_fault = {"refused": "ApiException() takes no keyword arguments"}
    assert told["empty"] == told["not measured"] == told["language"] == own_fault


@pytest.mark.timeout(600)
def test_perspective_api_client(service: Service, tmp_path: Path) -> None:
    npm = ["npm", "install", "--silent", "--no-audit", "--no-fund", "perspective-api-client@3.1.0"]
    subprocess.run(npm, check=True, cwd=tmp_path)
    node = ["node", str(HERE / "uses_perspective_api_client.js"), service.url, service.key]
    ran = subprocess.run(node, check=True, capture_output=True, text=True, cwd=tmp_path)
    told = json.loads(ran.stdout)

    assert values(told["good"]) == {"TOXICITY": 0.75, "INSULT": 0.75}
    assert values(told["whole"]) == {"TOXICITY": 0.75}
    assert told["bad key"] == {"refused": "ResponseError", "message": KEY_REFUSED}
    assert told["unknown"]["message"] == "Unknown requested attribute: WARMTH"
    assert told["too long"]["message"] == (
        "Comment text was too many bytes. Value (20482) exceeded limit (20480)."
    )
    assert told["empty"]["message"] == "Comment must be non-empty."
