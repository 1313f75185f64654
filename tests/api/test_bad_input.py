"""The "Bad input" table of docs/design: every row, on every route that reads a body."""

import io
import json
import re
from typing import Any
from urllib.parse import quote

import pytest

from moderation.api.access import ADMIN_KEY, MODERATOR_TOKEN, SITE_KEY
from moderation.identifiers import new_id
from tests.api.desk import Desk, open_service, problem
from tests.usecases.given import a_moderator

NAMED = "018f0000-0000-7000-8000-00000000000a"
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"}

MALFORMED = {
    "empty": (b"", 400, "invalid-json"),
    "blank": (b"  ", 400, "invalid-json"),
    "cut off": (b'{"body":', 400, "invalid-json"),
    "trailing": (b"{} {}", 400, "invalid-json"),
    "raw NUL": (b'{"body":"\x00"}', 400, "invalid-json"),
    "leading NUL": (b'\x00{"body":"x"}', 400, "invalid-json"),
    "NaN": (b'{"body":NaN}', 400, "invalid-json"),
    "Infinity": (b'{"body":-Infinity}', 400, "invalid-json"),
    "1e999": (b'{"body":1e999}', 400, "invalid-json"),
    "5,000 digits": (b'{"body":' + b"9" * 5000 + b"}", 400, "invalid-json"),
    "not UTF-8": (b'{"body":"\xff"}', 400, "invalid-encoding"),
    "UTF-16": ('{"body":"x"}'.encode("utf-16"), 400, "invalid-encoding"),
    "UTF-16 without mark": ('{"body":"x"}'.encode("utf-16-le"), 400, "invalid-encoding"),
    "byte order mark": (b'\xef\xbb\xbf{"body":"x"}', 400, "invalid-encoding"),
    "duplicate key": (b'{"body":"x","body":"y"}', 400, "duplicate-key"),
    "33 deep": (b"[" * 33 + b"]" * 33, 400, "too-deep"),
    "2,000 deep": (b'{"a":' * 2000, 400, "too-deep"),
    "list": (b"[]", 422, "validation-error"),
    "text": (b'"x"', 422, "validation-error"),
    "null": (b"null", 422, "validation-error"),
    "unknown field": (b'{"no_such_field":1}', 422, "validation-error"),
    "lone surrogate": (b'{"body":"\\ud800"}', 422, "invalid-unicode"),
    "lone surrogate in a name": (b'{"\\ud800":"x"}', 422, "invalid-unicode"),
    "escaped NUL": (b'{"body":"a\\u0000"}', 422, "invalid-unicode"),
}


@pytest.fixture
def keys(desk: Desk) -> dict[str, str]:
    moderator = a_moderator(desk.services.open_store, desk.site_id)
    return {
        SITE_KEY: desk.key,
        MODERATOR_TOKEN: desk.a_key(moderator_id=moderator.id),
        ADMIN_KEY: desk.a_key(),
    }


def operations(desk: Desk) -> list[tuple[str, str, dict[str, Any]]]:
    """Return method, address and description of every operation."""
    document = desk.client.get("/openapi.json").get_json()
    return [
        (method.upper(), re.sub(r"\{[^}]+\}", NAMED, path), operation)
        for path, known in document["paths"].items()
        for method, operation in known.items()
    ]


def reading(desk: Desk) -> list[tuple[str, str, str]]:
    """Return method, address and kind of key of every operation that takes a body."""
    found = [
        (method, path, next(iter(operation["security"][0])))
        for method, path, operation in operations(desk)
        if "requestBody" in operation
    ]
    assert len(found) >= 8
    return found


@pytest.mark.parametrize("case", MALFORMED)
def test_every_route_refuses_a_malformed_body_alike(
    desk: Desk, keys: dict[str, str], case: str
) -> None:
    data, status, slug = MALFORMED[case]
    for method, path, kind in reading(desk):
        answer = desk.raw(method, path, data, Authorization=f"Bearer {keys[kind]}")
        assert problem(answer) == (status, slug), (method, path, answer.get_data())


def test_every_route_names_an_unknown_field(desk: Desk, keys: dict[str, str]) -> None:
    for method, path, kind in reading(desk):
        answer = desk.raw(
            method, path, b'{"no_such_field":1}', Authorization=f"Bearer {keys[kind]}"
        )
        named = [each["field"] for each in answer.get_json()["errors"]]
        assert "no_such_field" in named, (method, path)


def test_every_route_refuses_what_is_not_declared_as_json(desk: Desk, keys: dict[str, str]) -> None:
    for method, path, kind in reading(desk):
        for headers in ({"Content_Type": "text/plain"}, {"Content_Encoding": "gzip"}):
            answer = desk.raw(method, path, b"{}", Authorization=f"Bearer {keys[kind]}", **headers)
            assert problem(answer) == (415, "unsupported-media-type"), (method, path)


