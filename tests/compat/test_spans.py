"""Parts of any text, in the units that Perspective counts in."""

from hypothesis import given
from hypothesis import strategies as st

from moderation.compat.perspective.spans import MOST_SENTENCES, Utf16, sentences_of

letters = st.characters(exclude_categories=["Cs"])
texts = st.lists(
    st.sampled_from(["Well", " ", "\n", ". ", "!", "\U0001f600", "e\u0301", "\u05e9", "\u202e"])
    | letters
).map("".join)


@given(texts)
def test_offsets_are_those_of_the_encoded_text(text: str) -> None:
    units = Utf16(text)

    for end in range(len(text) + 1):
        assert units(end) == len(text[:end].encode("utf-16-le")) // 2


@given(texts | texts.map(lambda text: text * 20))
def test_parts_stand_apart_in_order_and_leave_out_nothing_but_space(text: str) -> None:
    places = sentences_of(text)

    assert len(places) <= MOST_SENTENCES
    at = 0
    for start, end in places:
        assert at <= start < end
        assert not text[at:start].strip()
        assert text[start:end] == text[start:end].strip()
        at = end
    assert not text[at:].strip()


def test_where_there_are_too_many_sentences_neighbours_go_together() -> None:
    places = sentences_of("Oh! " * 200)

    assert 25 <= len(places) <= MOST_SENTENCES
    assert len({end - start for start, end in places[:-1]}) == 1
