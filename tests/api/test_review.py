from datetime import timedelta
from typing import Any

import pytest

from moderation.domain.comment import Comment
from moderation.domain.policy import Action
from tests.api.desk import problem
from tests.api.office import Office
from tests.usecases.given import NOW, a_comment

APPROVAL = {"action": "approve", "reason": "acceptable", "version": 2}
UNKNOWN = "0197e7a0-0000-7000-8000-000000000000"


@pytest.fixture
def site(office: Office) -> dict[str, Any]:
    return office.a_site()


@pytest.fixture
def token(office: Office, site: dict[str, Any]) -> str:
    return str(office.a_moderator(site["id"])["token"])


def held(office: Office, site: dict[str, Any], **known: Any) -> Comment:
    return a_comment(office.services.open_store, site["id"], **known)


def test_held_comments_are_listed_with_text_reasons_and_scores_riskiest_first(
    office: Office, site: dict[str, Any], token: str
) -> None:
    low, high = held(office, site, risk=0.7), held(office, site, risk=0.9)

    answer = office.ask("GET", "/v1/review", key=token)

    assert answer.status_code == 200
    comments = answer.get_json()["comments"]
    assert [each["id"] for each in comments] == [high.id, low.id]
    first = comments[0]
    assert (first["body"], first["status"], first["version"]) == (high.body, "held", 2)
    assert (first["risk"], first["site_id"]) == (0.9, site["id"])
    assert first["scores"] == {"toxicity": 0.9, "link_density": 0.0}
    assert [reason["code"] for reason in first["reasons"]] == ["toxicity>=0.60"]
    assert answer.get_json()["next_cursor"] is None


@pytest.mark.parametrize("order", ["risk", "age"])
def test_pages_follow_one_another_without_gaps_while_comments_are_decided(
    order: str, office: Office, site: dict[str, Any], token: str
) -> None:
    wanted = [
        held(office, site, risk=risk, at=NOW + timedelta(seconds=n)).id
        for n, risk in enumerate((0.9, 0.9, 0.8, 0.7, 0.6))
    ]
    seen: list[str] = []
    cursor = ""
    while True:
        page = office.ask("GET", f"/v1/review?order={order}&limit=2{cursor}", key=token).get_json()
        seen += [each["id"] for each in page["comments"]]
        for each in page["comments"]:
            office.ask("POST", f"/v1/comments/{each['id']}/decisions", APPROVAL, key=token)
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"

    assert seen == wanted


def test_a_cursor_of_another_list_is_refused(
    office: Office, site: dict[str, Any], token: str
) -> None:
    for _ in range(2):
        held(office, site)
    page = office.ask("GET", "/v1/review?limit=1", key=token).get_json()
    other = office.a_moderator(site["id"], email="bob@gazette.example")["token"]

    for path, key in (
        (f"/v1/review?order=age&cursor={page['next_cursor']}", token),
        (f"/v1/review?cursor={page['next_cursor']}", other),
        ("/v1/review?cursor=made-up", token),
    ):
        assert problem(office.ask("GET", path, key=key)) == (422, "validation-error")


@pytest.mark.parametrize(
    "query", ["order=worst", "limit=0", "limit=101", "site=", "colour=red", "order=age&order=risk"]
)
def test_a_query_that_is_not_understood_is_refused(query: str, office: Office, token: str) -> None:
    answer = office.ask("GET", f"/v1/review?{query}", key=token)

    assert problem(answer) == (422, "validation-error")
    assert answer.get_json()["errors"][0]["field"] == query.split("=", maxsplit=1)[0]


def test_a_decision_is_answered_as_it_is_recorded_and_the_site_sees_it(
    office: Office, site: dict[str, Any], token: str
) -> None:
    comment = held(office, site)
    body = {"action": "reject", "reason": "insult", "note": "a turnip", "version": 2}

    answer = office.ask("POST", f"/v1/comments/{comment.id}/decisions", body, key=token)

    assert answer.status_code == 201
    told = answer.get_json()
    assert (told["action"], told["before"], told["version"]) == ("reject", "held", 3)
    assert (told["note"], told["reasons"][0]["code"]) == ("a turnip", "insult")
    seen = office.ask("GET", f"/v1/comments/{comment.id}", key=site["key"]).get_json()
    assert (seen["status"], seen["moderated"]) == ("rejected", True)
    assert seen["decisions"][-1] == told


