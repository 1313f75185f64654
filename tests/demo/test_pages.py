"""What the pages answer to what no browser would send, and when things are missing."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from moderation.api.app import create_app
from moderation.bootstrap import Services, build_services
from moderation.errors import RateLimited, StoreUnavailable
from moderation.ports.store import CommentFilter, Store
from moderation.settings import Settings
from moderation.supervisor.demo_site import DEMO_SITE
from moderation.usecases.sites import create_site, find_site
from tests.servers import RedisServer

GOOD = {"name": "Ada", "email": "ada@mail.example", "text": "A remark."}
OWN = {"Origin": "http://localhost"}
SLUG = "/demo/calm-on-the-sarel"


@pytest.fixture
def bare(sqlite_settings: Settings, redis_server: RedisServer) -> Iterator[Services]:
    """Return the service without a demo site."""
    settings = sqlite_settings.model_copy(
        update={
            "demo": True,
            "redis_url": redis_server.url,
            "database_url": f"sqlite:///{sqlite_settings.data_dir}/moderation.db",
        }
    )
    built = build_services(settings)
    yield built
    built.close()


@pytest.fixture
def services(bare: Services) -> Services:
    create_site(DEMO_SITE, open_store=bare.open_store, now=bare.now())
    return bare


@pytest.fixture
def client(services: Services) -> FlaskClient:
    return create_app(services).test_client()


def stored(services: Services) -> int:
    site_id = find_site(DEMO_SITE, open_store=services.open_store).id
    with services.open_store(reading=True) as store:
        return len(store.comments(site_id, CommentFilter(), before=None, limit=100))


def test_the_page_allows_no_script_but_its_own(client: FlaskClient) -> None:
    policy = client.get("/demo").headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_form_from_another_page_is_not_taken(
    client: FlaskClient, services: Services, headers: dict[str, str]
) -> None:
    answer = client.post(SLUG, data=GOOD, headers=headers)

    assert answer.status_code == 403
    assert "not taken" in answer.text
    assert stored(services) == 0


@pytest.mark.parametrize("headers", [OWN, {"Sec-Fetch-Site": "same-origin"}])
def test_our_own_form_is_taken_and_its_writer_remembered(
    client: FlaskClient, services: Services, headers: dict[str, str]
) -> None:
    answer = client.post(SLUG, data=GOOD, headers=headers)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/demo#yours")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Being checked" in client.get("/demo").text
    assert stored(services) == 1


def test_a_comment_erased_since_is_no_longer_remembered(
    client: FlaskClient, services: Services
) -> None:
    client.post(SLUG, data=GOOD, headers=OWN)
    site_id = find_site(DEMO_SITE, open_store=services.open_store).id
    with services.open_store() as store:
        [comment] = store.comments(site_id, CommentFilter(), before=None, limit=9)
        store.delete_comment(site_id, comment.id)

    answer = client.get("/demo")

    assert answer.status_code == 200
    assert "Your comments" not in answer.text


def test_a_forged_cookie_remembers_nothing(client: FlaskClient) -> None:
    client.set_cookie("demo_comments", '["0197e7a0-0000-7000-8000-000000000000"]', path="/demo")

    answer = client.get("/demo")

    assert answer.status_code == 200
    assert "Your comments" not in answer.text


def test_the_time_spent_on_the_form_is_noted_unless_its_note_is_forged(
    client: FlaskClient, services: Services
) -> None:
    opened = services.privacy.seal(f"form:{(services.now() - timedelta(minutes=1)).isoformat()}")
    for note in (opened, "forged", services.privacy.seal("form:never")):
        client.post(SLUG, data={**GOOD, "opened": note}, headers=OWN)

    site_id = find_site(DEMO_SITE, open_store=services.open_store).id
    with services.open_store(reading=True) as store:
        newest_first = store.comments(site_id, CommentFilter(), before=None, limit=9)
    noted = [comment.form_seconds for comment in newest_first][::-1]
    assert noted[0] is not None
    assert 60 <= noted[0] < 70
    assert noted[1:] == [None, None]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "n" * 81),
        ("name", "line\nbreak"),
        ("email", "nobody"),
        ("text", " \u200b "),
        ("text", "zero \x00 byte"),
        ("text", "x" * 20_001),
    ],
)
def test_what_cannot_be_taken_is_named(
    client: FlaskClient, services: Services, field: str, value: str
) -> None:
    answer = client.post(SLUG, data={**GOOD, field: value}, headers=OWN)

    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text
    assert stored(services) == 0


def test_an_answer_to_nothing_is_refused(client: FlaskClient) -> None:
    gone = "0197e7a0-0000-7000-8000-000000000000"

    assert client.post(SLUG, data={**GOOD, "parent_id": gone}, headers=OWN).status_code == 422
    assert 'id="answering" class="answering" role="status" hidden' in (
        client.get(f"/demo?reply_to={gone}").text
    )


def test_what_is_not_approved_cannot_be_asked_for_by_its_id(
    client: FlaskClient, services: Services
) -> None:
    client.post(SLUG, data={**GOOD, "name": "Hidden Reader"}, headers=OWN)
    site_id = find_site(DEMO_SITE, open_store=services.open_store).id
    with services.open_store(reading=True) as store:
        [pending] = store.comments(site_id, CommentFilter(), before=None, limit=9)
    stranger = create_app(services).test_client()

    assert "Hidden Reader" not in stranger.get(f"/demo?reply_to={pending.id}").text


def test_an_unknown_article_is_a_page_of_its_own(client: FlaskClient) -> None:
    for answer in (client.get("/demo/nothing"), client.post("/demo/nothing", headers=OWN)):
        assert answer.status_code == 404
        assert answer.mimetype == "text/html"


def test_a_form_that_is_too_big_is_refused(client: FlaskClient) -> None:
    answer = client.post(SLUG, data={**GOOD, "text": "x" * 300_000}, headers=OWN)

    assert answer.status_code == 413


def test_a_full_backlog_is_said_in_plain_words(services: Services) -> None:
    full = replace(services, settings=services.settings.model_copy(update={"max_backlog": 1}))
    client = create_app(full).test_client()
    client.post(SLUG, data=GOOD, headers=OWN)
    fresh = create_app(full).test_client()

    answer = fresh.post(SLUG, data=GOOD, headers=OWN)

    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "try again" in answer.text


def test_too_many_comments_at_once_are_said_in_plain_words(services: Services) -> None:
    class Spent:
        def take(self, key_id: str) -> None:
            assert key_id == "demo:127.0.0.1"
            raise RateLimited(3)

    client = create_app(replace(services, limits=Spent())).test_client()

    answer = client.post(SLUG, data=GOOD, headers=OWN)

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3")


@pytest.mark.parametrize(
    ("proxies", "forwarded", "reader"),
    [(0, "198.51.100.7", "127.0.0.1"), (1, "forged, 198.51.100.7", "198.51.100.7")],
)
def test_a_readers_address_is_believed_from_trusted_proxies_only(
    services: Services, proxies: int, forwarded: str, reader: str
) -> None:
    counted: list[str] = []

    class Counting:
        def take(self, key_id: str) -> None:
            counted.append(key_id)

    settings = services.settings.model_copy(update={"trusted_proxies": proxies})
    app = create_app(replace(services, limits=Counting(), settings=settings))

    app.test_client().post(SLUG, data=GOOD, headers={**OWN, "X-Forwarded-For": forwarded})

    assert counted == [f"demo:{reader}"]


def test_without_the_demo_site_the_page_says_what_to_do(bare: Services) -> None:
    answer = create_app(bare).test_client().get("/demo")

    assert answer.status_code == 503
    assert "moderation up" in answer.text


def test_without_the_store_the_page_asks_for_patience(services: Services) -> None:
    def away(**_: bool) -> AbstractContextManager[Store]:
        raise StoreUnavailable

    answer = create_app(replace(services, open_store=away)).test_client().get("/demo")

    assert answer.status_code == 503
    assert "cannot be reached" in answer.text


def test_switched_off_there_is_no_demo(services: Services) -> None:
    off = replace(services, settings=services.settings.model_copy(update={"demo": False}))

    assert create_app(off).test_client().get("/demo").status_code == 404
