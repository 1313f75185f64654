from typing import Any

import pytest

from moderation.domain.policy_document import DEFAULT_DOCUMENT, read_policy, write_policy
from tests.api.desk import problem
from tests.api.office import Office
from tests.usecases.given import a_comment

UNKNOWN = "0197e7a0-0000-7000-8000-000000000000"
PUBLIC = "https://gazette.example/hook"


@pytest.fixture
def site(office: Office) -> dict[str, Any]:
    return office.a_site()


def admin_routes(office: Office) -> list[tuple[str, str]]:
    """Return (method, path) of every route under /v1/admin, ids filled in with unknown ones."""
    routes = []
    for rule in office.client.application.url_map.iter_rules():
        if rule.rule.startswith("/v1/admin"):
            path = rule.rule
            for name in rule.arguments:
                path = path.replace(f"<{name}>", UNKNOWN)
            routes += [(method, path) for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}]
    return sorted(routes)


def test_every_route_is_for_administrators_only(office: Office, site: dict[str, Any]) -> None:
    token = office.a_moderator(site["id"])["token"]
    routes = admin_routes(office)

    assert len(routes) == 31
    for method, path in routes:
        for key in (site["key"], token):
            answer = office.ask(method, path, {}, key=key)
            assert problem(answer) == (403, "forbidden"), (method, path)
        answer = office.client.open(path, method=method, json={})
        assert problem(answer) == (401, "unauthorized"), (method, path)


@pytest.mark.parametrize(
    ("raw", "content_type", "wanted"),
    [
        (b"", "application/json", (400, "invalid-json")),
        (b"{", "application/json", (400, "invalid-json")),
        (b"{} {}", "application/json", (400, "invalid-json")),
        (b'{"a": NaN}', "application/json", (400, "invalid-json")),
        (b'{"a": 1e999}', "application/json", (400, "invalid-json")),
        (b'{"a": "\xff"}', "application/json", (400, "invalid-encoding")),
        (b'\xef\xbb\xbf{"a": 1}', "application/json", (400, "invalid-encoding")),
        (b'{"a": 1, "a": 1}', "application/json", (400, "duplicate-key")),
        (b'{"a": ' + b"[" * 40 + b"]" * 40 + b"}", "application/json", (400, "too-deep")),
        (b'{"nonsense": 1}', "application/json", (422, "validation-error")),
        (b"[]", "application/json", (422, "validation-error")),
        (rb'{"name": "\ud800"}', "application/json", (422, "invalid-unicode")),
        (b'"' + b"x" * (256 * 1024) + b'"', "application/json", (413, "body-too-large")),
        (b"{}", "text/plain", (415, "unsupported-media-type")),
    ],
    ids=lambda value: str(value)[:24],
)
def test_every_route_that_reads_a_body_refuses_a_bad_one_alike(
    raw: bytes, content_type: str, wanted: tuple[int, str], office: Office
) -> None:
    for method, path in admin_routes(office):
        if method in {"GET", "DELETE"}:
            continue
        answer = office.client.open(
            path,
            method=method,
            data=raw,
            content_type=content_type,
            headers={"Authorization": f"Bearer {office.admin_key}"},
        )
        assert problem(answer) == wanted, (method, path)


def test_what_is_not_there_is_not_found_on_every_route(office: Office) -> None:
    bodies: dict[str, Any] = {
        "rotate": {},
        "keys": {},
        "tokens": {},
        "policy": {"document": {}},
        "rollback": {"version": 1},
        "webhooks": {"url": PUBLIC},
        "replay": {},
        "password": {"password": "long enough it is"},
        UNKNOWN: {"enabled": True},
    }
    for method, path in admin_routes(office):
        if UNKNOWN not in path:
            continue
        body = bodies.get(path.rsplit("/", 1)[-1])
        if path.endswith(f"moderators/{UNKNOWN}"):
            body = {"active": True}
        answer = office.ask(method, path, None if method in {"GET", "DELETE"} else body)
        assert problem(answer) == (404, "not-found"), (method, path)


def test_a_site_is_made_with_a_key_that_speaks_for_it(office: Office) -> None:
    made = office.a_site()

    assert office.ask("GET", "/v1/comments", key=made["key"]).status_code == 200
    shown = office.ask("GET", f"/v1/admin/sites/{made['id']}").get_json()
    assert shown == {name: made[name] for name in ("id", "name", "created_at")}
    assert office.ask("GET", "/v1/admin/sites").get_json() == {"sites": [shown]}
    again = office.ask("POST", "/v1/admin/sites", {"name": "Gazette"})
    assert problem(again) == (422, "validation-error")


