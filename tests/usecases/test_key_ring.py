from datetime import timedelta

import pytest

from moderation.errors import Invalid, NotFound, Unauthorized
from moderation.ports.store import OpenStore
from moderation.usecases.key_ring import Holder, end_key, issue_key_to, list_keys, rotate_keys_of
from moderation.usecases.keys import authenticate
from tests.usecases.given import NOW, a_moderator, a_site

HOUR = timedelta(hours=1)


@pytest.fixture(params=["site", "moderator", "admin"])
def holder(request: pytest.FixtureRequest, open_store: OpenStore) -> Holder:
    if request.param == "admin":
        return Holder()
    site_id = a_site(open_store).site.id
    if request.param == "site":
        for key in list_keys(Holder(site_id=site_id), open_store=open_store):
            end_key(Holder(site_id=site_id), key.id, open_store=open_store, now=NOW)
        return Holder(site_id=site_id)
    return Holder(moderator_id=a_moderator(open_store, site_id).id)


def opens(secret: str, open_store: OpenStore, *, after: timedelta) -> bool:
    try:
        authenticate(secret, open_store=open_store, now=NOW + after)
    except Unauthorized:
        return False
    return True


def test_two_keys_are_valid_during_the_overlap_and_one_after_it(
    holder: Holder, open_store: OpenStore
) -> None:
    old = issue_key_to(holder, open_store=open_store, now=NOW)
    new = rotate_keys_of(holder, overlap=HOUR, open_store=open_store, now=NOW)

    just_before = HOUR - timedelta(seconds=1)
    assert opens(old.secret, open_store, after=just_before)
    assert opens(new.secret, open_store, after=just_before)
    assert not opens(old.secret, open_store, after=HOUR)
    assert opens(new.secret, open_store, after=HOUR)


def test_a_second_rotation_does_not_lengthen_the_first_ones_overlap(
    holder: Holder, open_store: OpenStore
) -> None:
    old = issue_key_to(holder, open_store=open_store, now=NOW)
    rotate_keys_of(holder, overlap=HOUR, open_store=open_store, now=NOW)
    rotate_keys_of(holder, overlap=24 * HOUR, open_store=open_store, now=NOW)

    assert not opens(old.secret, open_store, after=HOUR)


def test_a_key_that_is_ended_opens_nothing_from_then_on(
    holder: Holder, open_store: OpenStore
) -> None:
    kept = issue_key_to(holder, open_store=open_store, now=NOW)
    ended = issue_key_to(holder, open_store=open_store, now=NOW)

    end_key(holder, ended.key.id, open_store=open_store, now=NOW + HOUR)

    assert opens(ended.secret, open_store, after=timedelta())
    assert not opens(ended.secret, open_store, after=HOUR)
    assert opens(kept.secret, open_store, after=HOUR)


def test_ending_a_key_twice_keeps_its_first_end(holder: Holder, open_store: OpenStore) -> None:
    issued = issue_key_to(holder, open_store=open_store, now=NOW)
    for hours in (1, 2):
        ended = end_key(holder, issued.key.id, open_store=open_store, now=NOW + hours * HOUR)
        assert ended.expires_at == NOW + HOUR

    [key] = [k for k in list_keys(holder, open_store=open_store) if k.id == issued.key.id]
    assert key.expires_at == NOW + HOUR


def test_a_holder_sees_and_ends_its_own_keys_only(holder: Holder, open_store: OpenStore) -> None:
    other = a_site(open_store, "Courier")

    assert other.issued.key.id not in {k.id for k in list_keys(holder, open_store=open_store)}
    with pytest.raises(NotFound):
        end_key(holder, other.issued.key.id, open_store=open_store, now=NOW)
    assert opens(other.issued.secret, open_store, after=HOUR)


@pytest.mark.parametrize("overlap", [timedelta(seconds=-1), timedelta(days=31)])
def test_an_overlap_without_sense_is_refused(overlap: timedelta, sqlite_store: OpenStore) -> None:
    with pytest.raises(Invalid, match="overlap"):
        rotate_keys_of(Holder(), overlap=overlap, open_store=sqlite_store, now=NOW)


@pytest.mark.parametrize("nobody", [Holder(site_id="nobody"), Holder(moderator_id="nobody")])
def test_nobody_has_no_keys(nobody: Holder, open_store: OpenStore) -> None:
    with pytest.raises(NotFound):
        list_keys(nobody, open_store=open_store)
    with pytest.raises(NotFound):
        issue_key_to(nobody, open_store=open_store, now=NOW)


def test_what_is_no_key_or_nobodys_key_opens_nothing(open_store: OpenStore) -> None:
    issued = issue_key_to(Holder(), open_store=open_store, now=NOW)
    forged = issued.secret[:-1] + ("A" if issued.secret[-1] != "A" else "B")
    unknown = f"cmadmin_{'0' * 12}_{'x' * 43}"

    for secret in ("", "nonsense", forged, unknown):
        assert not opens(secret, open_store, after=timedelta())
