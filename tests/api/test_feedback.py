"""A site says whether a comment is spam."""

from typing import Any

import pytest

from tests.api.desk import Desk, problem

UNKNOWN = "0197e7a0-0000-7000-8000-000000000000"


def said(desk: Desk) -> list[tuple[str, bool, str | None]]:
    """Return (comment, spam, by whom) of all that is kept."""
    with desk.services.open_store(reading=True) as store:
        lessons = store.lessons(desk.site_id, per_source=9, limit=9)
    return [(each.comment.id, each.feedback.spam, each.feedback.by) for each in lessons]


@pytest.mark.parametrize("spam", [True, False])
def test_what_the_site_says_is_kept_and_told_back(desk: Desk, spam: bool) -> None:
    comment = desk.submitted()

    answer = desk.ask("POST", f"/v1/comments/{comment}/feedback", {"spam": spam, "by": "Eve"})

    assert answer.status_code == 202
    told = answer.get_json()
    assert {**told, "given_at": ""} == {
        "comment_id": comment, "text_version": 1, "spam": spam, "given_at": ""
    }  # fmt: skip
    assert said(desk) == [(comment, spam, "Eve")]


def test_the_comment_stays_as_it_is_and_no_worker_is_woken(desk: Desk) -> None:
    comment = desk.submitted()
    desk.judge(comment)
    before = desk.ask("GET", f"/v1/comments/{comment}").get_json()

    desk.ask("POST", f"/v1/comments/{comment}/feedback", {"spam": True})

    assert desk.ask("GET", f"/v1/comments/{comment}").get_json() == before


def test_sent_again_under_its_key_it_is_answered_the_same(desk: Desk) -> None:
    comment = desk.submitted()
    path = f"/v1/comments/{comment}/feedback"
    first, again = (desk.ask("POST", path, {"spam": True}, Idempotency_Key="k") for _ in range(2))

    assert again.headers["Idempotent-Replayed"] == "true"
    assert (again.status_code, again.get_data()) == (first.status_code, first.get_data())
    other = desk.ask("POST", path, {"spam": False}, Idempotency_Key="k")
    assert problem(other) == (422, "idempotency-key-reused")


def test_the_last_word_counts(desk: Desk) -> None:
    comment = desk.submitted()
    for spam in (True, False):
        desk.ask("POST", f"/v1/comments/{comment}/feedback", {"spam": spam, "by": ""})

    assert said(desk) == [(comment, False, None)]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "spam"),
        ({"spam": "true"}, "spam"),
        ({"spam": 1}, "spam"),
        ({"spam": None}, "spam"),
        ({"spam": True, "ham": False}, "ham"),
        ({"spam": True, "by": 7}, "by"),
        ({"spam": True, "by": "x" * 1_001}, "by"),
    ],
)
def test_a_body_that_says_it_badly_is_refused(desk: Desk, body: Any, field: str) -> None:
    answer = desk.ask("POST", f"/v1/comments/{desk.submitted()}/feedback", body)

    assert problem(answer) == (422, "validation-error")
    assert [each["field"] for each in answer.get_json()["errors"]] == [field]
    assert said(desk) == []


def test_what_cannot_be_kept_in_a_database_is_refused(desk: Desk) -> None:
    body = {"spam": True, "by": "a\x00b"}

    answer = desk.ask("POST", f"/v1/comments/{desk.submitted()}/feedback", body)

    assert problem(answer) == (422, "invalid-unicode")


def test_nothing_is_said_of_a_comment_that_is_not_there(desk: Desk) -> None:
    erased = desk.submitted()
    desk.ask("DELETE", f"/v1/comments/{erased}")

    for comment in (UNKNOWN, erased, "nonsense"):
        answer = desk.ask("POST", f"/v1/comments/{comment}/feedback", {"spam": True})
        assert problem(answer) == (404, "not-found")
