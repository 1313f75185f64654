"""Akismet's words over real HTTP, with the shipped models in real workers."""

from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.parse import urlencode

import httpx2
import pytest

from moderation.settings import Settings
from tests.api.served import Server, serving
from tests.compat.running import policy, running
from tests.servers import RedisServer
from tests.waiting import eventually

SPAM = (
    "Buy cheap viagra now!!! Best casino bonus, visit http://pills.example and "
    "http://casino.example to make money online fast, call +1 900 555 0199"
)
HAM = "I do not agree with the minister, but her speech on the border talks was fair."
RUSSIAN = "Министр вчера сказал, что переговоры на границе закончатся в следующем месяце."
TOXIC = "You are a stupid fucking idiot."
Answer = tuple[int, dict[str, str], str]


@pytest.fixture
def settings(sqlite_settings: Settings, redis_server: RedisServer) -> Settings:
    return sqlite_settings.model_copy(update={"redis_url": redis_server.url})


@pytest.fixture
def server(settings: Settings) -> Iterator[Server]:
    with running(settings, "live", "scoring") as served:
        yield served


def ask(server: Server, operation: str, *, host: str = "", **fields: str) -> Answer:
    """Ask on a connection of its own; the key goes into *host* if one is given."""
    told = {"blog": "https://blog.example", "user_ip": "192.0.2.1", **fields}
    if not host:
        told["api_key"] = server.key
    connection = HTTPConnection("127.0.0.1", server.port, timeout=20)
    try:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if host:
            headers["Host"] = host
        connection.request("POST", f"/1.1/{operation}", urlencode(told), headers)
        answer = connection.getresponse()
        named = {
            name.lower(): value
            for name, value in answer.getheaders()
            if name.lower().startswith("x-akismet")
        }
        return answer.status, named, answer.read().decode()
    finally:
        connection.close()


def said(server: Server, text: str, **fields: str) -> str:
    """Return what is said of a text, once the worker is warm enough to be in time."""
    return eventually(lambda: _said(server, text, **fields), within_s=30)


def _said(server: Server, text: str, **fields: str) -> str:
    _, named, body = ask(server, "comment-check", comment_content=text, **fields)
    return "" if "no answer in time" in named.get("x-akismet-debug-help", "") else body


def test_spam_is_told_from_ham_and_what_is_said_of_it_is_learnt_from(
    server: Server, settings: Settings
) -> None:
    assert ask(server, "verify-key") == (200, {}, "valid")
    assert said(server, HAM) == "false"
    assert said(server, TOXIC) == "false"  # rude, but no spam
    assert said(server, RUSSIAN) == "undecided"
    assert said(server, HAM, honeypot_field_name="trap", trap="filled") == "true"
    assert said(server, HAM, user_role="administrator", honeypot_field_name="user_ip") == "false"
    assert ask(server, "comment-check", host=f"{server.key}.localhost", comment_content=SPAM) == (
        200,
        {"x-akismet-pro-tip": "discard"},
        "true",
    )
    assert ask(server, "submit-ham", comment_content=HAM)[2].startswith("Thanks")
    assert _stored(server) == 0

    policy(settings, akismet={"keep": True}, languages=["*"])
    assert said(server, RUSSIAN) in {"true", "false"}
    assert said(server, SPAM) == "true"
    assert said(server, SPAM) == "true"
    assert ask(server, "submit-spam", comment_content=HAM)[2].startswith("Thanks")
    assert _stored(server) == 3  # the same comment again is the same comment


def test_without_a_worker_nothing_is_called_spam_or_ham(
    settings: Settings, redis_server: RedisServer
) -> None:
    with serving(settings, MODERATION_API_WORKERS="1") as server:
        status, named, body = ask(server, "comment-check", comment_content=HAM)
        assert (status, body) == (200, "undecided")
        assert named == {"x-akismet-debug-help": "no answer in time; ask again"}

        redis_server.pause()
        assert ask(server, "comment-check", comment_content=HAM)[2] == "undecided"
        redis_server.resume()

        policy(settings, akismet={"pass_late": True})
        late = ask(server, "comment-check", comment_content=HAM)
        assert late == (200, {"x-akismet-recheck-after": "120"}, "false")


def _stored(server: Server) -> int:
    headers = {"Authorization": f"Bearer {server.key}"}
    listed = httpx2.get(f"{server.url}/v1/comments", headers=headers).json()
    return len(listed["comments"])
