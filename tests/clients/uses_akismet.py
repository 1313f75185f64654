"""akismet 25.10.1 asks a server: ``python uses_akismet.py HOST:PORT KEY SPAM HAM``."""

import json
import sys
from collections.abc import Callable
from typing import Any

import akismet
import httpx

BLOG = "https://blog.example"


class Here(httpx.HTTPTransport):
    """Sends every request to the server, with the key in the host's name if one is given."""

    def __init__(self, server: str, key: str = "") -> None:
        super().__init__()
        self._host, _, self._port = server.partition(":")
        self._key = key

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        at = {"scheme": "http", "host": self._host, "port": int(self._port)}
        request.url = request.url.copy_with(**at)
        if self._key:
            request.headers["Host"] = f"{self._key}.{self._host}"
        return super().handle_request(request)


def client(server: str, key: str, *, in_host: str = "") -> akismet.SyncClient:
    http = httpx.Client(transport=Here(server, in_host), timeout=1.0)
    return akismet.SyncClient(http_client=http, config=akismet.Config(key, BLOG))


def ask(call: Callable[..., Any], *given: Any, **more: Any) -> Any:
    try:
        told = call(*given, **more)
    except akismet.AkismetError as error:
        return {"refused": type(error).__name__}
    return told.name if isinstance(told, akismet.CheckResponse) else told


def main(server: str, key: str, spam: str, ham: str) -> None:
    good, bad = client(server, key), client(server, "nonsense")
    known: dict[str, Any] = {"user_ip": "192.0.2.1", "user_agent": "Mozilla/5.0"}
    pages = client(server, key, in_host=key)  # its key_sites sends no key
    told = {
        "verify": [ask(good.verify_key), ask(bad.verify_key)],
        "check": [
            ask(good.comment_check, comment_content=spam, **known),
            ask(good.comment_check, comment_content=ham, **known),
            ask(bad.comment_check, comment_content=ham, **known),
            ask(good.comment_check, **known),
        ],
        "agreed": [
            ask(good.comment_check, comment_author="viagra-test-123", is_test=1, **known),
            ask(good.comment_check, comment_content=spam, user_role="administrator", **known),
        ],
        "submit": [
            ask(good.submit_spam, comment_content=spam, **known),
            ask(good.submit_ham, comment_content=ham, **known),
            ask(bad.submit_ham, comment_content=ham, **known),
        ],
        "usage": [ask(good.usage_limit), ask(bad.usage_limit)],
        "sites": [
            ask(pages.key_sites, month="2026-10", limit=3, offset=1),
            ask(pages.key_sites, month="2026-10", result_format="csv"),
        ],
    }
    sys.stdout.write(json.dumps(told))


main(*sys.argv[1:])
