"""Coral's external moderation phase over real HTTP, signed as Coral signs."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from moderation.domain.coral import signed
from moderation.domain.policy_document import DEFAULT_DOCUMENT
from moderation.errors import Invalid, NotFound
from moderation.usecases.coral_secrets import (
    add_coral_secret,
    delete_coral_secret,
    list_coral_secrets,
)
from tests.compat.served import MODEL_HASH, Service

SECRET = "a secret that Coral made and showed"  # noqa: S105 - signs nothing but tests
WITHHELD = {"status": "SYSTEM_WITHHELD", "actions": [], "tags": []}
TOXIC = {"actionType": "FLAG", "reason": "COMMENT_DETECTED_TOXIC"}
SPAM = {"actionType": "FLAG", "reason": "COMMENT_DETECTED_SPAM"}


@pytest.fixture
def phase(service: Service) -> Iterator[Service]:
    """Return a service that knows the site's Coral."""
    services = service.services
    kept = add_coral_secret(
        service.site_id,
        SECRET,
        open_store=services.open_store,
        privacy=services.privacy,
        now=services.now(),
    )
    policy(service, DEFAULT_DOCUMENT)
    yield service
    delete_coral_secret(service.site_id, kept.id, open_store=services.open_store)


def message(body: Any, author: str = "a1") -> bytes:
    document = {
        "action": "NEW",
        "comment": {"body": body, "parentID": None},
        "author": {"id": author, "role": "COMMENTER"},
        "story": {"id": "s1", "url": "http://gazette.example/s1"},
        "site": {"id": "site"},
        "tenantID": "t1",
        "tenantDomain": "gazette.example",
    }
    return json.dumps(document, indent=2).encode()  # as Coral writes it


def sign(raw: bytes, *secrets: str) -> str:
    digests = [hmac.new(each.encode(), raw, hashlib.sha256).hexdigest() for each in secrets]
    return ",".join(f"sha256={digest}" for digest in digests)


def ask(service: Service, raw: bytes, *secrets: str, site_id: str | None = None) -> httpx2.Response:
    headers = {"Content-Type": "application/json"}
    if secrets:
        headers["X-Coral-Signature"] = sign(raw, *secrets)
    address = f"{service.url}/coral/moderation/{site_id or service.site_id}"
    return httpx2.post(address, content=raw, headers=headers)


def policy(service: Service, document: dict[str, Any]) -> None:
    with service.services.open_store() as store:
        store.add_policy(service.site_id, document, by="Ann", now=service.services.now())


def test_a_comment_that_nothing_speaks_against_is_left_to_coral(phase: Service) -> None:
    policy(phase, {"rules": [{"signal": "toxicity", "at_least": 0.5, "action": "hold"}]})

    answer = ask(phase, message("A fair point."), SECRET)

    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["X-Model-Hash"] == MODEL_HASH


@pytest.mark.parametrize(
    ("signal", "action", "status", "flag"),
    [
        ("toxicity", "hold", "SYSTEM_WITHHELD", TOXIC),
        ("spam", "hold", "SYSTEM_WITHHELD", SPAM),
        ("insult", "reject", "REJECTED", TOXIC),
    ],
)
def test_what_the_policy_says_is_said_in_corals_words(
    phase: Service, signal: str, action: str, status: str, flag: dict[str, str]
) -> None:
    policy(phase, {"rules": [{"signal": signal, "at_least": 0.5, "action": action}]})

    answer = ask(phase, message("You turnip."), SECRET)

    assert answer.json() == {"status": status, "actions": [flag], "tags": []}


def test_listed_words_and_too_many_links_hold_without_a_flag(phase: Service) -> None:
    words = [{"name": "house", "action": "hold", "words": ["carrot"]}]
    policy(phase, {**DEFAULT_DOCUMENT, "rules": [], "word_lists": words})

    assert ask(phase, message("You carrot."), SECRET).json() == WITHHELD
    links = " ".join(f"http://{name}.example" for name in ("one", "two", "three"))
    assert ask(phase, message(links), SECRET).json() == WITHHELD
    assert ask(phase, message("You parsnip."), SECRET).status_code == 204


