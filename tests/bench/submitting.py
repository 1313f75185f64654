"""Readers who leave comments: threads, each with one connection that stays open."""

import json
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from typing import Final, TypeVar

from tests.bench.running import Service

_CONNECTIONS: Final = 8

T = TypeVar("T")


class Reader:
    """One connection to the API. Little of the two cores goes into it: no client library."""

    def __init__(self, service: Service) -> None:
        self._connection = HTTPConnection("127.0.0.1", service.port, timeout=30)
        self._headers = {
            "Authorization": f"Bearer {service.site.issued.secret}",
            "Content-Type": "application/json",
        }

    def submit(self, text: str) -> str:
        """Post a comment; return its id."""
        body = {
            "body": text,
            "article": {"id": "a-17", "url": "https://gazette.example/a-17", "section": "world"},
            "author": {"id": "reader-4", "name": "Jo"},
            "form_seconds": 41.5,
        }
        self._connection.request("POST", "/v1/comments", json.dumps(body), self._headers)
        answer = self._connection.getresponse()
        said = answer.read()
        assert answer.status == 202, said
        comment_id: str = json.loads(said)["id"]
        return comment_id

    def close(self) -> None:
        self._connection.close()


def submit_all(service: Service, texts: Iterable[str]) -> None:
    """Post all texts as fast as the API takes them, and return when the last was accepted."""
    shared = Shared(texts)

    def post() -> None:
        reader = Reader(service)
        for text in shared:
            reader.submit(text)
        reader.close()

    with ThreadPoolExecutor(_CONNECTIONS) as threads:
        for each in [threads.submit(post) for _ in range(_CONNECTIONS)]:
            each.result()


class Shared(Iterator[T]):
    """An iterator that several threads take from."""

    def __init__(self, items: Iterable[T]) -> None:
        self._items = iter(items)
        self._lock = threading.Lock()

    def __next__(self) -> T:
        with self._lock:
            return next(self._items)