def test_the_second_of_two_decisions_on_one_version_is_a_conflict(
    office: Office, site: dict[str, Any], token: str
) -> None:
    path = f"/v1/comments/{held(office, site).id}/decisions"
    other = office.a_moderator(site["id"], email="bob@gazette.example")["token"]

    assert office.ask("POST", path, APPROVAL, key=token).status_code == 201
    second = office.ask("POST", path, APPROVAL, key=other)

    assert problem(second) == (409, "edit-conflict")
    assert second.get_json()["comment"] == {"version": 3, "status": "approved"}
    assert "approved at version 3" in second.get_json()["detail"]
    assert office.ask("POST", path, APPROVAL | {"version": 3}, key=other).status_code == 201


def test_a_moderator_finds_an_approved_comment_reads_it_and_overturns_it(
    office: Office, site: dict[str, Any], token: str
) -> None:
    comment = held(office, site, risk=0.1, action=Action.APPROVE, external_id="c-1")

    [found] = office.ask("GET", "/v1/comments?status=approved", key=token).get_json()["comments"]
    read = office.ask("GET", f"/v1/comments/{comment.id}", key=token)
    decided = office.ask("GET", f"/v1/comments/{comment.id}/decisions", key=token).get_json()
    rejection = {"action": "reject", "reason": "insult", "version": read.get_json()["version"]}
    path = f"/v1/comments/{comment.id}/decisions"

    assert (found["id"], found["site_id"]) == (comment.id, site["id"])
    assert read.headers["ETag"] == '"2"'
    assert decided["decisions"] == read.get_json()["decisions"]
    assert office.ask("POST", path, rejection, key=token).status_code == 201
    assert office.ask("GET", f"/v1/comments/{comment.id}", key=token).get_json()["status"] == (
        "rejected"
    )
    [again] = office.ask("GET", "/v1/comments?external_id=c-1", key=token).get_json()["comments"]
    assert (again["id"], again["status"], again["moderated"]) == (comment.id, "rejected", True)


def test_a_moderator_of_several_sites_says_which_one_to_list(
    office: Office, site: dict[str, Any]
) -> None:
    courier = office.a_site("Courier")
    token = office.a_moderator(site["id"], courier["id"], email="bob@gazette.example")["token"]
    ours = {held(office, site).id for _ in range(2)}
    theirs = held(office, courier, external_id="c-1")

    unsaid = office.ask("GET", "/v1/comments", key=token)
    assert problem(unsaid) == (422, "validation-error")
    assert unsaid.get_json()["errors"][0]["field"] == "site"
    path = f"/v1/comments?site={site['id']}&limit=1"
    page = office.ask("GET", path, key=token).get_json()
    following = office.ask("GET", f"{path}&cursor={page['next_cursor']}", key=token).get_json()
    assert {each["id"] for each in page["comments"] + following["comments"]} == ours
    known = f"/v1/comments?site={courier['id']}&external_id=c-1"
    [found] = office.ask("GET", known, key=token).get_json()["comments"]
    assert found["site_id"] == theirs.site_id
    elsewhere = f"/v1/comments?site={courier['id']}&cursor={page['next_cursor']}"
    assert problem(office.ask("GET", elsewhere, key=token)) == (422, "validation-error")


def test_a_site_may_name_itself_and_no_other(office: Office, site: dict[str, Any]) -> None:
    courier = office.a_site("Courier")

    own = office.ask("GET", f"/v1/comments?site={site['id']}", key=site["key"])
    others = [
        office.ask("GET", f"/v1/comments?site={each}", key=site["key"])
        for each in (courier["id"], UNKNOWN)
    ]

    assert own.status_code == 200
    assert [problem(each) for each in others] == [(404, "not-found")] * 2


