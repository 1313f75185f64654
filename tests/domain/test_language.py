import pytest

from moderation.domain.language import LANGUAGES, covers, name_of, primary


@pytest.mark.parametrize("tag", ["en", "en-GB", "EN_us", "en-Latn-GB-oed"])
def test_only_the_first_part_of_a_tag_names_the_language(tag: str) -> None:
    assert primary(tag) == "en"


@pytest.mark.parametrize(
    ("languages", "covered"),
    [([], False), (["nl"], False), (["nl", "de"], True), (["*"], True)],
)
def test_a_language_is_covered_by_name_or_by_a_star(languages: list[str], covered: bool) -> None:
    assert covers(languages, "de-AT") is covered


def test_every_language_is_listed_by_the_tag_that_names_it() -> None:
    assert all(primary(code) == code for code in LANGUAGES)
    assert len(set(LANGUAGES.values())) == len(LANGUAGES)


def test_a_language_without_a_name_is_quoted() -> None:
    assert (name_of("de-AT"), name_of("tlh")) == ("German", "'tlh'")
