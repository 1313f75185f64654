"""Promise 2: a request under an Idempotency-Key is done once, however often it comes."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from moderation.errors import IdempotencyInProgress
from moderation.ports.store import Answer
from moderation.usecases.idempotency import Once, Request, earlier_reply
from tests.api.desk import Desk, problem
from tests.builders import NOW


def count(desk: Desk) -> int:
    return len(desk.ask("GET", "/v1/comments").get_json()["comments"])


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/v1/comments", {"body": "x"}),
        ("POST", "/v1/comments/batch", {"comments": [{"body": "x"}, {}]}),
        ("PATCH", "/v1/comments/{}", {"body": "x"}),
        ("DELETE", "/v1/comments/{}", None),
    ],
)
def test_a_repeated_request_gets_the_first_answer_and_does_nothing(
    desk: Desk, method: str, path: str, body: Any
) -> None:
    path = path.format(desk.submitted())
    first = desk.ask(method, path, body, Idempotency_Key="k")
    before = desk.ask("GET", "/v1/comments").get_data()
    again = desk.ask(method, path, body, Idempotency_Key="k")

    assert (again.status_code, again.get_data()) == (first.status_code, first.get_data())
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers.get("Location") == first.headers.get("Location")
    assert desk.ask("GET", "/v1/comments").get_data() == before


def test_the_key_stands_for_one_request_of_one_site(desk: Desk) -> None:
    comment_id = desk.submitted()
    other = desk.another_site()
    desk.ask("POST", "/v1/comments", {"body": "x"}, Idempotency_Key="k")

    for method, path in (("POST", "/v1/comments"), ("PATCH", f"/v1/comments/{comment_id}")):
        answer = desk.ask(method, path, {"body": "y"}, Idempotency_Key="k")
        assert problem(answer) == (422, "idempotency-key-reused")
    answer = other.ask("POST", "/v1/comments", {"body": "y"}, Idempotency_Key="k")
    assert answer.status_code == 202


def test_a_refused_request_leaves_its_key_free(desk: Desk) -> None:
    comment_id = desk.submitted(external_id="e1")
    refused = (
        ("POST", "/v1/comments", {"body": "x", "external_id": "e1"}, 409),
        ("PATCH", f"/v1/comments/{comment_id}", {"body": "x", "version": 9}, 409),
        ("POST", "/v1/comments", {"body": ""}, 422),
    )
    for method, path, body, status in refused:
        answer = desk.ask(method, path, body, Idempotency_Key="k")
        assert answer.status_code == status

    assert desk.ask("POST", "/v1/comments", {"body": "x"}, Idempotency_Key="k").status_code == 202


def test_a_key_is_forgotten_after_a_day(desk: Desk) -> None:
    first = desk.ask("POST", "/v1/comments", {"body": "x"}, Idempotency_Key="k")
    desk.clock.ahead = timedelta(hours=23, minutes=59)
    same = desk.ask("POST", "/v1/comments", {"body": "x"}, Idempotency_Key="k")
    desk.clock.ahead = timedelta(hours=24, minutes=1)
    fresh = desk.ask("POST", "/v1/comments", {"body": "x"}, Idempotency_Key="k")

    assert same.get_json() == first.get_json()
    assert fresh.get_json() != first.get_json()


def test_a_retry_does_not_bring_an_erased_comment_back(desk: Desk) -> None:
    first = desk.ask("POST", "/v1/comments", {"body": "x"}, Idempotency_Key="k")
    desk.ask("DELETE", first.headers["Location"])

    again = desk.ask("POST", "/v1/comments", {"body": "x"}, Idempotency_Key="k")

    assert again.status_code == 202
    assert count(desk) == 0


def test_fifty_threads_with_one_key_make_one_comment(desk: Desk) -> None:
    def send(_: int) -> tuple[int, bytes]:
        client = desk.client.application.test_client()
        answer = client.post(
            "/v1/comments",
            json={"body": "x"},
            headers={"Authorization": f"Bearer {desk.key}", "Idempotency-Key": "k"},
        )
        return answer.status_code, answer.get_data()

    with ThreadPoolExecutor(50) as threads:
        answers = set(threads.map(send, range(50)))

    assert len(answers) == 1
    assert count(desk) == 1


def test_a_request_that_waits_is_in_flight_and_its_answer_is_kept(desk: Desk) -> None:
    with ThreadPoolExecutor(1) as threads:
        client = desk.client.application.test_client()
        headers = {"Authorization": f"Bearer {desk.key}", "Idempotency-Key": "k"}
        waiting = threads.submit(
            client.post, "/v1/comments", json={"body": "x"}, headers={**headers, "Prefer": "wait=2"}
        )
        while not count(desk):
            pass
        meanwhile = desk.ask("POST", "/v1/comments", {"body": "x"}, Idempotency_Key="k")
        [listed] = desk.ask("GET", "/v1/comments").get_json()["comments"]
        desk.judge(listed["id"])
        first = waiting.result()
    again = desk.ask("POST", "/v1/comments", {"body": "x"}, Idempotency_Key="k")

    assert problem(meanwhile) == (409, "idempotency-in-progress")
    assert meanwhile.headers["Retry-After"]
    assert first.status_code == 200
    assert again.get_data() == first.get_data()
    assert again.status_code == 200


def test_a_process_that_died_while_waiting_is_made_up_for(desk: Desk) -> None:
    first = desk.ask("POST", "/v1/comments", {"body": "x"}, Idempotency_Key="k")
    comment_id = first.get_json()["id"]
    with desk.services.open_store() as store:
        kept = store.answer(desk.site_id, "k", now=desk.services.now())
        assert kept is not None
        died = replace(
            kept, status=None, body=None, in_flight_until=desk.services.now() + timedelta(hours=1)
        )
        store.drop_answers(now=desk.services.now() + timedelta(days=2))
        store.begin_answer(
            desk.site_id, "k", died, expires_at=desk.services.now() + timedelta(days=1)
        )
    early = desk.ask("POST", "/v1/comments", {"body": "x"}, Idempotency_Key="k")
    desk.clock.ahead = timedelta(hours=2)
    late = desk.ask("POST", "/v1/comments", {"body": "x"}, Idempotency_Key="k")

    assert problem(early) == (409, "idempotency-in-progress")
    assert (late.status_code, late.get_json()) == (202, {"id": comment_id, "status": "pending"})
    assert count(desk) == 1


class _Overtaken:
    """A store in which somebody else takes the key first and then lets it go."""

    def answer(self, site_id: str, key: str, *, now: object) -> Answer | None:
        return None

    def begin_answer(self, *_: object, **__: object) -> bool:
        return False


def test_a_key_that_somebody_else_just_took_is_in_progress() -> None:
    request = Request(site_id="s", now=NOW, once=Once(site_id="s", key="k", fingerprint="f"))

    with pytest.raises(IdempotencyInProgress):
        earlier_reply(_Overtaken(), request)  # type: ignore[arg-type]
