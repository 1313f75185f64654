"""OpenAI's moderation endpoint over real HTTP."""

import json
from typing import Any

import httpx2
import pytest

from moderation.compat.openai_categories import SIGNALS, Judged, result_of
from moderation.compat.openai_input import MOST_TEXTS
from moderation.domain.policy_document import DEFAULT_DOCUMENT
from tests.compat.served import MODEL_HASH, Service

CATEGORIES = (
    "harassment",
    "harassment/threatening",
    "hate",
    "hate/threatening",
    "illicit",
    "illicit/violent",
    "self-harm",
    "self-harm/instructions",
    "self-harm/intent",
    "sexual",
    "sexual/minors",
    "violence",
    "violence/graphic",
)


def ask(service: Service, body: Any, key: str | None = None) -> httpx2.Response:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {key or service.key}", "Content-Type": "application/json"}
    return httpx2.post(f"{service.url}/v1/moderations", content=raw, headers=headers)


def refused(answer: httpx2.Response) -> tuple[int, str, str | None, str | None]:
    [error] = answer.json().values()
    assert error["message"]
    return answer.status_code, error["type"], error["param"], error["code"]


def test_a_hostile_text_is_flagged_in_the_categories_that_are_measured(service: Service) -> None:
    answer = ask(service, {"input": "You turnip.", "model": "omni-moderation-latest"})

    assert answer.status_code == 200
    assert answer.headers["X-Model-Hash"] == MODEL_HASH
    told = answer.json()
    assert told["id"].startswith("modr-")
    [result] = told["results"]
    assert result["flagged"] is True
    assert result["categories"]["harassment"] is True
    assert result["category_scores"]["harassment"] == 0.75
    assert result["category_applied_input_types"]["harassment"] == ["text"]
    for members in ("categories", "category_scores", "category_applied_input_types"):
        assert sorted(result[members]) == sorted(CATEGORIES)


def test_a_category_that_nothing_measures_says_so(service: Service) -> None:
    [result] = ask(service, {"input": "You turnip."}).json()["results"]

    for name, signals in SIGNALS.items():
        if not signals:
            assert result["category_scores"][name] == 0
            assert result["category_applied_input_types"][name] == []
            assert result["categories"][name] is False


def test_each_text_of_a_list_gets_its_result_in_its_place(service: Service) -> None:
    texts = ["You turnip.", "You carrot.", "Turnips? No: turnip!"]

    results = ask(service, {"input": texts}).json()["results"]

    assert [each["category_scores"]["harassment"] for each in results] == [0.75, 0.125, 0.75]


def test_parts_of_one_text_get_one_result(service: Service) -> None:
    parts = [{"type": "text", "text": "You"}, {"type": "text", "text": "turnip."}]

    [result] = ask(service, {"input": parts}).json()["results"]

    assert result["flagged"] is True
    assert service.instant.asked[-1].text == "You\nturnip."


def test_what_is_flagged_is_what_the_sites_policy_holds_for(service: Service) -> None:
    lenient = {**DEFAULT_DOCUMENT, "rules": [{"signal": "threat", "at_least": 1, "action": "hold"}]}
    with service.services.open_store() as store:
        now = service.services.now()
        store.add_policy(service.site_id, lenient, by="Ann", now=now)
    try:
        [result] = ask(service, {"input": "You turnip."}).json()["results"]
    finally:
        with service.services.open_store() as store:
            store.add_policy(service.site_id, DEFAULT_DOCUMENT, by="Ann", now=now)

    assert result["flagged"] is False
    assert result["category_scores"]["harassment"] == 0.75


def test_a_text_that_could_not_be_measured_is_flagged_in_no_category() -> None:
    result = result_of(Judged(scores={"spam": 0.1}, fired=[], required=["toxicity"]))

    assert result["flagged"] is True
    assert not any(result["categories"].values())


def test_signals_that_stand_for_a_category_together_must_all_have_fired() -> None:
    scores = {"identity_attack": 0.5, "threat": 0.01}

    result = result_of(Judged(scores=scores, fired=["identity_attack"], required=[]))

    assert result["categories"]["hate"] is True
    assert result["categories"]["hate/threatening"] is False
    assert result["category_scores"]["hate/threatening"] == 0.01


@pytest.mark.parametrize(
    ("body", "param", "code"),
    [
        ({}, "input", "missing_required_parameter"),
        ({"input": []}, "input", "invalid_type"),
        ({"input": 7}, "input", "invalid_type"),
        ({"input": ["a", 7]}, "input", "invalid_type"),
        ({"input": ["a"] * (MOST_TEXTS + 1)}, "input", "invalid_value"),
        ({"input": " \u200b"}, "input", "invalid_value"),
        ({"input": "a" * 20_001}, "input", "string_above_max_length"),
        ({"input": [{"type": "image_url", "image_url": {}}]}, "input", "unsupported_value"),
        ({"input": [{"type": "sound"}]}, "input", "invalid_value"),
        ({"input": "a", "model": 1}, "model", "invalid_type"),
        ({"input": "a", "mode": "a"}, None, "unknown_parameter"),
        (b"{", None, None),
        (b"[]", None, None),
        (b'{"input": NaN}', None, None),
        (b'{"input": "\\ud800"}', None, None),
        (b'{"input": "\\u0000"}', None, None),
        (b"\xff", None, None),
        (b'{"input": ' + b"[" * 40 + b"]" * 40 + b"}", None, None),
        (b"[" * 100_000, None, None),
    ],
)
def test_what_is_malformed_is_refused_in_openais_words(
    service: Service, body: Any, param: str | None, code: str | None
) -> None:
    assert refused(ask(service, body)) == (400, "invalid_request_error", param, code)


def test_a_body_that_is_too_large_is_not_read(service: Service) -> None:
    answer = ask(service, b" " * (4 * 1024 * 1024 + 1))

    assert refused(answer)[:2] == (413, "invalid_request_error")


def test_a_wrong_key_and_none_are_refused_as_openai_does(service: Service) -> None:
    wrong = ask(service, {"input": "a"}, key="sk-wrong")
    none = httpx2.post(f"{service.url}/v1/moderations", json={"input": "a"})

    assert refused(wrong) == (401, "invalid_request_error", None, "invalid_api_key")
    assert refused(none) == (401, "invalid_request_error", None, None)
    assert "sk-wrong" not in wrong.text


def test_past_the_limit_and_past_the_deadline_clients_are_told_to_come_again(
    service: Service,
) -> None:
    service.limits.refusing = True
    limited = ask(service, {"input": "a"})
    service.limits.refusing, service.instant.down = False, True
    late = ask(service, {"input": "a"})

    assert refused(limited) == (429, "requests", None, "rate_limit_exceeded")
    assert limited.headers["Retry-After"] == "7"
    assert refused(late) == (503, "server_error", None, None)
    assert late.headers["Retry-After"] == "2"
