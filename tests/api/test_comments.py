"""The life of a comment as a site sees it."""

from datetime import timedelta
from threading import Timer
from typing import Any

import pytest

from moderation.domain.policy import Action
from moderation.settings import Settings
from tests.api.desk import Desk, open_desk, problem

FULL = {
    "body": "A fair point",
    "article": {"id": "a1", "url": "https://g.example/a1", "title": "Talks", "section": "world"},
    "author": {"id": "u1", "name": "Jo", "email": " Jo@Example.org ", "url": ""},
    "external_id": "e1",
    "ip": "192.0.2.7",
    "user_agent": "Browser",
    "referrer": "https://search.example",
    "language": "pt-BR",
    "honeypot": "",
    "form_seconds": 3,
    "created_at": "2026-11-24T10:30:00+01:00",
}


def read(desk: Desk, comment_id: str) -> dict[str, Any]:
    document: dict[str, Any] = desk.ask("GET", f"/v1/comments/{comment_id}").get_json()
    return document


def test_a_comment_is_accepted_and_can_be_read(desk: Desk) -> None:
    answer = desk.ask("POST", "/v1/comments", FULL)

    assert answer.status_code == 202
    comment_id = answer.get_json()["id"]
    assert answer.get_json() == {"id": comment_id, "status": "pending"}
    assert answer.headers["Location"] == f"/v1/comments/{comment_id}"
    assert desk.services.jobs.scored == [comment_id]  # type: ignore[attr-defined]
    shown = read(desk, comment_id)
    assert shown["article"] == FULL["article"]
    assert shown["author"] == {"id": "u1", "name": "Jo", "url": None}
    assert shown["created_at"] == "2026-11-24T09:30:00+00:00"
    assert shown["decisions"] == []


def test_addresses_are_kept_as_pseudonyms_only(desk: Desk) -> None:
    shown = desk.ask("GET", f"/v1/comments/{desk.submitted(**_without_body(FULL))}")
    with desk.services.open_store(reading=True) as store:
        kept = store.comment_by_external_id(desk.site_id, "e1")

    assert kept.author.email_hash == desk.services.privacy.pseudonym("jo@example.org")
    assert kept.ip_hash == desk.services.privacy.pseudonym("192.0.2.7")
    for secret in (b"xample.org", b"192.0.2.7", kept.author.email_hash.encode()):
        assert secret not in shown.get_data()


def test_a_decided_comment_shows_its_grounds(desk: Desk) -> None:
    comment_id = desk.submitted()
    desk.judge(comment_id, Action.HOLD)

    shown = read(desk, comment_id)
    decisions = desk.ask("GET", f"/v1/comments/{comment_id}/decisions").get_json()["decisions"]

    assert shown["status"] == "held"
    assert shown["scores"] == {"toxicity": 0.71, "insult": 0.125}
    assert shown["reasons"][0]["code"] == "toxicity>=0.60"
    assert shown["spans"] == [{"start": 0, "end": 4, "source": "slurs"}]
    assert decisions == shown["decisions"]


def test_an_edit_is_judged_anew_and_earlier_texts_are_kept(desk: Desk) -> None:
    comment_id = desk.submitted("first")
    desk.judge(comment_id)

    answer = desk.ask("PATCH", f"/v1/comments/{comment_id}", {"body": "second"})

    assert answer.get_json() == {"id": comment_id, "status": "pending", "version": 3}
    shown = read(desk, comment_id)
    assert shown["scores"] == {}
    assert [each["body"] for each in shown["revisions"]] == ["first", "second"]
    assert len(desk.services.jobs.scored) == 2  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        ({"version": 1}, {}, 202),
        ({"version": 2}, {}, 409),
        ({}, {"If_Match": '"1"'}, 202),
        ({}, {"If_Match": "*"}, 202),
        ({}, {"If_Match": '"2"'}, 409),
        ({}, {"If_Match": "1"}, 409),
        ({"version": 1}, {"If_Match": '"2"'}, 409),
    ],
)
def test_an_edit_of_another_version_is_refused(
    desk: Desk, body: dict[str, Any], headers: dict[str, str], status: int
) -> None:
    comment_id = desk.submitted("first")

    answer = desk.ask("PATCH", f"/v1/comments/{comment_id}", {"body": "new", **body}, **headers)

    assert answer.status_code == status
    assert read(desk, comment_id)["body"] == ("new" if status == 202 else "first")


def test_an_erased_comment_is_not_found_and_frees_its_external_id(desk: Desk) -> None:
    comment_id = desk.submitted(external_id="e1")
    address = f"/v1/comments/{comment_id}"

    assert problem(desk.ask("DELETE", address, If_Match='"2"')) == (409, "edit-conflict")
    assert desk.ask("DELETE", address, If_Match='"1"').status_code == 204
    assert problem(desk.ask("GET", address)) == (404, "not-found")
    assert problem(desk.ask("DELETE", address)) == (404, "not-found")
    desk.submitted(external_id="e1")