def test_a_policy_that_reads_circumstances_does_not_hold_every_text(phase: Service) -> None:
    rules = [{"signal": "honeypot", "at_least": 1, "action": "reject"}]
    policy(phase, {"rules": rules, "required": ["toxicity", "near_duplicates"]})

    assert ask(phase, message("A fair point."), SECRET).status_code == 204


def test_an_author_whom_the_site_trusts_is_told_by_corals_id(phase: Service) -> None:
    policy(phase, {"premoderate": True, "trusted_authors": ["a1"]})

    assert ask(phase, message("A fair point.", author="a1"), SECRET).status_code == 204
    assert ask(phase, message("A fair point.", author="a2"), SECRET).json() == WITHHELD


def test_a_request_is_believed_by_one_signature_of_several(phase: Service) -> None:
    assert (
        ask(phase, message("You turnip."), "the new secret, not known", SECRET).status_code == 200
    )


@pytest.mark.parametrize("secrets", [(), ("another secret of some length",)])
def test_whoever_cannot_sign_is_refused(phase: Service, secrets: tuple[str, ...]) -> None:
    answer = ask(phase, message("You turnip."), *secrets)

    assert answer.status_code == 401
    assert not phase.instant.asked


@pytest.mark.parametrize("site_id", ["0199f3a0-5b7c-7d10-a1c4-0f3f6f6a9a11", "nonsense"])
def test_an_unknown_site_is_answered_like_a_wrong_signature(phase: Service, site_id: str) -> None:
    unknown = ask(phase, message("You turnip."), SECRET, site_id=site_id)
    wrong = ask(phase, message("You turnip."), "another secret of some length")

    assert (unknown.status_code, unknown.content) == (wrong.status_code, wrong.content)


def test_past_the_deadline_and_past_the_limit_a_comment_is_withheld(phase: Service) -> None:
    phase.instant.down = True
    late = ask(phase, message("A fair point."), SECRET)
    phase.instant.down, phase.limits.refusing = False, True
    limited = ask(phase, message("A fair point."), SECRET)

    assert (late.status_code, late.json()) == (200, WITHHELD)
    assert (limited.status_code, limited.json()) == (200, WITHHELD)
    assert phase.instant.asked[0].timeout_s == phase.services.settings.coral_timeout_s < 0.8


@pytest.mark.parametrize("body", [None, "", "\u200b", "a" * 20_001, 7])
def test_what_cannot_be_scored_is_withheld(phase: Service, body: Any) -> None:
    assert ask(phase, message(body), SECRET).json() == WITHHELD


def test_a_signed_body_that_is_no_message_is_withheld(phase: Service) -> None:
    for raw in (b"{", b"[]", b"{}", b'{"comment": 1}'):
        assert ask(phase, raw, SECRET).json() == WITHHELD


def test_no_text_and_no_secret_is_kept_in_the_clear(phase: Service) -> None:
    ask(phase, message("You turnip, says nobody."), SECRET)

    folder = phase.services.settings.data_dir
    kept = b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())
    assert SECRET.encode() not in kept
    assert b"says nobody" not in kept


def test_a_deleted_secret_is_no_longer_believed(service: Service) -> None:
    services = service.services
    kept = add_coral_secret(
        service.site_id,
        SECRET,
        open_store=services.open_store,
        privacy=services.privacy,
        now=services.now(),
    )
    assert list_coral_secrets(service.site_id, open_store=services.open_store) == [kept]

    delete_coral_secret(service.site_id, kept.id, open_store=services.open_store)

    assert ask(service, message("You turnip."), SECRET).status_code == 401
    with pytest.raises(NotFound):
        delete_coral_secret(service.site_id, kept.id, open_store=services.open_store)


@pytest.mark.parametrize("secret", ["", "short", "ä" * 20, "x" * 513])
def test_a_secret_that_none_could_be_is_refused(service: Service, secret: str) -> None:
    services = service.services
    with pytest.raises(Invalid):
        add_coral_secret(
            service.site_id,
            secret,
            open_store=services.open_store,
            privacy=services.privacy,
            now=services.now(),
        )


@pytest.mark.parametrize("header", ["", ",", "sha256=", "sha1=abc", "sha256=ä,sha256=zz"])
def test_a_header_without_a_valid_signature_is_none(header: str) -> None:
    assert not signed(b"body", header, [SECRET])
    assert not signed(b"body", sign(b"body", SECRET), [])
