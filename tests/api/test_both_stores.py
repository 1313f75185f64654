"""The main journeys of a site and a moderator, on SQLite and on PostgreSQL alike."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from moderation.domain.policy import Action
from moderation.settings import Settings
from tests.api.desk import Desk, open_desk, problem
from tests.api.office import Office
from tests.usecases.given import a_comment


@pytest.fixture
def desk(store_settings: Settings) -> Iterator[Desk]:
    with open_desk(store_settings) as opened:
        yield opened


def test_a_comment_is_submitted_decided_edited_and_erased(desk: Desk) -> None:
    comment_id = desk.submitted("first", external_id="e1", author={"id": "u1", "name": "Jo"})
    address = f"/v1/comments/{comment_id}"
    found = desk.ask("GET", "/v1/comments?external_id=e1").get_json()["comments"]
    taken = desk.ask("POST", "/v1/comments", {"body": "x", "external_id": "e1"})
    desk.judge(comment_id, Action.HOLD)
    stale = desk.ask("PATCH", address, {"body": "second", "version": 1})
    edited = desk.ask("PATCH", address, {"body": "second", "version": 2})
    story = desk.ask("GET", address).get_json()

    assert [each["id"] for each in found] == [comment_id]
    assert problem(taken) == (409, "duplicate-external-id")
    assert problem(stale) == (409, "edit-conflict")
    assert edited.get_json() == {"id": comment_id, "status": "pending", "version": 3}
    assert [each["body"] for each in story["revisions"]] == ["first", "second"]
    assert [each["action"] for each in story["decisions"]] == ["hold"]
    decisions = desk.ask("GET", f"{address}/decisions").get_json()["decisions"]
    assert decisions == story["decisions"]
    assert desk.ask("DELETE", address).status_code == 204
    assert problem(desk.ask("GET", address)) == (404, "not-found")
    assert desk.submitted(external_id="e1") != comment_id


def test_pages_by_cursor_stay_right_while_comments_come_in(desk: Desk) -> None:
    ids = [desk.submitted(article={"id": "a"}, author={"id": "u"}) for _ in range(5)]
    for narrowed in ("article_id=a", "author_id=u", "status=pending", "since=2020-01-01T00:00:00Z"):
        wanted = ids[::-1]
        seen: list[str] = []
        cursor = ""
        while True:
            page = desk.ask("GET", f"/v1/comments?{narrowed}&limit=2{cursor}").get_json()
            seen += [each["id"] for each in page["comments"]]
            ids.append(desk.submitted(article={"id": "a"}, author={"id": "u"}))
            if page["next_cursor"] is None:
                break
            cursor = f"&cursor={page['next_cursor']}"

        assert seen == wanted, narrowed


def test_each_item_of_a_batch_is_answered_and_kept_for_itself(desk: Desk) -> None:
    items = [{"body": "good", "external_id": "e"}, {"body": ""}, {"body": "x", "external_id": "e"}]
    items += [{"body": "x", "parent_id": "nobody"}, {"body": "good too"}]

    answer = desk.ask("POST", "/v1/comments/batch", {"comments": items}, Idempotency_Key="b")
    again = desk.ask("POST", "/v1/comments/batch", {"comments": items}, Idempotency_Key="b")

    assert [each["status"] for each in answer.get_json()["results"]] == [202, 422, 409, 422, 202]
    assert again.get_data() == answer.get_data()
    listed = desk.ask("GET", "/v1/comments").get_json()["comments"]
    assert {each["body"] for each in listed} == {"good", "good too"}


def test_a_request_under_a_key_is_done_once_by_many_threads_and_for_a_day(desk: Desk) -> None:
    def send(text: str) -> tuple[int, bytes]:
        client = desk.client.application.test_client()
        headers = {"Authorization": f"Bearer {desk.key}", "Idempotency-Key": "k"}
        answer = client.post("/v1/comments", json={"body": text}, headers=headers)
        return answer.status_code, answer.get_data()

    with ThreadPoolExecutor(20) as threads:
        answers = set(threads.map(send, ["x"] * 20))

    assert len(answers) == 1
    assert send("y")[0] == 422
    assert len(desk.ask("GET", "/v1/comments").get_json()["comments"]) == 1
    desk.clock.ahead = timedelta(hours=24)
    assert send("y")[0] == 202


def test_of_two_moderators_one_decides_and_the_machine_is_overturned(desk: Desk) -> None:
    office = Office(desk.services, desk.client)
    held = a_comment(desk.services.open_store, desk.site_id)
    ann, bob = (
        office.a_moderator(desk.site_id, email=f"{name}@a.example")["token"]
        for name in ("ann", "bob")
    )
    approval = {"action": "approve", "reason": "acceptable", "version": held.version}
    path = f"/v1/comments/{held.id}/decisions"

    [waiting] = office.ask("GET", "/v1/review?order=age", key=ann).get_json()["comments"]
    with ThreadPoolExecutor(2) as threads:
        answers = list(
            threads.map(lambda token: office.ask("POST", path, approval, key=token), (ann, bob))
        )

    assert waiting["id"] == held.id
    assert sorted(each.status_code for each in answers) == [201, 409]
    assert office.ask("GET", "/v1/review", key=bob).get_json()["comments"] == []
    shown = desk.ask("GET", f"/v1/comments/{held.id}").get_json()
    assert (shown["status"], shown["moderated"], len(shown["decisions"])) == ("approved", True, 2)


def test_an_unlikely_version_of_a_policy_is_not_found(desk: Desk) -> None:
    office = Office(desk.services, desk.client)
    path = f"/v1/admin/sites/{desk.site_id}/policy"

    for version in (2, 2**31, 2**63 - 1):
        read = office.ask("GET", f"{path}?version={version}")
        gone_back = office.ask("POST", f"{path}/rollback", {"version": version})
        assert problem(read) == problem(gone_back) == (404, "not-found")
