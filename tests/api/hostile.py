"""A service full of things to act on, and requests that are meant to break it."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from hypothesis import strategies as st
from werkzeug.test import TestResponse

from moderation.api.access import ADMIN_KEY, MODERATOR_TOKEN, SITE_KEY
from moderation.settings import Settings
from tests.api.desk import Desk, desk_of, open_service
from tests.api.good_bodies import BODIES, HOOK
from tests.api.office import Office
from tests.usecases.given import a_comment

_UNKNOWN: Final = "0197e7a0-0000-7000-8000-000000000000"
_REFURNISHED: Final = 25
"""After so many requests what was deleted or ended is there again."""

_anything: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
_edges: Final = st.sampled_from(
    [0, -1, 2**31, 2**63 - 1, 2**63, 10**400, [], {}, "", "\u200b", "\x00", "\ud800", "\ufeff",
     "a" * 21_000, "e\u0301" * 500, "\ufdfa" * 500, "9999-12-31T23:59:59Z",
     "1970-01-01T00:00:00+23:59"]
)  # fmt: skip
_header: Final = st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=40)
_headers: Final = st.fixed_dictionaries(
    {},
    optional={
        "Idempotency-Key": st.sampled_from(["k", "k" * 256]) | _header,
        "If-Match": st.sampled_from(['"1"', '"2"', '"9223372036854775808"', "*"]) | _header,
        "Prefer": st.sampled_from(["wait=1", "wait=999999999", "wait=0"]) | _header,
        "Content-Type": st.sampled_from(["application/json", "text/plain"]) | _header,
        "Content-Encoding": _header,
        "X-Request-Id": _header,
        "X-Forwarded-For": _header,
    },
)
_value: Final = st.text(max_size=30) | st.sampled_from(
    ["1", "0", "-1", "9" * 30, "held", "age", "2026-11-24T09:30:00Z", _UNKNOWN, "\x00", "a" * 300]
)


@dataclass(frozen=True)
class Attack:
    """One request; ``ids`` fill the address, where None stands for the id of a real thing."""

    operation: str
    ids: dict[str, str | None]
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes | None


class Fortress:
    """The service with one of each thing, under keys that are renewed when they end."""

    def __init__(self, desk: Desk, office: Office) -> None:
        self.desk = desk
        self.office = office
        self.document: dict[str, Any] = desk.client.get("/openapi.json").get_json()
        self.operations = {
            f"{method.upper()} {path}": operation
            for path, known in self.document["paths"].items()
            for method, operation in known.items()
        }
        self.asked = 0
        self.answered: Counter[int] = Counter()
        reviewer = office.a_moderator(desk.site_id, email="reviewer@a.example")
        self._reviewer_id = reviewer["id"]
        moderator = office.a_moderator(desk.site_id, email="victim@a.example")
        self.things = {"site_id": desk.site_id, "moderator_id": moderator["id"]}
        self._keys: dict[str, str] = {}
        self.furnish()

    def ask(self, operation: str, **sent: Any) -> TestResponse:
        """Send a request to this address, under a kind of key that it takes."""
        self.asked += 1
        if self.asked % _REFURNISHED == 0:
            self.furnish()
        method, _, path = operation.partition(" ")
        kinds = [kind for each in self.operations[operation]["security"] for kind in each]
        kind = kinds[self.asked % len(kinds)]
        path = sent.pop("path", path)
        headers = sent.pop("headers", {})
        for _ in range(2):
            key = self._keys.get(kind) or self._new_key(kind)
            named = {**headers, "Authorization": f"Bearer {key}"}
            answer = self.desk.client.open(path, method=method, headers=named, **sent)
            if answer.status_code != 401:
                break
            self._keys.clear()  # some request ended it
        self.answered[answer.status_code] += 1
        return answer

    def suffer(self, attack: Attack) -> TestResponse:
        path = attack.operation.partition(" ")[2]
        for name, value in attack.ids.items():
            path = path.replace(f"{{{name}}}", quote(value or self.things[name], safe=""))
        return self.ask(
            attack.operation,
            path=path,
            query_string=attack.query,
            headers=attack.headers,
            data=attack.body,
        )

    def attacks(self) -> st.SearchStrategy[Attack]:
        return st.one_of([self._attacks_on(each) for each in sorted(self.operations)])

    def _attacks_on(self, operation: str) -> st.SearchStrategy[Attack]:
        asked = [
            each["name"]
            for each in self.operations[operation].get("parameters", [])
            if each["in"] == "query"
        ]
        names = st.sampled_from(asked) if asked else st.text(max_size=9)
        ids = {
            name: st.none() | st.just(_UNKNOWN) | st.text(min_size=1, max_size=30)
            for name in re.findall(r"{(\w+)}", operation)
        }
        headers = _headers.map(lambda given: {"Content-Type": "application/json", **given})
        return st.builds(
            Attack,
            operation=st.just(operation),
            ids=st.fixed_dictionaries(ids),
            query=st.dictionaries(names, _value, max_size=3),
            headers=headers,
            body=_bodies(BODIES[operation]) if operation in BODIES else st.none() | st.binary(),
        )

    def furnish(self) -> None:
        """Put a fresh comment, webhook and key where requests may have ended the last ones."""
        site = f"/v1/admin/sites/{self.desk.site_id}"
        comment = a_comment(self.desk.services.open_store, self.desk.site_id)
        hook = self._made(f"{site}/webhooks", HOOK)
        self.things |= {
            "comment_id": comment.id,
            "webhook_id": hook,
            "key_id": self._made(f"{site}/keys", {}),
        }

    def _made(self, path: str, body: Any) -> str:
        key = self._new_key(ADMIN_KEY)
        answer = self.office.ask("POST", path, body, key=key)
        assert answer.status_code == 201, answer.get_data()
        return str(answer.get_json()["id"])

    def _new_key(self, kind: str) -> str:
        holder = {
            SITE_KEY: {"site_id": self.desk.site_id},
            MODERATOR_TOKEN: {"moderator_id": self._reviewer_id},
            ADMIN_KEY: {},
        }
        self._keys[kind] = self.desk.a_key(**holder[kind])
        return self._keys[kind]


def _bodies(good: dict[str, Any]) -> st.SearchStrategy[bytes]:
    spoilt = st.builds(
        lambda changes: {**good, **changes},
        st.dictionaries(
            st.sampled_from([*good, "version", "author", "note"]) | st.text(max_size=8),
            _anything | _edges,
            max_size=2,
        ),
    )
    return (
        st.just(json.dumps(good).encode())
        | (spoilt | _anything).map(lambda value: json.dumps(value).encode())
        | st.binary(max_size=300)
    )


@contextmanager
def open_fortress(settings: Settings) -> Iterator[Fortress]:
    with open_service(settings, max_wait_s=0.001) as service:
        desk = desk_of("Gazette", service.services, service.client, service.clock)
        yield Fortress(desk, Office(service.services, service.client))
