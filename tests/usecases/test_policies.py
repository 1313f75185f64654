from typing import Any

import pytest

from moderation.domain.policy_document import DEFAULT_DOCUMENT, read_policy, write_policy
from moderation.errors import Invalid, NotFound
from moderation.ports.store import OpenStore
from moderation.usecases.policies import (
    list_versions,
    roll_back,
    set_policy,
    show_policy,
    stored_document,
    unmeasured,
)
from tests.usecases.given import NOW, a_site

STRICT = {"rules": [{"signal": "toxicity", "at_least": 0.3, "action": "hold"}]}


def test_a_new_version_is_in_force_and_written_out_in_full(open_store: OpenStore) -> None:
    site_id = a_site(open_store).site.id

    stored = set_policy(site_id, STRICT, by="cli:ann", open_store=open_store, now=NOW)

    assert stored.version == 2
    assert stored.document["premoderate"] is False
    assert show_policy(site_id, open_store=open_store) == stored
    with open_store(reading=True) as store:
        assert store.policy(site_id) == read_policy(STRICT, version=2)


def test_versions_tell_by_whom_they_are_newest_first(open_store: OpenStore) -> None:
    site_id = a_site(open_store).site.id
    set_policy(site_id, STRICT, by="cli:ann", open_store=open_store, now=NOW)

    listed = list_versions(site_id, open_store=open_store)

    assert [(each.version, each.by) for each in listed] == [(2, "cli:ann"), (1, "default")]
    assert listed[0].created_at == NOW


def test_going_back_copies_an_old_version_and_rewrites_nothing(open_store: OpenStore) -> None:
    site_id = a_site(open_store).site.id
    set_policy(site_id, STRICT, by="cli:ann", open_store=open_store, now=NOW)

    stored = roll_back(site_id, 1, by="cli:bob", open_store=open_store, now=NOW)

    assert stored.version == 3
    assert stored.document == write_policy(read_policy(DEFAULT_DOCUMENT, version=1))
    assert show_policy(site_id, version=2, open_store=open_store).document["rules"] == [
        {"signal": "toxicity", "at_least": 0.3, "action": "hold"}
    ]
    assert list_versions(site_id, open_store=open_store)[0].by == "cli:bob"


def test_a_document_that_is_no_policy_changes_nothing(open_store: OpenStore) -> None:
    site_id = a_site(open_store).site.id

    with pytest.raises(Invalid, match=r"rules\.0\.at_least"):
        set_policy(
            site_id,
            {"rules": [{"signal": "toxicity", "at_least": 2, "action": "hold"}]},
            by="cli",
            open_store=open_store,
            now=NOW,
        )
    assert show_policy(site_id, open_store=open_store).version == 1


@pytest.mark.parametrize("fault", ["\x00", "\ud800"])
@pytest.mark.parametrize("place", ["word", "key"])
def test_a_character_that_cannot_be_kept_is_refused(
    fault: str, place: str, sqlite_store: OpenStore
) -> None:
    site_id = a_site(sqlite_store).site.id
    lists = [{"name": "mine", "action": "hold", "words": [f"a{fault}b"]}]
    document: dict[str, Any] = (
        {"word_lists": lists} if place == "word" else {"sections": {f"a{fault}": {}}}
    )

    with pytest.raises(Invalid):
        set_policy(site_id, document, by="cli", open_store=sqlite_store, now=NOW)
    assert show_policy(site_id, open_store=sqlite_store).version == 1


@pytest.mark.parametrize("word", ["*", "**", " ", "* *", "\u200b", "\u2060*", "\u00ad\ufeff"])
def test_a_word_that_could_never_be_found_is_refused_and_named(
    word: str, sqlite_store: OpenStore
) -> None:
    site_id = a_site(sqlite_store).site.id
    lists = [
        {"name": "mild", "action": "hold", "words": ["darn"]},
        {"name": "slurs", "action": "reject", "words": ["turnip*", "!!!", word]},
    ]

    with pytest.raises(Invalid, match="nothing that could be found") as refused:
        set_policy(site_id, {"word_lists": lists}, by="cli", open_store=sqlite_store, now=NOW)
    assert refused.value.field == "word_lists.1.words.2"
    assert show_policy(site_id, open_store=sqlite_store).version == 1


def test_versions_and_sites_that_are_not_there_are_not_found(open_store: OpenStore) -> None:
    site_id = a_site(open_store).site.id

    with pytest.raises(NotFound):
        show_policy(site_id, version=7, open_store=open_store)
    with pytest.raises(NotFound):
        roll_back(site_id, 7, by="cli", open_store=open_store, now=NOW)
    with pytest.raises(NotFound):
        list_versions("nowhere", open_store=open_store)
    with pytest.raises(NotFound):
        set_policy("nowhere", STRICT, by="cli", open_store=open_store, now=NOW)


def test_signals_that_nobody_measures_are_told() -> None:
    policy = read_policy(
        {
            "rules": [{"signal": "toxicty", "at_least": 0.3, "action": "hold"}],
            "required": ["toxicity", "mood"],
            "sections": {
                "opinion": {"rules": [{"signal": "angr", "at_least": 0.1, "action": "hold"}]}
            },
            "base_rates": {"insult": 0.1, "insults": 0.1},
        },
        version=1,
    )

    assert unmeasured(policy) == ("angr", "insults", "mood", "toxicty")


def test_what_a_policy_requires_unsaid_is_told_for_the_site_and_sections_that_differ(
    sqlite_store: OpenStore,
) -> None:
    site_id = a_site(sqlite_store).site.id
    insults = [{"signal": "insult", "at_least": 0.5, "action": "hold"}]
    document = STRICT | {"sections": {"opinion": {"rules": insults}, "sports": {}}}

    stored = set_policy(site_id, document, by="cli", open_store=sqlite_store, now=NOW)

    told = stored_document(stored)
    assert told["document"]["required"] is None
    assert told["required"] == ["toxicity"]
    assert told["required_in_sections"] == {"opinion": ["insult", "toxicity"]}
    assert told["unmeasured"] == []