def test_an_external_id_finds_its_comment_and_cannot_be_taken_twice(desk: Desk) -> None:
    comment_id = desk.submitted(external_id="e1")
    again = desk.ask("POST", "/v1/comments", {"body": "x", "external_id": "e1"})
    found = desk.ask("GET", "/v1/comments?external_id=e1").get_json()
    none = desk.ask("GET", "/v1/comments?external_id=e2").get_json()

    assert problem(again) == (409, "duplicate-external-id")
    assert [each["id"] for each in found["comments"]] == [comment_id]
    assert none == {"comments": [], "next_cursor": None}


def test_pages_stay_right_while_comments_come_in(desk: Desk) -> None:
    ids = [desk.submitted(article={"id": "a"}) for _ in range(5)]
    seen: list[str] = []
    address = "/v1/comments?article_id=a&limit=2"
    cursor = ""
    while True:
        page = desk.ask("GET", address + (f"&cursor={cursor}" if cursor else "")).get_json()
        seen += [each["id"] for each in page["comments"]]
        desk.submitted(article={"id": "a"})
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert seen == ids[::-1]


def test_a_cursor_is_good_for_its_own_list_only(desk: Desk) -> None:
    other = desk.another_site()
    for _ in range(2):
        desk.submitted()
        other.submitted()
    cursor = desk.ask("GET", "/v1/comments?limit=1").get_json()["next_cursor"]

    for asking, more in ((other, ""), (desk, "&status=held")):
        answer = asking.ask("GET", f"/v1/comments?cursor={cursor}{more}")
        assert problem(answer) == (422, "validation-error")
    assert desk.ask("GET", f"/v1/comments?limit=1&cursor={cursor}").status_code == 200


def test_a_list_can_be_narrowed(desk: Desk) -> None:
    mine = desk.submitted(author={"id": "u1"})
    desk.submitted()
    desk.judge(mine)

    for query, count in (
        ("author_id=u1", 1),
        ("status=approved", 1),
        ("status=pending", 1),
        ("since=2020-01-01T00:00:00Z", 2),
        ("until=2020-01-01T00:00:00%2B01:00", 0),
    ):
        page = desk.ask("GET", f"/v1/comments?{query}").get_json()
        assert len(page["comments"]) == count, query


def test_each_item_of_a_batch_is_answered_for_itself(desk: Desk) -> None:
    desk.submitted(external_id="taken")
    items = [
        {"body": "good"},
        {"body": ""},
        {"body": "x", "external_id": "taken"},
        {"body": "x", "parent_id": "nobody"},
        7,
        {"body": "good too", "external_id": "new"},
    ]

    answer = desk.ask("POST", "/v1/comments/batch", {"comments": items})

    results = answer.get_json()["results"]
    assert answer.status_code == 200
    assert [each["status"] for each in results] == [202, 422, 409, 422, 422, 202]
    stored = [each["comment"]["id"] for each in results if "comment" in each]
    assert [read(desk, each)["body"] for each in stored] == ["good", "good too"]
    assert len(desk.ask("GET", "/v1/comments").get_json()["comments"]) == 3


def test_a_text_that_cannot_be_kept_spoils_no_other_item_of_a_batch(desk: Desk) -> None:
    items = (
        b'{"body":"good"},{"body":"\\ud800"},{"body":"x","author":{"name":"\\u0000"}},{"\\ud800":1}'
    )

    answer = desk.raw("POST", "/v1/comments/batch", b'{"comments":[' + items + b"]}")

    results = answer.get_json()["results"]
    assert [each["status"] for each in results] == [202, 422, 422, 422]
    told = [each["problem"]["errors"][0]["field"] for each in results[1:]]
    assert told == ["body", "author.name", "body"]
    for beside in (b'"x":"\\ud800"', b'"\\ud800":1'):
        whole = b'{"comments":[{"body":"x"}],' + beside + b"}"
        assert problem(desk.raw("POST", "/v1/comments/batch", whole)) == (422, "invalid-unicode")


def test_a_batch_in_which_nothing_is_good_wakes_nobody(desk: Desk) -> None:
    desk.ask("POST", "/v1/comments/batch", {"comments": [{}]})

    assert desk.services.jobs.scored == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("count", [0, 101])
def test_a_batch_has_one_to_a_hundred_items(desk: Desk, count: int) -> None:
    answer = desk.ask("POST", "/v1/comments/batch", {"comments": [{"body": "x"}] * count})

    assert problem(answer) == (422, "validation-error")


