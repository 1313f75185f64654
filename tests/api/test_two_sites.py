"""Promise 9: what belongs to one site is, to everybody who speaks for another, not there.

Every operation of the API's document is tried: a route that is added must be named here.
"""

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import pytest
from werkzeug.test import TestResponse

from moderation.api.access import ADMIN_KEY, MODERATOR_TOKEN, SITE_KEY
from tests.api.desk import Service, desk_of, problem
from tests.api.good_bodies import BODIES, HOOK
from tests.api.office import Office
from tests.usecases.given import a_comment

UNKNOWN = "0197e7a0-0000-7000-8000-000000000000"
COMMENT = {"body": "Well said.", "external_id": "e1", "article": {"id": "a1"}}

NAMES_NOTHING = {
    "GET /v1/comments",
    "POST /v1/comments",
    "POST /v1/comments/batch",
    "POST /v1/score",
    "GET /v1/review",
    "GET /v1/admin/sites",
    "POST /v1/admin/sites",
    "GET /v1/admin/moderators",
    "POST /v1/admin/moderators",
    "GET /v1/admin/keys",
    "POST /v1/admin/keys",
    "POST /v1/admin/keys/rotate",
}
"""Operations without an id in the address. What they show is the matter of the tests below."""


@dataclass(frozen=True)
class Town:
    """The Herald asks; ``theirs`` are the ids of things of the Gazette, by parameter."""

    service: Service
    office: Office
    keys: dict[str, str]
    ours: dict[str, str]
    theirs: dict[str, str]

    def ask(self, operation: str, role: str, body: Any = None, **ids: str) -> TestResponse:
        method, _, path = operation.partition(" ")
        if body is None:
            body = BODIES.get(operation)
        return self.office.ask(method, path.format(**ids), body, key=self.keys[role])

    def kept_of_the_gazette(self) -> list[str]:
        """Return every row of the store in which an id of the Gazette's occurs."""
        folder = self.service.services.settings.data_dir
        ids = [value.replace("-", "") for value in self.theirs.values()]
        with closing(sqlite3.connect(folder / "moderation.db")) as file:
            return [line for line in file.iterdump() if any(each in line for each in ids)]


@pytest.fixture
def town(service: Service, office: Office) -> Town:
    gazette, herald = (
        desk_of(name, service.services, service.client, service.clock)
        for name in ("Gazette", "Herald")
    )
    ours = {"site_id": herald.site_id}
    theirs = {"site_id": gazette.site_id}
    for desk, ids, email in ((gazette, theirs, "ann@a.example"), (herald, ours, "bob@b.example")):
        site = f"/v1/admin/sites/{desk.site_id}"
        moderator = office.a_moderator(desk.site_id, email=email)
        ids["moderator_id"] = moderator["id"]
        ids["token"] = moderator["token"]
        ids["webhook_id"] = office.made(f"{site}/webhooks", HOOK)["id"]
        ids["key_id"] = office.made(f"{site}/keys", {})["id"]
        ids["token_id"] = office.made(f"/v1/admin/moderators/{moderator['id']}/tokens", {})["id"]
    theirs["comment_id"] = a_comment(
        service.services.open_store, gazette.site_id, external_id="e1"
    ).id
    theirs.pop("token")
    keys = {
        SITE_KEY: herald.key,
        MODERATOR_TOKEN: ours.pop("token"),
        ADMIN_KEY: office.admin_key,
    }
    return Town(service, office, keys, ours, theirs)


@pytest.fixture
def document(service: Service) -> dict[str, Any]:
    """Return the operations of the API's document, by method and address."""
    paths = service.client.get("/openapi.json").get_json()["paths"]
    return {
        f"{method.upper()} {path}": operation
        for path, known in paths.items()
        for method, operation in known.items()
    }