def test_keys_are_issued_rotated_and_ended_for_each_kind_of_holder(
    office: Office, site: dict[str, Any]
) -> None:
    moderator_id = office.a_moderator(site["id"])["id"]
    for path, probe in (
        (f"/v1/admin/sites/{site['id']}/keys", "/v1/comments"),
        (f"/v1/admin/moderators/{moderator_id}/tokens", "/v1/review"),
        ("/v1/admin/keys", "/v1/admin/sites"),
    ):
        first = office.made(path, {})
        kept = office.made(f"{path}/rotate", {"overlap_seconds": 3600})
        for issued in (first, kept):
            assert office.ask("GET", probe, key=issued["key"]).status_code == 200

        fresh = office.made(path, {})
        assert office.ask("DELETE", f"{path}/{fresh['id']}").status_code == 204
        assert problem(office.ask("GET", probe, key=fresh["key"])) == (401, "unauthorized")

        listed = office.ask("GET", path).get_json()["keys"]
        ends = {each["id"]: each["expires_at"] for each in listed}
        assert ends[first["id"]] is not None
        assert ends[kept["id"]] is None
        assert all("key" not in each for each in listed)


@pytest.mark.parametrize("overlap", [-1, 31 * 86_400, 1.5, "60"])
def test_an_overlap_without_sense_is_refused(overlap: object, office: Office) -> None:
    answer = office.ask("POST", "/v1/admin/keys/rotate", {"overlap_seconds": overlap})

    assert problem(answer) == (422, "validation-error")
    assert answer.get_json()["errors"][0]["field"] == "overlap_seconds"


def test_a_moderator_is_made_changed_and_given_a_password(
    office: Office, site: dict[str, Any]
) -> None:
    other = office.a_site("Courier")
    made = office.a_moderator(site["id"])
    path = f"/v1/admin/moderators/{made['id']}"

    changed = office.ask("PATCH", path, {"site_ids": [other["id"]], "name": "Annette"})
    assert changed.get_json()["site_ids"] == [other["id"]]
    assert office.ask("GET", path).get_json() == changed.get_json()
    listed = office.ask("GET", "/v1/admin/moderators").get_json()
    assert listed == {"moderators": [changed.get_json()]}

    set_it = office.ask("PUT", f"{path}/password", {"password": "another good one"})
    assert set_it.status_code == 204
    with office.services.open_store(reading=True) as store:
        kept = store.moderator(made["id"]).password_hash
    assert office.services.passwords.matches("another good one", kept)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"name": " "}, "name"),
        ({"password": "short"}, "password"),
        ({"site_ids": [UNKNOWN]}, "site_ids"),
        ({"site_ids": ["x"]}, "site_ids"),
        ({"site_ids": "x"}, "site_ids"),
        ({"role": "king"}, "role"),
    ],
)
def test_a_moderator_that_cannot_be_is_refused_and_the_field_named(
    change: dict[str, Any], field: str, office: Office
) -> None:
    body = {
        "email": "ann@gazette.example",
        "name": "Ann",
        "password": "correct horse battery",
        "site_ids": [],
    }

    answer = office.ask("POST", "/v1/admin/moderators", body | change)

    assert problem(answer) == (422, "validation-error")
    assert answer.get_json()["errors"][0]["field"] == field