def test_a_site_that_waits_is_answered_with_the_decision(desk: Desk) -> None:
    def judge() -> None:
        with desk.services.open_store(reading=True) as store:
            waiting = store.owed(now=desk.services.now(), limit=1)
        if waiting:
            desk.judge(waiting[0], Action.REJECT)

    judging = Timer(0.3, judge)
    judging.start()
    answer = desk.ask("POST", "/v1/comments", {"body": "x"}, Prefer="respond-async, wait=9")
    judging.join()

    assert answer.status_code == 200
    assert answer.get_json()["status"] == "rejected"
    assert answer.headers["Preference-Applied"] == "wait=9"


@pytest.mark.parametrize("prefer", ["wait=0", "wait=x", "wait=-1", "return=minimal"])
def test_a_preference_that_asks_for_no_wait_is_answered_at_once(desk: Desk, prefer: str) -> None:
    answer = desk.ask("POST", "/v1/comments", {"body": "x"}, Prefer=prefer)

    assert answer.status_code == 202
    assert "Preference-Applied" not in answer.headers


def test_a_full_backlog_refuses_new_texts_and_keeps_none(sqlite_settings: Settings) -> None:
    with open_desk(sqlite_settings, max_backlog=1) as desk:
        kept = desk.ask("POST", "/v1/comments", {"body": "x"}, Idempotency_Key="k")
        with open_desk_again(desk) as full:
            for method, path, body in (
                ("POST", "/v1/comments", {"body": "x"}),
                ("POST", "/v1/comments/batch", {"comments": [{"body": "x"}]}),
                ("PATCH", f"/v1/comments/{kept.get_json()['id']}", {"body": "x"}),
            ):
                answer = full.ask(method, path, body)
                assert problem(answer) == (503, "backlog-full")
                assert answer.headers["Retry-After"] == "10"
            again = full.ask("POST", "/v1/comments", {"body": "x"}, Idempotency_Key="k")
            assert again.get_json() == kept.get_json()
            assert len(full.ask("GET", "/v1/comments").get_json()["comments"]) == 1


def open_desk_again(desk: Desk) -> Any:
    """Return the desk with an application that has not counted the backlog yet."""
    from contextlib import nullcontext  # noqa: PLC0415 - one use

    from moderation.api.app import create_app  # noqa: PLC0415 - one use

    desk.client = create_app(desk.services).test_client()
    return nullcontext(desk)


def test_a_text_is_scored_without_being_kept(desk: Desk) -> None:
    answer = desk.ask("POST", "/v1/score", {"text": "x", "language": "en"})
    assert answer.get_json() == {"scores": {"toxicity": 0.25}, "spans": []}

    desk.services.instant.scores = None  # type: ignore[attr-defined]
    answer = desk.ask("POST", "/v1/score", {"text": "x"})
    assert problem(answer) == (503, "unavailable")
    assert answer.headers["Retry-After"]
    assert desk.ask("GET", "/v1/comments").get_json()["comments"] == []


def test_what_belongs_to_another_site_is_answered_like_what_does_not_exist(desk: Desk) -> None:
    other = desk.another_site()
    theirs, nobodys = desk.submitted(), "018f0000-0000-7000-8000-00000000000a"

    for method, path, body in (
        ("GET", "/v1/comments/{}", None),
        ("GET", "/v1/comments/{}/decisions", None),
        ("PATCH", "/v1/comments/{}", {"body": "x"}),
        ("PATCH", "/v1/comments/{}", {"body": "x", "version": 1}),
        ("DELETE", "/v1/comments/{}", None),
    ):
        one = other.ask(method, path.format(theirs), body)
        two = other.ask(method, path.format(nobodys), body)
        assert one.status_code == two.status_code == 404
        assert one.get_data().replace(theirs.encode(), nobodys.encode()) == two.get_data()
    reply = other.ask("POST", "/v1/comments", {"body": "x", "parent_id": theirs})
    assert problem(reply) == (422, "validation-error")
    assert other.ask("GET", "/v1/comments").get_json()["comments"] == []
    assert read(desk, theirs)["version"] == 1


def test_a_reply_to_a_comment_of_the_site_is_accepted(desk: Desk) -> None:
    parent = desk.submitted()

    assert read(desk, desk.submitted(parent_id=parent))["parent_id"] == parent


def test_an_expired_key_ends_within_two_seconds_of_its_time(desk: Desk) -> None:
    desk.ask("GET", "/v1/comments")
    with desk.services.open_store() as store:
        [key] = store.keys(site_id=desk.site_id)
        store.expire_key(key.id, desk.services.now() + timedelta(minutes=1))
    desk.clock.ahead = timedelta(minutes=2)
    from moderation.api.app import create_app  # noqa: PLC0415 - one use

    desk.client = create_app(desk.services).test_client()

    assert problem(desk.ask("GET", "/v1/comments")) == (401, "unauthorized")


def _without_body(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != "body"}
