# ruff: noqa: RUF001 - characters that look like others are the subject here
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.domain.policy import Action, WordList
from moderation.domain.text import canonical
from moderation.domain.words import WordMatcher
from tests.domain.timing import best_seconds


@pytest.fixture(scope="module", autouse=True)
def _tables() -> None:
    """Build what is built at first use, which would count against the first example."""
    canonical("é")


def found(text: str, *words: str) -> list[tuple[str, str]]:
    matcher = WordMatcher([WordList("slurs", Action.HOLD, words)])
    return [
        (match.word, text[match.span.start : match.span.end])
        for match in matcher.find(canonical(text))
    ]


@pytest.mark.parametrize(
    "written",
    [
        "idiot", "IDIOT", "i.d.i.o.t", "1d10t", "іdіоt", "id\u200biot", "ｉｄｉｏｔ", "idiooooot",
        "iiidiottt", "í\u0336diot",
    ],
)  # fmt: skip
def test_a_word_is_found_however_it_is_written(written: str) -> None:
    assert found(f"you {written}!", "Idiot") == [("Idiot", written)]


@pytest.mark.parametrize("text", ["assassin", "class", "grass2", "as", "аssist", "asss2"])
def test_a_word_inside_another_is_not_found(text: str) -> None:
    assert found(text, "ass") == []


@pytest.mark.parametrize("text", ["ass.", "(ass)", "ass_", "dumb-ass", "ass's", "aaassss"])
def test_anything_but_letters_and_digits_parts_words(text: str) -> None:
    assert [word for word, _ in found(text, "ass")] == ["ass"]


@pytest.mark.parametrize(
    ("word", "text", "place"),
    [
        ("idiot*", "what idiotic talk", "idiotic"),
        ("*hole", "you arsehole", "arsehole"),
        ("*fuck*", "unfuckable", "unfuckable"),
        ("idiot*", "idiot", "idiot"),
    ],
)
def test_a_star_stands_for_more_letters(word: str, text: str, place: str) -> None:
    assert found(text, word) == [(word, place)]


@pytest.mark.parametrize(("word", "text"), [("idiot*", "unidiotic"), ("*hole", "holes")])
def test_a_star_opens_its_own_side_only(word: str, text: str) -> None:
    assert found(text, word) == []


@pytest.mark.parametrize("text", ["go to hell", "Go  to\n\thell", "go\u00a0to hell"])
def test_white_space_in_a_phrase_is_any_white_space(text: str) -> None:
    assert found(text, "go to  hell") == [("go to  hell", text)]


def test_scripts_without_spaces_need_no_bounds() -> None:
    assert found("你是傻瓜吗", "傻瓜") == [("傻瓜", "傻瓜")]


def test_words_of_other_scripts_are_found() -> None:
    assert found("он Дурак, да", "дурак") == [("дурак", "Дурак")]


def test_every_list_that_holds_a_word_reports_it_in_order() -> None:
    lists = [
        WordList("mild", Action.HOLD, ("fool", "old fool")),
        WordList("house", Action.REJECT, ("FOOL",)),
    ]

    matches = WordMatcher(lists).find(canonical("an old fool"))

    assert [(m.word_list, m.word, m.span.start, m.span.end, m.span.source) for m in matches] == [
        ("mild", "old fool", 3, 11, "mild"),
        ("house", "FOOL", 7, 11, "house"),
        ("mild", "fool", 7, 11, "mild"),
    ]


def test_empty_words_and_empty_lists_find_nothing() -> None:
    assert found("a b", "", "*", "\u200b", " ") == []
    assert WordMatcher([]).find(canonical("idiot")) == ()


def test_a_lone_surrogate_hurts_nothing() -> None:
    assert found("idiot \ud800", "idiot", "\udfff") == [("idiot", "idiot")]


@given(st.text(max_size=20), st.from_regex(r"(?:[bdfg][aeou]){2,4}", fullmatch=True))
def test_a_listed_word_is_found_where_it_stands(before: str, word: str) -> None:
    text = f"{before}\n\n- {word} -\n\n"

    assert (word, word) in found(text, word)


@pytest.mark.parametrize("repeated", ["ab", "a b ", "idioooot ", "ass", "e\u0301"])
def test_any_accepted_body_is_searched_quickly(repeated: str) -> None:
    matcher = WordMatcher([WordList("slurs", Action.HOLD, ("*a*", "*b", "ab*", "idiot", "ass"))])
    form = canonical((repeated * 20_000)[:20_000])

    assert best_seconds(lambda: matcher.find(form), enough=0.25) < 0.25
