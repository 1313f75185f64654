"""The API document declares a header on the operations that heed it, and on no other."""

import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.api.desk import Desk, problem
from tests.api.good_bodies import BODIES
from tests.api.hostile import Fortress
from tests.api.office import Office


@pytest.fixture
def fortress(desk: Desk, office: Office) -> Fortress:
    return Fortress(desk, office)


def declared(fortress: Fortress, header: str) -> set[str]:
    return {
        operation
        for operation, told in fortress.operations.items()
        for each in told.get("parameters", [])
        if (each["in"], each["name"]) == ("header", header)
    }


def schema(fortress: Fortress, operation: str, header: str) -> dict[str, Any]:
    told = fortress.operations[operation]["parameters"]
    [found] = [each["schema"] for each in told if each["name"] == header]
    assert isinstance(found, dict)
    return found


def addressed(fortress: Fortress, operation: str) -> str:
    """Return the address with the ids of things that are there."""
    fortress.furnish()
    things = dict(fortress.things)
    path = operation.partition(" ")[2]
    if path.endswith("/{key_id}"):
        keys = path.removesuffix("/{key_id}")
        issued = fortress.ask(f"POST {keys}", path=keys.format_map(things), json={})
        things["key_id"] = issued.get_json()["id"]
    return path.format_map(things)


def sent(fortress: Fortress, operation: str, path: str, header: str, value: str) -> TestResponse:
    body = {"json": BODIES[operation]} if operation in BODIES else {}
    return fortress.ask(operation, path=path, headers={header: value}, **body)


def ask(fortress: Fortress, operation: str, header: str, value: str) -> TestResponse:
    return sent(fortress, operation, addressed(fortress, operation), header, value)


def test_an_idempotency_key_is_declared_where_a_repeated_request_is_answered_again(
    fortress: Fortress,
) -> None:
    heeding = set()
    for number, operation in enumerate(fortress.operations):
        path = addressed(fortress, operation)
        first, second = (
            sent(fortress, operation, path, "Idempotency-Key", f"k{number}") for _ in range(2)
        )
        assert first.status_code < 400, (operation, first.get_data())
        if "Idempotent-Replayed" in second.headers:
            heeding.add(operation)

    assert len(heeding) == 5
    assert declared(fortress, "Idempotency-Key") == heeding


def test_if_match_is_declared_where_it_keeps_a_comment_from_being_changed(
    fortress: Fortress,
) -> None:
    heeding = set()
    for operation in fortress.operations:
        answer = ask(fortress, operation, "If-Match", '"7"')
        if answer.status_code >= 400:
            assert problem(answer) == (409, "edit-conflict"), operation
            heeding.add(operation)

    assert len(heeding) == 2
    assert declared(fortress, "If-Match") == heeding


def test_prefer_is_declared_where_a_preference_is_applied(fortress: Fortress) -> None:
    heeding = {
        operation
        for operation in fortress.operations
        if "Preference-Applied" in ask(fortress, operation, "Prefer", "wait=1").headers
    }

    assert heeding == {"POST /v1/comments"}
    assert declared(fortress, "Prefer") == heeding


@pytest.mark.parametrize("key", ["k", "~", "a b", "k" * 255, "", "k" * 256, "\t", "\u00e9"])
def test_the_keys_that_are_taken_are_those_of_the_document(fortress: Fortress, key: str) -> None:
    told = schema(fortress, "POST /v1/comments", "Idempotency-Key")
    good = (
        told["minLength"] <= len(key) <= told["maxLength"]
        and re.search(told["pattern"], key) is not None
    )

    answer = ask(fortress, "POST /v1/comments", "Idempotency-Key", key)

    assert answer.status_code == (202 if good else 400)


@pytest.mark.parametrize("tag", ['"2"', "*", '"7"', '"0"', "2", 'W/"2"', '"99999999999999999999"'])
def test_only_tags_of_the_document_let_a_comment_be_changed(fortress: Fortress, tag: str) -> None:
    operation = "DELETE /v1/comments/{comment_id}"
    told = schema(fortress, operation, "If-Match")

    answer = ask(fortress, operation, "If-Match", tag)

    assert answer.status_code == (204 if tag in {'"2"', "*"} else 409)
    assert (re.search(told["pattern"], tag) is not None) == (tag in {'"2"', "*", '"7"'})


def test_no_longer_wait_than_ten_seconds_is_declared(fortress: Fortress) -> None:
    pattern = schema(fortress, "POST /v1/comments", "Prefer")["pattern"]

    taken = [each for each in range(100) if re.search(pattern, f"wait={each}")]

    assert taken == list(range(11))
