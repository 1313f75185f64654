"""A site's policy: show it, replace it by a new version, go back to an old one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moderation.domain.policy import Policy, required_for
from moderation.domain.policy_document import read_policy, write_policy
from moderation.domain.signal import SIGNALS
from moderation.domain.text import fault_in_unicode
from moderation.domain.words import pattern_of
from moderation.errors import Invalid, InvalidUnicode
from moderation.ports.store import OpenStore


@dataclass(frozen=True, slots=True)
class StoredPolicy:
    """One version of a site's policy as a document."""

    version: int
    document: dict[str, Any]


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """When a version was put in force, and by whom."""

    version: int
    created_at: datetime
    by: str


def show_policy(site_id: str, *, version: int | None = None, open_store: OpenStore) -> StoredPolicy:
    """Return a version of the site's policy; without one, the version in force.

    Raises:
        NotFound: There is no such site or version.
    """
    with open_store(reading=True) as store:
        store.site(site_id)
        return StoredPolicy(*store.policy_document(site_id, version))


def set_policy(
    site_id: str, document: Mapping[str, Any], *, by: str, open_store: OpenStore, now: datetime
) -> StoredPolicy:
    """Put a new version in force, written out in full so that later defaults change nothing.

    Raises:
        Invalid: The document is not a policy, or lists a word that could never be found; the
            field is named, dotted.
        InvalidUnicode: It holds a character that no database can keep.
        NotFound: There is no such site.
    """
    policy = read_policy(document, version=0)
    whole = write_policy(policy)
    for text in _texts(whole):
        fault = fault_in_unicode(text)
        if fault is not None:
            raise InvalidUnicode("policy", fault)
    _check_words(policy)
    with open_store() as store:
        store.site(site_id)
        return StoredPolicy(store.add_policy(site_id, whole, by=by, now=now), whole)


def list_versions(site_id: str, *, open_store: OpenStore) -> list[PolicyVersion]:
    """Return the versions of the site's policy, newest first.

    Raises:
        NotFound: There is no such site.
    """
    with open_store(reading=True) as store:
        store.site(site_id)
        return [PolicyVersion(*version) for version in store.policy_versions(site_id)]


def roll_back(
    site_id: str, version: int, *, by: str, open_store: OpenStore, now: datetime
) -> StoredPolicy:
    """Put a copy of an old version in force as a new one: history is never rewritten.

    Raises:
        NotFound: There is no such site or version.
    """
    with open_store() as store:
        store.site(site_id)
        _, document = store.policy_document(site_id, version)
        return StoredPolicy(store.add_policy(site_id, document, by=by, now=now), document)


@dataclass(frozen=True, slots=True)
class Required:
    """The signals without which nothing is approved, sorted.

    ``sections`` names only sections that need others than the rest of the site.
    """

    site: tuple[str, ...]
    sections: dict[str, tuple[str, ...]]


def required(policy: Policy) -> Required:
    """Return what a policy requires, said or unsaid."""
    site = required_for(policy, None)
    by_section = {name: required_for(policy, name) for name in policy.sections}
    return Required(
        tuple(sorted(site)),
        {name: tuple(sorted(need)) for name, need in by_section.items() if need != site},
    )


def unmeasured(policy: Policy) -> tuple[str, ...]:
    """Return the signals that a policy names but the service does not know by itself.

    Most often a slip of the pen: a rule on such a signal never fires, and a comment that
    requires it is always held. Yet a model brought along may emit it, so it is no fault.
    """
    rules = (*policy.rules, *(rule for part in policy.sections.values() for rule in part.rules))
    named = {rule.signal for rule in rules} | (policy.required or frozenset())
    return tuple(sorted((named | policy.base_rates.keys()) - SIGNALS.keys()))


def stored_document(stored: StoredPolicy) -> dict[str, Any]:
    """Return a stored version as JSON, beside what follows from its document."""
    policy = read_policy(stored.document, version=stored.version)
    needed = required(policy)
    return {
        "version": stored.version,
        "document": stored.document,
        "required": list(needed.site),
        "required_in_sections": {name: list(need) for name, need in needed.sections.items()},
        "unmeasured": list(unmeasured(policy)),
    }


def _check_words(policy: Policy) -> None:
    """Only new documents are checked: a list of thousands takes a while."""
    for place, words in enumerate(policy.word_lists):
        for which, word in enumerate(words.words):
            if not pattern_of(word):
                field = f"word_lists.{place}.words.{which}"
                raise Invalid(field, "holds nothing that could be found in a text")


def _texts(value: Any) -> Iterator[str]:
    """Yield every text in a document, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield key
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
