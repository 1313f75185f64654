"""What is the same text in other words, and what only seems so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.domain.spam.fingerprint import SKETCH, packed, similarity, sketch, unpacked
from moderation.domain.text import canonical
from tests.domain.timing import best_seconds
from tests.spam.campaigns import TEMPLATES, campaign

LONG = (
    "The harbour tunnel was meant to cost forty million and has swallowed ninety, while the ferry"
    " that carried commuters for decades was scrapped to pay for consultants."
)
OTHER = (
    "My grandmother baked plum cake every September, and the whole street knew by the smell of"
    " cinnamon that summer holidays were over and lessons about to begin."
)


def sketched(text: str, answered: str | None = None) -> tuple[int, ...]:
    parent = None if answered is None else canonical(answered).text
    return sketch(canonical(text).text, answered=parent)


@pytest.mark.parametrize("name", TEMPLATES)
def test_copies_in_other_words_are_more_alike_than_strangers(name: str) -> None:
    one, other = map(sketched, campaign(name, 2))

    assert similarity(one, other) > 0.1
    assert similarity(one, sketched(LONG)) < 0.03


def test_a_text_is_wholly_like_itself_and_nothing_like_another() -> None:
    assert similarity(sketched(LONG), sketched(LONG)) == 1.0
    assert similarity(sketched(LONG), sketched(OTHER)) == 0.0
    assert similarity(sketched(LONG), ()) == 0.0


@pytest.mark.parametrize(
    "disguised",
    [LONG.upper(), LONG.replace("o", "\u043e"), LONG.replace(" ", " \U0001f525 "), f"{LONG} 1234!"],
)
def test_a_disguise_changes_nothing(disguised: str) -> None:
    assert similarity(sketched(LONG), sketched(disguised)) > 0.9


@pytest.mark.parametrize(
    "short",
    [
        "I agree",
        "great article",
        "lol",
        "",
        "Couldn't have said it better myself!",
        "1 2 3 4 5" * 9,
    ],
)
def test_what_many_people_say_is_too_short_to_compare(short: str) -> None:
    assert sketched(short) == ()


@pytest.mark.parametrize(
    "reply",
    [f"> {LONG}\nNo.", f'"{LONG}" \u2013 really?', f"\u201c{LONG}\u201d So true.", f"{LONG} No."],
)
def test_words_of_others_are_not_ones_own(reply: str) -> None:
    assert sketched(reply, answered=LONG) == ()


def test_what_is_only_a_quotation_is_the_text() -> None:
    assert sketched(f'"{LONG}"') == sketched(LONG)


def test_a_script_without_spaces_has_pairs_as_well() -> None:
    text = (
        "\u6211\u7684\u90bb\u5c45\u5728\u5bb6\u5de5\u4f5c\u6bcf\u5468\u8d5a\u4e94"
        "\u767e\u7f8e\u5143\u8bf7\u770b\u6211\u7684\u4e2a\u4eba\u8d44\u6599"
    )

    assert similarity(sketched(text), sketched(text[4:])) > 0.5


@given(st.text(max_size=300))
def test_every_text_has_a_sketch_that_can_be_kept(text: str) -> None:
    found = sketched(text)

    assert len(found) <= SKETCH
    assert unpacked(packed(found)) == found


def test_a_long_text_takes_a_moment() -> None:
    letters = "abcdefghij"
    words = (f"{a}{b}{c}{d}e" for a in letters for b in letters for c in letters for d in letters)
    long = " ".join(words)[:20_000]

    assert best_seconds(lambda: sketch(long), enough=0.05) < 0.05
    assert len(sketch(long)) == SKETCH
