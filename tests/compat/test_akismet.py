"""Akismet's words: recorded pairs, to the letter, and what no recording shows."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote_from_bytes, urlencode

import pytest
from werkzeug.test import TestResponse

from moderation.compat.akismet_form import MAX_BYTES
from moderation.domain.policy import Action
from moderation.domain.policy_document import DEFAULT_DOCUMENT
from moderation.settings import Settings
from tests.api.desk import Desk, Service, desk_of, open_service
from tests.conftest import SECRET
from tests.usecases.given import PRIVACY

GOLDEN: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "golden/akismet.json").read_text(encoding="utf-8")
)
SAYS = {"approve": Action.APPROVE, "hold": Action.HOLD, "reject": Action.REJECT, None: None}
CHECK = "/1.1/comment-check"
THANKS = "Thanks for making the web a better place."
TOLD = {"blog": "https://blog.example", "user_ip": "192.0.2.1", "comment_content": "Well said."}


@pytest.fixture(scope="module")
def _standing_in(
    tmp_path_factory: pytest.TempPathFactory, _migrated_file: Path
) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("data")
    shutil.copy(_migrated_file, folder / "moderation.db")
    settings = Settings(data_dir=folder, secret=SECRET)
    with open_service(settings, akismet_timeout_s=0.05, api_threads=2) as service:
        yield service


@pytest.fixture
def service(_standing_in: Service) -> Service:
    """Return the application with stand-ins for its workers."""
    _standing_in.begin_again()
    return _standing_in


@pytest.fixture
def desk(service: Service) -> Desk:
    """Return a site that asks the service."""
    return desk_of("Gazette", service.services, service.client, service.clock)


def with_key(value: Any, key: str) -> Any:
    return json.loads(json.dumps(value).replace("KEY", key))


def choose(desk: Desk, **choice: bool) -> None:
    with desk.services.open_store() as store:
        document = {**DEFAULT_DOCUMENT, "akismet": choice}
        store.add_policy(desk.site_id, document, by="test", now=desk.services.now())


def ask(desk: Desk, path: str = CHECK, /, **fields: str) -> TestResponse:
    return send(desk, path, urlencode({"api_key": desk.key, **TOLD, **fields}))


def send(desk: Desk, path: str, form: str) -> TestResponse:
    return desk.client.post(path, data=form, content_type="application/x-www-form-urlencoded")


def comments(desk: Desk) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = desk.ask("GET", "/v1/comments").get_json()["comments"]
    return listed


@pytest.mark.parametrize("pair", GOLDEN, ids=[pair["name"] for pair in GOLDEN])
def test_a_recorded_request_gets_the_recorded_answer(
    service: Service, desk: Desk, pair: dict[str, Any]
) -> None:
    says = pair.get("worker_says", "approve")
    service.checks.late = says == "late"
    service.checks.action = SAYS.get(says)
    choose(desk, **pair.get("policy", {}))
    asked, expected = with_key(pair["request"], desk.key), pair["response"]

    answer = desk.client.open(
        asked["path"],
        method=asked["method"],
        query_string=asked.get("query"),
        data=asked.get("form"),
        base_url=f"http://{asked.get('host', 'rest.example')}",
    )

    told = {
        name: value
        for name, value in answer.headers.items()
        if name == "Content-Type" or name.lower().startswith("x-akismet")
    }
    assert (answer.status_code, told, answer.get_data().decode()) == (
        expected["status"],
        expected["headers"],
        expected["body"],
    )


def test_the_comment_reaches_the_policy_as_it_was_told(service: Service, desk: Desk) -> None:
    ask(
        desk,
        comment_author=" Ann ",
        comment_author_email="Ann@Reader.Example",
        comment_author_url="https://ann.example",
        permalink="https://blog.example/talks",
        user_agent="Mozilla/5.0",
        referrer="https://search.example",
        comment_date_gmt="2026-11-24T12:00:00Z",
        honeypot_field_name="trap",
        trap="filled",
    )

    [seen] = service.checks.asked
    assert (seen.body, seen.author.name, seen.author.url) == (
        "Well said.",
        "Ann",
        "https://ann.example",
    )
    assert seen.author.email_hash == PRIVACY.pseudonym("ann@reader.example")
    assert seen.ip_hash == PRIVACY.pseudonym("192.0.2.1")
    assert (seen.article.url, seen.user_agent) == ("https://blog.example/talks", "Mozilla/5.0")
    assert (seen.referrer, seen.honeypot) == ("https://search.example", True)
    assert seen.created_at == datetime.fromisoformat("2026-11-24T12:00:00+00:00")


def test_what_is_not_told_or_makes_no_sense_is_left_out(service: Service, desk: Desk) -> None:
    ask(desk)
    ask(desk, user_ip="unknown", user_agent="", comment_date_gmt="yesterday", permalink="x" * 5000)
    ask(desk, comment_date_gmt="0001-01-01T00:00:00+14:00", honeypot_field_name="trap")

    plain, odd, early = service.checks.asked
    assert (plain.user_agent, plain.honeypot, plain.created_at) == (None, False, None)
    assert (odd.user_agent, odd.ip_hash, odd.created_at, odd.article.url) == ("", None, None, None)
    assert (early.created_at, early.honeypot) == (None, False)


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [("ISO-8859-1", "latin-1"), ("windows-1251", "cp1251"), ("", "utf-8"), ("idna", "utf-8")],
)
def test_a_text_is_read_in_the_encoding_that_the_site_names(
    service: Service, desk: Desk, charset: str, encoding: str
) -> None:
    text = "Привет" if encoding == "cp1251" else "Très bien"
    told = urlencode({"api_key": desk.key, **TOLD, "blog_charset": charset})
    sent = f"{told}&comment_content={quote_from_bytes(text.encode(encoding))}"

    send(desk, CHECK, sent)

    assert service.checks.asked[0].body == text


def test_a_form_in_parts_is_read_too(service: Service, desk: Desk) -> None:
    sent = {"api_key": desk.key, **TOLD, "comment_content": "Très bien"}
    answer = desk.client.post(CHECK, data=sent, content_type="multipart/form-data")

    assert answer.get_data() == b"false"
    assert service.checks.asked[0].body == "Très bien"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"comment_content": "x" * 20_001}, "comment_content: has more than 20000 characters"),
        ({"comment_content": "a\0b"}, "comment_content: has U+0000"),
        ({"comment_content": " \u200b"}, "comment_content: is empty"),
        ({"comment_author": "x" * MAX_BYTES}, f"body: is larger than {MAX_BYTES} bytes"),
        ({f"f{i}": "x" for i in range(600)}, "body: has more than 500 fields"),
    ],
)
def test_what_cannot_be_judged_is_neither_spam_nor_ham(
    desk: Desk, changes: dict[str, str], why: str
) -> None:
    answer = ask(desk, **changes)

    assert (answer.status_code, answer.get_data()) == (200, b"undecided")
    assert answer.headers["X-akismet-debug-help"] == why


def test_a_form_in_parts_that_is_too_large_is_not_read(desk: Desk) -> None:
    sent = {"api_key": desk.key, **TOLD, "comment_content": "x" * MAX_BYTES}
    answer = desk.client.post(CHECK, data=sent, content_type="multipart/form-data")

    assert answer.get_data() == b"undecided"


@pytest.mark.parametrize("path", [CHECK, "/1.1/submit-spam", "/1.1/verify-key"])
def test_who_asks_too_often_is_told_so_and_nothing_else(
    service: Service, desk: Desk, path: str
) -> None:
    service.limits.refusing = True

    answer = ask(desk, path)

    assert (answer.status_code, answer.get_data()) == (HTTPStatus.TOO_MANY_REQUESTS, b"undecided")
    assert answer.headers["Retry-After"] == "7"


def test_a_key_of_an_administrator_or_a_moderator_is_no_sites_key(desk: Desk) -> None:
    assert ask(desk, "/1.1/verify-key", key=desk.a_key(), api_key="").get_data() == b"invalid"


def test_without_the_store_nothing_is_said(desk: Desk) -> None:
    nowhere = {"database_url": "postgresql+psycopg://nobody@127.0.0.1:1/none"}
    with open_service(desk.services.settings, **nowhere) as service:
        away = replace(desk, client=service.client)
        answers = [ask(away, path) for path in (CHECK, "/1.1/submit-ham", "/1.1/verify-key")]

    assert [(each.status_code, each.get_data()) for each in answers] == [(503, b"undecided")] * 3
    assert all(each.headers["Retry-After"] == "2" for each in answers)


def test_a_site_that_keeps_is_told_when_there_is_no_room_for_more(desk: Desk) -> None:
    choose(desk, keep=True)
    desk.submitted()
    with open_service(desk.services.settings, max_backlog=1) as service:
        answer = ask(replace(desk, client=service.client))

    assert (answer.status_code, answer.get_data()) == (503, b"undecided")
    assert answer.headers["Retry-After"] == "10"


def test_while_as_many_wait_as_may_the_next_is_told_at_once(
    service: Service, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[TestResponse] = []
    check = service.checks.check

    def ask_meanwhile(*given: Any, **more: Any) -> Action | None:
        if not answers:
            answers.append(ask(desk))
        return check(*given, **more)

    monkeypatch.setattr(service.checks, "check", ask_meanwhile)
    first = ask(desk)

    assert first.get_data() == b"false"
    assert answers[0].get_data() == b"undecided"
    assert "too many" in answers[0].headers["X-akismet-debug-help"]


def test_by_default_nothing_that_is_checked_or_said_is_stored(desk: Desk) -> None:
    assert ask(desk).get_data() == b"false"
    assert ask(desk, "/1.1/submit-spam").get_data() == THANKS.encode()

    assert comments(desk) == []


def test_a_site_that_keeps_gets_an_id_to_speak_of_the_comment_by(
    service: Service, desk: Desk
) -> None:
    choose(desk, keep=True)

    checked = ask(desk)
    guid = checked.headers["X-akismet-guid"]

    assert checked.get_data() == b"undecided"  # nobody decided in time
    assert [each["id"] for each in comments(desk)] == [guid]
    assert service.jobs.scored == [guid]
    said = ask(desk, "/1.1/submit-ham", guid=guid, comment_content="as shown", reporter="ann")
    assert said.get_data() == THANKS.encode()
    with desk.services.open_store(reading=True) as store:
        [lesson] = store.lessons(desk.site_id, per_source=9, limit=9)
    assert (lesson.comment.id, lesson.feedback.spam, lesson.feedback.by) == (guid, False, "ann")


def test_a_test_is_not_kept_even_by_a_site_that_keeps(desk: Desk) -> None:
    choose(desk, keep=True)

    assert ask(desk, is_test="1").get_data() == b"false"
    assert ask(desk, "/1.1/submit-spam", is_test="1").get_data() == THANKS.encode()
    assert comments(desk) == []


def test_another_site_cannot_speak_of_it(desk: Desk) -> None:
    choose(desk, keep=True)
    guid = ask(desk).headers["X-akismet-guid"]
    other = desk.another_site()

    assert ask(other, "/1.1/submit-spam", guid=guid).get_data() == THANKS.encode()
    with desk.services.open_store(reading=True) as store:
        assert store.lessons(desk.site_id, per_source=9, limit=9) == []
