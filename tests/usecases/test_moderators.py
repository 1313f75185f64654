import pytest

from moderation.errors import Invalid, NotFound
from moderation.ports.store import OpenStore
from moderation.usecases.moderators import (
    change_moderator,
    create_moderator,
    find_moderator,
    list_moderators,
    read_moderator,
    set_password,
)
from tests.usecases.given import NOW, PASSWORD, PASSWORDS, a_moderator, a_site


def test_a_moderator_is_found_by_id_and_by_address_however_it_is_typed(
    open_store: OpenStore,
) -> None:
    site_id = a_site(open_store).site.id
    made = a_moderator(open_store, site_id, email=" Ann@Gazette.Example ")

    assert made.email == "ann@gazette.example"
    assert find_moderator(made.id, open_store=open_store) == made
    assert read_moderator(made.id, open_store=open_store) == made
    assert find_moderator("ANN@gazette.example", open_store=open_store) == made
    assert list_moderators(open_store=open_store) == [made]


def test_nobody_is_found_where_nobody_is(open_store: OpenStore) -> None:
    with pytest.raises(NotFound, match="with this address") as raised:
        find_moderator("ann@gazette.example", open_store=open_store)
    assert "ann@" not in str(raised.value)
    with pytest.raises(NotFound):
        find_moderator("0197e7a0-0000-7000-8000-000000000000", open_store=open_store)


def test_the_password_is_kept_as_a_hash_that_knows_it_again(open_store: OpenStore) -> None:
    moderator = a_moderator(open_store, a_site(open_store).site.id)

    assert PASSWORD not in moderator.password_hash
    assert moderator.password_hash.startswith("$argon2id$")
    assert PASSWORDS.matches(PASSWORD, moderator.password_hash)
    assert not PASSWORDS.matches("something else", moderator.password_hash)
    assert not PASSWORDS.matches(PASSWORD, "no hash")


def test_a_new_password_replaces_the_old_one(open_store: OpenStore) -> None:
    moderator = a_moderator(open_store, a_site(open_store).site.id)

    set_password(moderator.id, "another good one", open_store=open_store, passwords=PASSWORDS)

    kept = find_moderator(moderator.id, open_store=open_store).password_hash
    assert PASSWORDS.matches("another good one", kept)
    assert not PASSWORDS.matches(PASSWORD, kept)


@pytest.mark.parametrize("password", ["", "eleven char", "x" * 1001])
def test_a_password_too_short_or_too_long_is_refused(
    password: str, sqlite_store: OpenStore
) -> None:
    moderator = a_moderator(sqlite_store, a_site(sqlite_store).site.id)

    with pytest.raises(Invalid, match="password: needs 12 to 1,000"):
        set_password(moderator.id, password, open_store=sqlite_store, passwords=PASSWORDS)


def test_two_moderators_cannot_have_the_same_address(open_store: OpenStore) -> None:
    site_id = a_site(open_store).site.id
    a_moderator(open_store, site_id)

    with pytest.raises(Invalid, match="email: another moderator"):
        a_moderator(open_store, site_id, email="Ann@gazette.example")


def test_a_moderator_of_no_such_site_is_not_made(open_store: OpenStore) -> None:
    with pytest.raises(Invalid, match="site_ids: there is no site"):
        create_moderator(
            "ann@gazette.example",
            name="Ann",
            password=PASSWORD,
            site_ids=["0197e7a0-0000-7000-8000-000000000000"],
            open_store=open_store,
            passwords=PASSWORDS,
            now=NOW,
        )
    assert list_moderators(open_store=open_store) == []


def test_a_change_leaves_alone_what_it_does_not_name(open_store: OpenStore) -> None:
    first, second = (a_site(open_store, name).site.id for name in ("Gazette", "Courier"))
    moderator = a_moderator(open_store, first)

    change_moderator(moderator.id, name="Annette", open_store=open_store)
    change_moderator(moderator.id, site_ids=[second], open_store=open_store)
    changed = change_moderator(moderator.id, active=False, open_store=open_store)

    assert (changed.name, changed.site_ids, changed.active) == (
        "Annette",
        frozenset({second}),
        False,
    )
    assert changed.password_hash == moderator.password_hash
    assert find_moderator(moderator.id, open_store=open_store) == changed


def test_a_moderator_is_not_given_a_site_that_is_not_there(open_store: OpenStore) -> None:
    site_id = a_site(open_store).site.id
    moderator = a_moderator(open_store, site_id)

    with pytest.raises(Invalid, match="site_ids: there is no site"):
        change_moderator(moderator.id, site_ids=["nowhere"], open_store=open_store)
    assert find_moderator(moderator.id, open_store=open_store).site_ids == {site_id}
