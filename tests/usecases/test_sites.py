from datetime import timedelta

import pytest

from moderation.domain.policy_document import DEFAULT_DOCUMENT, read_policy
from moderation.errors import Invalid, NotFound
from moderation.ports.store import OpenStore
from moderation.usecases.keys import authenticate
from moderation.usecases.sites import create_site, find_site, list_sites, read_site
from tests.usecases.given import NOW, a_site


def test_a_new_site_has_the_default_policy_and_a_key_that_opens_it(open_store: OpenStore) -> None:
    new = a_site(open_store)

    assert authenticate(new.issued.secret, open_store=open_store, now=NOW).site_id == new.site.id
    with open_store(reading=True) as store:
        assert store.policy(new.site.id) == read_policy(DEFAULT_DOCUMENT, version=1)


def test_sites_are_listed_oldest_first(open_store: OpenStore) -> None:
    made = [
        a_site(open_store, name, at=NOW + timedelta(seconds=seconds)).site
        for seconds, name in enumerate(("Gazette", "Courier", "Albatross"))
    ]

    assert list_sites(open_store=open_store) == made


def test_a_site_is_found_by_its_id_and_by_its_name(open_store: OpenStore) -> None:
    other, wanted = a_site(open_store, "Courier").site, a_site(open_store).site

    assert find_site(wanted.id, open_store=open_store) == wanted
    assert read_site(wanted.id, open_store=open_store) == wanted
    assert find_site("Gazette", open_store=open_store) == wanted
    assert find_site("Courier", open_store=open_store) == other


def test_an_id_wins_over_a_site_that_is_named_like_it(open_store: OpenStore) -> None:
    wanted = a_site(open_store).site
    a_site(open_store, wanted.id)

    assert find_site(wanted.id, open_store=open_store) == wanted


def test_a_site_that_is_not_there_is_not_found(open_store: OpenStore) -> None:
    with pytest.raises(NotFound):
        find_site("Gazette", open_store=open_store)


def test_two_sites_cannot_have_the_same_name(open_store: OpenStore) -> None:
    a_site(open_store)

    with pytest.raises(Invalid, match="name: another site"):
        create_site(" Gazette ", open_store=open_store, now=NOW)
