"""Rows of the "Bad input" table that are about single values, on every route that takes such."""

import json
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.api.desk import Desk, problem
from tests.api.office import Office
from tests.usecases.given import a_comment

TEXTS = ("POST /v1/comments", "PATCH /v1/comments/{}", "POST /v1/score")


def written(desk: Desk, route: str, text: object) -> TestResponse:
    method, _, path = route.partition(" ")
    field = "text" if path == "/v1/score" else "body"
    path = path.format(desk.submitted())
    return desk.raw(method, path, json.dumps({field: text}).encode())


@pytest.mark.parametrize("route", TEXTS)
@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("", "validation-error"),
        (" \u200b\u2060\u00ad\n", "validation-error"),
        (7, "validation-error"),
        (None, "validation-error"),
        ("x" * 20_001, "text-too-long"),
        ("half \ud83d", "invalid-unicode"),
        ("nul \x00", "invalid-unicode"),
    ],
    ids=["empty", "invisible", "number", "null", "too long", "half a character", "nul"],
)
def test_a_text_that_cannot_be_is_refused_wherever_one_is_taken(
    desk: Desk, route: str, text: object, slug: str
) -> None:
    answer = written(desk, route, text)

    assert problem(answer) == (422, slug)
    assert answer.get_json()["errors"][0]["field"] in {"body", "text"}


@pytest.mark.parametrize("route", TEXTS)
def test_a_text_of_20000_characters_is_taken_whole(desk: Desk, route: str) -> None:
    assert written(desk, route, "\U0001f980" * 20_000).status_code in {200, 202}


def test_an_item_of_a_batch_is_refused_like_a_comment_of_its_own(desk: Desk) -> None:
    bodies: list[Any] = [{"body": ""}, {"body": "x" * 20_001}, {"body": "x", "colour": 1}, [], None]

    answer = desk.ask("POST", "/v1/comments/batch", {"comments": bodies})

    for body, result in zip(bodies, answer.get_json()["results"], strict=True):
        alone = desk.raw("POST", "/v1/comments", json.dumps(body).encode())
        assert result == {"status": alone.status_code, "problem": alone.get_json()}


@pytest.mark.parametrize("number", [2**63, -(2**63), 10**30, 0, 1.5, True, "1"])
def test_a_version_that_cannot_be_is_refused_wherever_one_is_taken(
    desk: Desk, office: Office, number: object
) -> None:
    comment = a_comment(desk.services.open_store, desk.site_id)
    token = office.a_moderator(desk.site_id)["token"]
    review = {"action": "approve", "reason": "acceptable", "version": number}
    policy = f"/v1/admin/sites/{desk.site_id}/policy/rollback"

    for answer in (
        desk.ask("PATCH", f"/v1/comments/{comment.id}", {"body": "x", "version": number}),
        office.ask("POST", f"/v1/comments/{comment.id}/decisions", review, key=token),
        office.ask("POST", policy, {"version": number}),
    ):
        assert problem(answer) == (422, "validation-error")
        assert answer.get_json()["errors"][0]["field"] == "version"
    assert desk.ask("GET", f"/v1/comments/{comment.id}").get_json()["version"] == comment.version