def test_every_route_refuses_a_body_over_its_limit(desk: Desk, keys: dict[str, str]) -> None:
    for method, path, kind in reading(desk):
        limit = 4 * 1024 * 1024 if path.endswith("/batch") else 256 * 1024
        at_limit = b'{"no_such_field":"' + b"x" * (limit - 20) + b'"}'
        assert len(at_limit) == limit
        for data, status in ((at_limit, 422), (at_limit + b" ", 413)):
            answer = desk.raw(method, path, data, Authorization=f"Bearer {keys[kind]}")
            assert answer.status_code == status, (method, path, answer.get_data())
            chunked = desk.client.open(
                path,
                method=method,
                input_stream=io.BytesIO(data),
                headers={"Authorization": f"Bearer {keys[kind]}"},
                content_type="application/json",
                environ_overrides={"wsgi.input_terminated": True},
            )
            assert chunked.status_code == status, (method, path, "chunked")


def test_a_body_that_nobody_asked_for_is_limited_too(desk: Desk) -> None:
    address = f"/v1/comments/{desk.submitted()}"

    answer = desk.raw("DELETE", address, b" " * (256 * 1024 + 1), Idempotency_Key="k")

    assert problem(answer) == (413, "body-too-large")
    assert desk.ask("DELETE", address).status_code == 204


def test_every_operation_gives_one_answer_to_no_key_and_to_bad_ones(desk: Desk) -> None:
    bodies = set()
    for method, path, operation in operations(desk):
        if not operation.get("security"):
            continue
        for key in ("", "Basic abc", "Bearer", "Bearer nonsense", f"Bearer {desk.key}x"):
            answer = desk.ask(method, path, Authorization=key)
            assert problem(answer) == (401, "unauthorized"), (method, path, key)
            assert answer.headers["WWW-Authenticate"] == "Bearer"
            bodies.add(answer.get_data())
    assert len(bodies) == 1


def test_every_operation_refuses_the_other_kinds_of_keys(desk: Desk, keys: dict[str, str]) -> None:
    for method, path, operation in operations(desk):
        allowed = {name for each in operation.get("security", []) for name in each}
        for kind in set(keys) - allowed if allowed else ():
            answer = desk.ask(method, path, Authorization=f"Bearer {keys[kind]}")
            assert problem(answer) == (403, "forbidden"), (method, path, kind)


def test_every_address_refuses_all_other_methods_and_names_those_that_it_knows(
    desk: Desk,
) -> None:
    known: dict[str, set[str]] = {}
    for method, path, _ in operations(desk):
        known.setdefault(path, {"OPTIONS"}).update({method, *(["HEAD"] if method == "GET" else [])})
    for path, methods in known.items():
        for method in METHODS - methods:
            answer = desk.ask(method, path)
            assert answer.status_code == 405, (method, path)
            if method != "HEAD":
                assert problem(answer) == (405, "method-not-allowed")
            assert set(answer.headers["Allow"].split(", ")) == methods, (method, path)
        assert set(desk.ask("OPTIONS", path).headers["Allow"].split(", ")) == methods


def test_an_id_that_only_begins_like_an_address_is_an_id(desk: Desk) -> None:
    for comment_id in ("batches", "batch\n", "rebatch", "Batch", "rotate-"):
        answer = desk.ask("GET", f"/v1/comments/{quote(comment_id)}")
        assert problem(answer) == (404, "not-found"), comment_id
        assert desk.ask("PUT", f"/v1/comments/{quote(comment_id)}").status_code == 405, comment_id


@pytest.mark.parametrize(
    ("body", "slug", "field"),
    [
        ({}, "validation-error", "body"),
        ({"body": ""}, "validation-error", "body"),
        ({"body": " \u200b\u2060\n"}, "validation-error", "body"),
        ({"body": 7}, "validation-error", "body"),
        ({"body": None}, "validation-error", "body"),
        ({"body": "x" * 20_001}, "text-too-long", "body"),
        ({"body": "x", "article": []}, "validation-error", "article"),
        ({"body": "x", "article": {"id": 2**63}}, "validation-error", "article.id"),
        ({"body": "x", "article": {"color": "x"}}, "validation-error", "article.color"),
        ({"body": "x", "author": {"email": "e" * 321}}, "validation-error", "author.email"),
        ({"body": "x", "external_id": "e" * 256}, "validation-error", "external_id"),
        ({"body": "x", "external_id": ""}, "validation-error", "external_id"),
        ({"body": "x", "parent_id": "nobody"}, "validation-error", "parent_id"),
        ({"body": "x", "parent_id": NAMED}, "validation-error", "parent_id"),
        ({"body": "x", "ip": "1.2.3.400"}, "validation-error", "ip"),
        ({"body": "x", "language": "e"}, "validation-error", "language"),
        ({"body": "x", "form_seconds": -1}, "validation-error", "form_seconds"),
        ({"body": "x", "form_seconds": 2**63}, "validation-error", "form_seconds"),
        ({"body": "x", "form_seconds": 10**400}, "validation-error", "form_seconds"),
        ({"body": "x", "form_seconds": True}, "validation-error", "form_seconds"),
        ({"body": "x", "created_at": 1}, "validation-error", "created_at"),
        ({"body": "x", "created_at": "2026-02-30T00:00:00Z"}, "validation-error", "created_at"),
        ({"body": "x", "created_at": "0001-01-01T00:00:00+23:59"}, "validation-error",
         "created_at"),
        ({"body": "x", "user_agent": "a\x00"}, "invalid-unicode", "user_agent"),
    ],
)  # fmt: skip
def test_a_comment_with_a_bad_value_is_refused_and_the_field_named(
    desk: Desk, body: dict[str, Any], slug: str, field: str
) -> None:
    answer = desk.raw("POST", "/v1/comments", json.dumps(body).encode())

    assert problem(answer) == (422, slug)
    assert answer.get_json()["errors"][0]["field"] == field


