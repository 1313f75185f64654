import pytest

from moderation.adapters.privacy import KeyedPrivacy
from moderation.settings import SettingsError

ONE = KeyedPrivacy("one secret that is at least 32 characters")
OTHER = KeyedPrivacy("another secret of at least 32 characters")


def test_a_pseudonym_is_the_same_for_the_same_value_only_under_the_same_secret() -> None:
    assert ONE.pseudonym("ann@example.org") == ONE.pseudonym("ann@example.org")
    assert ONE.pseudonym("ann@example.org") != ONE.pseudonym("bob@example.org")
    assert ONE.pseudonym("ann@example.org") != OTHER.pseudonym("ann@example.org")
    assert len(ONE.pseudonym("")) == 64


@pytest.mark.parametrize("text", ["", "whsec_abc", "Grüße, 世界"])
def test_what_was_sealed_is_unsealed_and_unreadable_meanwhile(text: str) -> None:
    sealed = ONE.seal(text)

    assert ONE.unseal(sealed) == text
    assert not text or text not in sealed


@pytest.mark.parametrize(
    "sealed",
    ["", "not sealed", OTHER.seal("text"), ONE.seal("text")[:-4]],
    ids=["nothing", "plain", "by another secret", "cut short"],
)
def test_what_another_secret_sealed_or_somebody_changed_is_refused(sealed: str) -> None:
    with pytest.raises(ValueError, match="not sealed under"):
        ONE.unseal(sealed)


def test_without_a_secret_it_can_be_built_and_says_at_first_use_what_is_missing() -> None:
    privacy = KeyedPrivacy("")

    with pytest.raises(SettingsError, match="MODERATION_SECRET"):
        privacy.pseudonym("ann@example.org")
    with pytest.raises(SettingsError, match="MODERATION_SECRET"):
        privacy.seal("text")