@pytest.mark.parametrize("path", ["/v1/comments", "/v1/comments/{}", "/v1/comments/{}/decisions"])
def test_only_who_may_see_comments_reads_them(
    path: str, office: Office, site: dict[str, Any]
) -> None:
    address = path.format(held(office, site).id)
    ann = office.a_moderator(site["id"])

    refused = office.ask("GET", address)
    assert problem(refused) == (403, "forbidden")
    assert "a site's key or a moderator's token" in refused.get_json()["detail"]
    assert office.ask("GET", address, key=ann["token"]).status_code == 200
    office.ask("PATCH", f"/v1/admin/moderators/{ann['id']}", {"active": False})
    assert problem(office.ask("GET", address, key=ann["token"])) == (401, "unauthorized")


def test_a_pending_comment_may_be_decided_and_the_machine_leaves_it_alone(
    office: Office, site: dict[str, Any], token: str
) -> None:
    pending = held(office, site, risk=None)

    path = f"/v1/comments/{pending.id}/decisions"
    answer = office.ask("POST", path, APPROVAL | {"version": 1}, key=token)

    assert answer.status_code == 201
    with office.services.open_store() as store:
        until = NOW + timedelta(days=365)
        assert store.lease(now=NOW, until=until, limit=9) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"action": "hold"}, "action"),
        ({"reason": "because"}, "reason"),
        ({"reason": "spam"}, "reason"),
        ({"reason": "other"}, "note"),
        ({"note": "x" * 2001}, "note"),
        ({"version": 0}, "version"),
        ({"version": 2**63}, "version"),
        ({"version": "2"}, "version"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused_and_its_field_named(
    change: dict[str, Any], field: str, office: Office, site: dict[str, Any], token: str
) -> None:
    path = f"/v1/comments/{held(office, site).id}/decisions"

    answer = office.ask("POST", path, APPROVAL | change, key=token)

    assert problem(answer) == (422, "validation-error")
    assert answer.get_json()["errors"][0]["field"] == field


@pytest.mark.parametrize("note", ["\ud800", "nul\x00"])
def test_a_note_that_cannot_be_kept_is_refused(
    note: str, office: Office, site: dict[str, Any], token: str
) -> None:
    path = f"/v1/comments/{held(office, site).id}/decisions"

    answer = office.ask("POST", path, APPROVAL | {"note": note}, key=token)

    assert problem(answer) == (422, "invalid-unicode")


def test_another_sites_comment_is_answered_like_an_unknown_one(office: Office, token: str) -> None:
    theirs = held(office, office.a_site("Courier"))

    answers = []
    for comment_id in (theirs.id, UNKNOWN, "x"):
        answer = office.ask("POST", f"/v1/comments/{comment_id}/decisions", APPROVAL, key=token)
        assert problem(answer) == (404, "not-found")
        answers.append(answer.get_data(as_text=True).replace(comment_id, "ID"))
    assert len(set(answers)) == 1
    other = office.ask("GET", f"/v1/review?site={theirs.site_id}", key=token)
    assert problem(other) == (404, "not-found")
    assert office.ask("GET", "/v1/review", key=token).get_json()["comments"] == []


def test_only_a_moderator_may_review(office: Office, site: dict[str, Any]) -> None:
    path = f"/v1/comments/{held(office, site).id}/decisions"

    for key in (site["key"], office.admin_key):
        assert problem(office.ask("GET", "/v1/review", key=key)) == (403, "forbidden")
        assert problem(office.ask("POST", path, APPROVAL, key=key)) == (403, "forbidden")
    assert problem(office.ask("GET", "/v1/review", key="nonsense")) == (401, "unauthorized")
    assert problem(office.client.post(path, json=APPROVAL)) == (401, "unauthorized")


def test_a_moderator_made_inactive_is_refused_even_while_the_token_is_remembered(
    office: Office, site: dict[str, Any]
) -> None:
    ann = office.a_moderator(site["id"])
    assert office.ask("GET", "/v1/review", key=ann["token"]).status_code == 200

    office.ask("PATCH", f"/v1/admin/moderators/{ann['id']}", {"active": False})

    assert problem(office.ask("GET", "/v1/review", key=ann["token"])) == (401, "unauthorized")