@pytest.mark.parametrize(
    ("query", "slug", "field"),
    [
        ("limit=0", "validation-error", "limit"),
        ("limit=x", "validation-error", "limit"),
        (f"limit={2**64}", "validation-error", "limit"),
        ("limit=1&limit=2", "validation-error", "limit"),
        ("status=maybe", "validation-error", "status"),
        ("since=yesterday", "validation-error", "since"),
        ("until=1969-01-01T00:00:00Z", "validation-error", "until"),
        ("nonsense=1", "validation-error", "nonsense"),
        ("cursor=abc", "validation-error", "cursor"),
        ("author_id=%00", "invalid-unicode", "author_id"),
        ("article_id=" + "a" * 256, "validation-error", "article_id"),
        ("external_id=a&status=held", "validation-error", "external_id"),
    ],
)
def test_a_bad_parameter_of_a_list_is_refused_and_named(
    desk: Desk, query: str, slug: str, field: str
) -> None:
    answer = desk.ask("GET", f"/v1/comments?{query}")

    assert problem(answer) == (422, slug)
    assert answer.get_json()["errors"][0]["field"] == field


@pytest.mark.parametrize("key", ["", " ", "k" * 256, "schl\u00fcssel", "a\tb"])
def test_every_route_that_changes_anything_refuses_a_malformed_idempotency_key(
    desk: Desk, keys: dict[str, str], key: str
) -> None:
    changing = [each for each in operations(desk) if each[0] != "GET"]
    assert len(changing) > len(reading(desk))
    for method, path, operation in changing:
        holder = keys[next(iter(operation["security"][0]))]
        answer = desk.ask(method, path, Idempotency_Key=key, Authorization=f"Bearer {holder}")
        assert problem(answer) == (400, "invalid-idempotency-key"), (method, path)


def test_every_operation_refuses_a_parameter_that_it_does_not_know(
    desk: Desk, keys: dict[str, str]
) -> None:
    for method, path, operation in operations(desk):
        if not operation.get("security"):
            continue
        holder = keys[next(iter(operation["security"][0]))]
        address = f"{path}?no_such_parameter=1"
        answer = desk.ask(method, address, Authorization=f"Bearer {holder}")
        assert problem(answer) == (422, "validation-error"), (method, path)
        assert answer.get_json()["errors"][0]["field"] == "no_such_parameter", (method, path)


def test_hostile_text_is_accepted_and_kept_as_it_came(desk: Desk) -> None:
    for text in ("e" + "\u0301" * 10_000, "\ufdfa" * 20_000, "\u202ex", "x" * 20_000):
        comment_id = desk.submitted(text)
        assert desk.ask("GET", f"/v1/comments/{comment_id}").get_json()["body"] == text


def test_every_operation_tells_a_key_over_its_limit_when_to_try_again(
    desk: Desk, keys: dict[str, str]
) -> None:
    desk.services.limits.refusing = True  # type: ignore[attr-defined]

    for method, path, operation in operations(desk):
        key = keys[next(iter(operation["security"][0]))]
        answer = desk.ask(method, path, Authorization=f"Bearer {key}")
        assert problem(answer) == (429, "rate-limited"), (method, path)
        assert answer.headers["Retry-After"] == "7"


def test_every_operation_is_unavailable_while_the_database_is_away(
    desk: Desk, keys: dict[str, str]
) -> None:
    away = desk.services.settings.model_copy(
        update={"database_url": "postgresql+psycopg://nobody@127.0.0.1:1/none"}
    )
    with open_service(away) as service:
        for method, path, operation in operations(desk):
            key = keys[next(iter(operation["security"][0]))]
            answer = service.client.open(
                path, method=method, json={}, headers={"Authorization": f"Bearer {key}"}
            )
            assert problem(answer) == (503, "unavailable"), (method, path)
            assert answer.headers["Retry-After"] == "2"


def test_an_unknown_address_is_not_found(desk: Desk) -> None:
    for path in ("/nothing", "//v1//comments", "/v1/comments/", f"/v1/comments/{new_id}/x"):
        assert problem(desk.ask("GET", path)) == (404, "not-found")
