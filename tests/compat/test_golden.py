"""Recorded requests and the answers that they must get, to the letter."""

import json
from pathlib import Path

import httpx2
import pytest

from tests.compat.served import Service

RECORDED = sorted((Path(__file__).parent / "perspective").glob("*.json"))
_VOLATILE = {"date", "server", "content-length", "connection", "x-request-id"}


@pytest.mark.parametrize("recorded", RECORDED, ids=lambda path: path.stem)
def test_a_recorded_request_is_answered_as_it_was(service: Service, recorded: Path) -> None:
    pair = json.loads(recorded.read_text(encoding="utf-8"))
    asked, expected = pair["request"], pair["response"]
    body = asked.get("body")
    content = b"" if body is None else json.dumps(body).encode()

    answer = httpx2.request(
        asked["method"],
        service.url + asked["path"].replace("KEY", service.key),
        content=content,
        headers={"Content-Type": "application/json"},
    )

    told = json.loads(answer.text.replace(service.url, "http://SERVER"))
    assert answer.status_code == expected["status"]
    assert told == expected["body"]
    kept = {name: value for name, value in answer.headers.items() if name not in _VOLATILE}
    assert kept == expected["headers"]


def test_something_is_recorded() -> None:
    assert len(RECORDED) >= 15