def test_a_policy_is_read_replaced_listed_and_gone_back_from(
    office: Office, site: dict[str, Any]
) -> None:
    path = f"/v1/admin/sites/{site['id']}/policy"
    default = write_policy(read_policy(DEFAULT_DOCUMENT, version=1))
    strict = {
        "rules": [{"signal": "toxicty", "at_least": 0.2, "action": "hold"}],
        "word_lists": [{"name": "mine", "action": "reject", "words": ["turnip"]}],
    }

    assert office.ask("GET", path).get_json()["document"] == default
    replaced = office.ask("PUT", path, {"document": strict}).get_json()
    assert (replaced["version"], replaced["unmeasured"]) == (2, ["toxicty"])
    back = office.ask("POST", f"{path}/rollback", {"version": 1}).get_json()
    assert (back["version"], back["document"]) == (3, default)
    assert office.ask("GET", f"{path}?version=2").get_json() == replaced
    versions = office.ask("GET", f"{path}/versions").get_json()["versions"]
    assert [(each["version"], each["by"]) for each in versions] == [
        (3, f"key:{office.admin_id}"),
        (2, f"key:{office.admin_id}"),
        (1, "default"),
    ]


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({"rules": [{"signal": "toxicity", "at_least": 2, "action": "hold"}]}, "rules.0.at_least"),
        ({"rules": [{"signal": "toxicity", "at_least": 0, "action": "ban"}]}, "rules.0.action"),
        ({"max_links": -1}, "max_links"),
        ({"thresholds": {}}, "thresholds"),
    ],
)
def test_a_document_that_is_no_policy_is_refused_and_its_field_named(
    document: dict[str, Any], field: str, office: Office, site: dict[str, Any]
) -> None:
    path = f"/v1/admin/sites/{site['id']}/policy"

    answer = office.ask("PUT", path, {"document": document})

    assert problem(answer) == (422, "validation-error")
    assert answer.get_json()["errors"][0]["field"] == f"document.{field}"
    assert office.ask("GET", path).get_json()["version"] == 1


def test_a_webhook_is_made_switched_rotated_and_deleted(
    office: Office, site: dict[str, Any]
) -> None:
    path = f"/v1/admin/sites/{site['id']}/webhooks"
    made = office.made(path, {"url": PUBLIC})
    one = f"{path}/{made['id']}"

    assert made["secret"].startswith("whsec_")
    assert office.ask("PATCH", one, {"enabled": False}).get_json()["enabled"] is False
    assert office.ask("PATCH", one, {"enabled": True}).get_json()["enabled"] is True
    fresh = office.made(f"{one}/rotate", {"overlap_seconds": 60})
    assert fresh["secret"] != made["secret"]
    [listed] = office.ask("GET", path).get_json()["webhooks"]
    ends = [each["expires_at"] for each in listed["secrets"]]
    assert (ends[0], ends[1] is None) == (None, False)
    shown = office.ask("GET", path).get_data(as_text=True)
    assert made["secret"] not in shown
    assert fresh["secret"] not in shown
    assert office.ask("DELETE", one).status_code == 204
    assert office.ask("GET", path).get_json() == {"webhooks": []}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"url": "http://127.0.0.1/hook"}, "url"),
        ({"url": "gopher://gazette.example"}, "url"),
        ({"url": PUBLIC, "secret": "whsec_c2hvcnQ="}, "secret"),
        ({"url": PUBLIC, "secret": "x" * 300}, "secret"),
    ],
)
def test_a_webhook_that_cannot_serve_is_refused(
    body: dict[str, Any], field: str, office: Office, site: dict[str, Any]
) -> None:
    answer = office.ask("POST", f"/v1/admin/sites/{site['id']}/webhooks", body)

    assert problem(answer) == (422, "validation-error")
    assert answer.get_json()["errors"][0]["field"] == field


def test_messages_are_listed_and_owed_again(office: Office, site: dict[str, Any]) -> None:
    base = f"/v1/admin/sites/{site['id']}"
    office.made(f"{base}/webhooks", {"url": PUBLIC})
    comment = a_comment(office.services.open_store, site["id"])

    [owed] = office.ask("GET", f"{base}/deliveries?status=owed").get_json()["deliveries"]
    assert (owed["comment_id"], owed["comment_version"]) == (comment.id, 2)
    assert office.ask("GET", f"{base}/deliveries?status=failed").get_json() == {"deliveries": []}

    replayed = office.ask("POST", f"{base}/deliveries/replay", {"delivery_ids": [owed["id"]]})
    assert replayed.get_json() == {"replayed": 1}
    nothing = office.ask("POST", f"{base}/deliveries/replay", {})
    assert nothing.get_json() == {"replayed": 0}
    lost = office.ask("GET", f"{base}/deliveries?status=lost")
    assert problem(lost) == (422, "validation-error")


def test_every_route_is_in_the_api_document(office: Office) -> None:
    document = office.client.get("/openapi.json").get_json()
    described = {
        (method.upper(), path)
        for path, operations in document["paths"].items()
        for method in operations
    }

    for rule in office.client.application.url_map.iter_rules():
        if rule.rule.startswith("/v1/admin"):
            path = rule.rule.replace("<", "{").replace(">", "}")
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                assert (method, path) in described
