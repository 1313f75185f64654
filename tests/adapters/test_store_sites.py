"""The store's contract, on both databases: sites, keys, moderators, policies."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from moderation.adapters.sql_store.policy_cache import PolicyCache
from moderation.domain.policy import Policy
from moderation.domain.policy_document import DEFAULT_DOCUMENT, read_policy
from moderation.domain.site import Site
from moderation.errors import NotFound
from moderation.identifiers import new_id
from moderation.ports.store import OpenStore, Store
from tests.builders import NOW, a_key, a_moderator, later


def test_sites_come_back(open_store: OpenStore, site: Site, other_site: Site) -> None:
    with open_store(reading=True) as store:
        assert store.site(site.id) == site
        assert {each.id for each in store.sites()} == {site.id, other_site.id}


@pytest.mark.parametrize("unknown", [new_id(NOW), "no id"], ids=["unknown", "no id"])
def test_what_nobody_has_is_not_found(open_store: OpenStore, unknown: str) -> None:
    looks = [
        Store.site,
        Store.moderator,
        Store.policy,
        Store.policy_document,
    ]
    with open_store() as store:
        for look in looks:
            with pytest.raises(NotFound):
                getattr(store, look.__name__)(unknown)
        with pytest.raises(NotFound):
            store.expire_key(unknown, NOW)
        with pytest.raises(NotFound):
            store.save_moderator(replace(a_moderator(), id=unknown))
        with pytest.raises(NotFound):
            store.add_policy(unknown, {}, by="cli", now=NOW)
        assert store.key_by_prefix(unknown) is None
        assert store.moderator_by_email(unknown) is None


def test_keys_are_listed_by_whom_they_speak_for_newest_first(
    open_store: OpenStore, site: Site
) -> None:
    moderator = a_moderator(site)
    admin = a_key("cmadmin_1")
    old, new = a_key("cmsite_1", site_id=site.id), a_key("cmsite_2", site_id=site.id)
    new = replace(new, id=new_id(later(1)), expires_at=later(60))
    token = a_key("cmmod_1", moderator_id=moderator.id)
    with open_store() as store:
        store.add_moderator(moderator)
        for key in (admin, old, new, token):
            store.add_key(key)

    with open_store(reading=True) as store:
        assert store.keys() == [admin]
        assert store.keys(site_id=site.id) == [new, old]
        assert store.keys(moderator_id=moderator.id) == [token]
        assert store.key_by_prefix("cmsite_2") == new


def test_a_key_can_be_made_to_end(open_store: OpenStore, site: Site) -> None:
    key = a_key(site_id=site.id)
    with open_store() as store:
        store.add_key(key)
        store.expire_key(key.id, later(5))

    with open_store(reading=True) as store:
        assert store.key_by_prefix(key.prefix) == replace(key, expires_at=later(5))


def test_moderators_come_back_as_saved(open_store: OpenStore, site: Site, other_site: Site) -> None:
    moderator = a_moderator(site, other_site)
    changed = replace(moderator, name="Max", active=False, site_ids=frozenset())
    with open_store() as store:
        store.add_moderator(moderator)
        assert store.moderator(moderator.id) == moderator
        store.save_moderator(changed)

    with open_store(reading=True) as store:
        assert store.moderators() == [changed]
        assert store.moderator_by_email(moderator.email) == changed


def test_the_newest_policy_is_in_force_and_older_ones_stay(
    open_store: OpenStore, site: Site, other_site: Site
) -> None:
    strict = {**DEFAULT_DOCUMENT, "premoderate": True}
    with open_store() as store:
        assert store.add_policy(site.id, DEFAULT_DOCUMENT, by="cli", now=NOW) == 1
        assert store.policy(site.id) == read_policy(DEFAULT_DOCUMENT, version=1)
        assert store.add_policy(site.id, strict, by="mo", now=later(1)) == 2
        assert store.add_policy(other_site.id, DEFAULT_DOCUMENT, by="cli", now=NOW) == 1

    with open_store(reading=True) as store:
        for _ in range(2):
            assert store.policy(site.id) == read_policy(strict, version=2)
        assert store.policy_document(site.id) == (2, strict)
        assert store.policy_document(site.id, 1) == (1, DEFAULT_DOCUMENT)
        assert store.policy_versions(site.id) == [(2, later(1), "mo"), (1, NOW, "cli")]
        with pytest.raises(NotFound):
            store.policy_document(site.id, 3)


def test_a_policy_that_was_taken_back_is_forgotten(open_store: OpenStore, site: Site) -> None:
    taken_back = {**DEFAULT_DOCUMENT, "premoderate": True}
    with pytest.raises(ZeroDivisionError), open_store() as store:
        store.add_policy(site.id, taken_back, by="cli", now=NOW)
        assert store.policy(site.id).premoderate
        raise ZeroDivisionError

    with open_store() as store:
        store.add_policy(site.id, DEFAULT_DOCUMENT, by="cli", now=NOW)
        assert not store.policy(site.id).premoderate


def test_policy_versions_added_at_once_get_numbers_of_their_own(
    open_store: OpenStore, site: Site
) -> None:
    def add(_: int) -> int:
        with open_store() as store:
            return store.add_policy(site.id, DEFAULT_DOCUMENT, by="cli", now=NOW)

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(add, range(6))) == [1, 2, 3, 4, 5, 6]


def test_the_policy_used_longest_ago_leaves_a_full_cache() -> None:
    cache = PolicyCache()
    for number in range(257):
        cache.put(str(number), Policy(version=number))
        cache.get("0")

    kept = cache.get("0")
    assert kept is not None
    assert kept.version == 0
    assert cache.get("1") is None
