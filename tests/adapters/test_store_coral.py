"""Signing secrets of Coral, on both databases."""

from datetime import timedelta

import pytest

from moderation.domain.coral import CoralSecret
from moderation.errors import NotFound
from moderation.identifiers import new_id
from moderation.ports.store import OpenStore
from tests.usecases.given import NOW, a_site


def a_secret(open_store: OpenStore, site_id: str, *, hours: int = 0) -> CoralSecret:
    at = NOW + timedelta(hours=hours)
    document = {"id": new_id(at), "site_id": site_id, "secret": "sealed"}
    secret = CoralSecret(**document, created_at=at)
    with open_store() as store:
        store.add_coral_secret(secret)
    return secret


def test_a_sites_secrets_come_back_oldest_first_and_nobody_elses(open_store: OpenStore) -> None:
    site, other = a_site(open_store).site.id, a_site(open_store, "Herald").site.id
    kept = [a_secret(open_store, site, hours=hours) for hours in (0, 1)]
    a_secret(open_store, other)

    with open_store(reading=True) as store:
        assert store.coral_secrets(site) == kept
        assert store.coral_secrets("nonsense") == []


def test_only_its_own_site_deletes_a_secret(open_store: OpenStore) -> None:
    site, other = a_site(open_store).site.id, a_site(open_store, "Herald").site.id
    kept = a_secret(open_store, site)

    with pytest.raises(NotFound), open_store() as store:
        store.delete_coral_secret(other, kept.id)
    with open_store() as store:
        store.delete_coral_secret(site, kept.id)

    with open_store(reading=True) as store:
        assert store.coral_secrets(site) == []