def parameters(operation: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", operation))


def test_every_operation_is_named_here_and_every_route_is_an_operation(
    service: Service, document: dict[str, Any]
) -> None:
    assert {each for each, told in document.items() if "requestBody" in told} == set(BODIES)
    assert {each for each in document if not parameters(each)} == NAMES_NOTHING
    rules = service.client.application.url_map.iter_rules()
    routes = {
        f"{method} {rule.rule.replace('<', '{').replace('>', '}')}"
        for rule in rules
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/v1/") and rule.rule != "/v1/moderations"  # OpenAI's, not ours
    }
    assert routes == set(document)


def test_what_belongs_to_another_site_is_answered_as_if_it_did_not_exist(
    town: Town, document: dict[str, Any]
) -> None:
    before = town.kept_of_the_gazette()
    assert len(before) > 10
    for operation, told in document.items():
        allowed = {role for each in told["security"] for role in each}
        for role in town.keys:
            theirs, nobodys = addressed(town, operation, as_administrator=role == ADMIN_KEY)
            if theirs == nobodys:
                continue  # administrators belong to no site, so nothing is another site's
            one = town.ask(operation, role, **theirs)
            two = town.ask(operation, role, **nobodys)

            wanted = (404, "not-found") if role in allowed else (403, "forbidden")
            assert problem(one) == problem(two) == wanted, (operation, role)
            assert masked(one, theirs) == masked(two, nobodys), (operation, role)
    assert town.kept_of_the_gazette() == before


def addressed(
    town: Town, operation: str, *, as_administrator: bool
) -> tuple[dict[str, str], dict[str, str]]:
    """Return ids of things of the Gazette, and the same with ids that nobody has.

    An administrator speaks for the Herald by its id in the address.
    """
    theirs = dict(town.theirs)
    if "/moderators/" in operation:
        theirs["key_id"] = theirs["token_id"]
    theirs = {name: theirs[name] for name in parameters(operation)}
    if as_administrator:
        theirs |= {name: town.ours[name] for name in theirs if name in {"site_id", "moderator_id"}}
    nobodys = {
        name: value if value in town.ours.values() else UNKNOWN for name, value in theirs.items()
    }
    return theirs, nobodys


def masked(answer: TestResponse, ids: dict[str, str]) -> tuple[dict[str, str], str]:
    """Return what the answer tells, without the ids that were asked for."""
    text = answer.get_data(as_text=True)
    for value in ids.values():
        text = text.replace(value, "ID")
    kept = {name: value for name, value in answer.headers if name not in {"X-Request-Id"}}
    return kept, text


@pytest.mark.parametrize(
    "query",
    ["", "?external_id=e1", "?status=held", "?article_id=a1", "?since=2020-01-01T00:00:00Z"],
)
@pytest.mark.parametrize("role", [SITE_KEY, MODERATOR_TOKEN])
def test_no_list_of_a_site_shows_another_sites_comments(town: Town, role: str, query: str) -> None:
    shown = town.office.ask("GET", f"/v1/comments{query}", key=town.keys[role])

    assert shown.get_json() == {"comments": [], "next_cursor": None}


def test_a_moderator_sees_held_comments_of_the_own_sites_only(town: Town) -> None:
    token = town.keys[MODERATOR_TOKEN]
    theirs, nobodys = (
        town.office.ask("GET", f"/v1/review?site={site}", key=token)
        for site in (town.theirs["site_id"], UNKNOWN)
    )

    assert town.office.ask("GET", "/v1/review", key=token).get_json()["comments"] == []
    assert problem(theirs) == problem(nobodys) == (404, "not-found")
    assert masked(theirs, town.theirs) == masked(nobodys, {"site": UNKNOWN})


def test_a_moderator_lists_comments_of_the_own_sites_only(town: Town) -> None:
    token = town.keys[MODERATOR_TOKEN]
    theirs, nobodys = (
        town.office.ask("GET", f"/v1/comments?site={site}", key=token)
        for site in (town.theirs["site_id"], UNKNOWN)
    )

    assert problem(theirs) == problem(nobodys) == (404, "not-found")
    assert masked(theirs, town.theirs) == masked(nobodys, {"site": UNKNOWN})


def test_a_reply_to_another_sites_comment_is_refused_like_one_to_nobody(town: Town) -> None:
    for operation, wrapped in (
        ("POST /v1/comments", lambda body: body),
        ("POST /v1/comments/batch", lambda body: {"comments": [body]}),
    ):
        theirs, nobodys = (
            town.ask(operation, SITE_KEY, wrapped({"body": "x", "parent_id": parent}))
            for parent in (town.theirs["comment_id"], UNKNOWN)
        )
        assert masked(theirs, {})[1] == masked(nobodys, {})[1]
        assert "validation-error" in theirs.get_data(as_text=True)


def test_a_site_may_use_an_external_id_that_another_site_uses(town: Town) -> None:
    before = town.kept_of_the_gazette()

    made = town.ask("POST /v1/comments", SITE_KEY, COMMENT)
    found = town.office.ask("GET", "/v1/comments?external_id=e1", key=town.keys[SITE_KEY])

    assert made.status_code == 202
    assert [each["id"] for each in found.get_json()["comments"]] == [made.get_json()["id"]]
    assert town.kept_of_the_gazette() == before


def test_an_administrator_finds_under_a_site_only_what_is_the_sites_own(town: Town) -> None:
    before = town.kept_of_the_gazette()
    theirs, ours = (f"/v1/admin/sites/{each['site_id']}" for each in (town.theirs, town.ours))
    [owed] = town.office.ask("GET", f"{theirs}/deliveries").get_json()["deliveries"]

    assert town.office.ask("GET", f"{ours}/deliveries").get_json() == {"deliveries": []}
    replays = [
        town.office.ask("POST", f"{ours}/deliveries/replay", {"delivery_ids": [each]})
        for each in (owed["id"], UNKNOWN)
    ]
    assert masked(replays[0], {"id": owed["id"]}) == masked(replays[1], {"id": UNKNOWN})
    webhooks = town.office.ask("GET", f"{ours}/webhooks").get_json()["webhooks"]
    assert [each["id"] for each in webhooks] == [town.ours["webhook_id"]]
    keys = town.office.ask("GET", f"{ours}/keys").get_json()["keys"]
    assert {each["site_id"] for each in keys} == {town.ours["site_id"]}
    assert town.kept_of_the_gazette() == before
