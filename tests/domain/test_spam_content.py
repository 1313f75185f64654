# ruff: noqa: RUF001 - letters that look like others are the subject here
"""What holds for all content signals alike."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.domain.signal import SIGNALS
from moderation.domain.spam.content import CONTENT, content_scores
from tests.domain.spamming import HOME, LISTS
from tests.domain.timing import best_seconds

SPAM = (
    "GREAT BLOG, THANKS FOR SHARING EVERYTHING HERE!!! hxxp://gаzette.com "
    "[bbc.com](http://bit.ly/x) http://casino.ru whatsapp: +44 7700 900123 sdkjfhsdkjf, "
    "bookmark your weblog"
)


@pytest.fixture(scope="module", autouse=True)
def _tables() -> None:
    """Build what is built at first use, which would count against the first example."""
    content_scores("é.com", lists=LISTS)


def test_every_content_signal_is_registered() -> None:
    assert CONTENT.keys() <= SIGNALS.keys()


def test_spam_of_every_kind_is_told_and_shown() -> None:
    scores = content_scores(SPAM, lists=LISTS, article_url=HOME)

    assert [signal for signal in CONTENT if scores[signal] == 0.0] == []
    silent = {"link_density"}
    assert scores.told.keys() == CONTENT.keys() - silent
    assert {place.source for place in scores.places} == CONTENT.keys() - silent


def test_clauses_quote_nothing_of_the_comment() -> None:
    told = " ".join(content_scores(SPAM, lists=LISTS, article_url=HOME).told.values())

    assert not any(word in told for word in ("bit.ly", "casino", "7700", "sdkj", "weblog"))


PIECES = st.sampled_from(
    [
        "http://", "foo", ".com", "[", "](", ")", "<a href=", ">", "</a", "[url=", "]", "[/url",
        "@", "GREAT ", "call ", "+44 ", "0123456789", " dot com", "xn--", "é", "İ", "\u202e",
        "\u200b",
        "ﷺ", "!!!!", " ", "t.me/", "whatsapp ", "nice blog ", "а", "𝐁𝐔𝐘 ", "\n", "sdkjfhsdkjf",
        "fastidious piece of writing",
    ]
)  # fmt: skip


@settings(max_examples=200)
@given(
    st.lists(PIECES, max_size=20).map("".join) | st.text(max_size=60),
    st.sampled_from([None, HOME, "http://[", "é", "http://((.com"]),
    st.sampled_from([None, "http://foo.com", "nonsense", "//\u2100.com", "http://xn--a.com"]),
)
def test_any_text_is_measured_within_its_bounds(
    text: str, article: str | None, author: str | None
) -> None:
    scores = content_scores(text, lists=LISTS, article_url=article, author_url=author)

    assert scores.keys() == CONTENT.keys()
    assert all(0.0 <= score <= 1.0 for score in scores.values())
    assert all(0 <= place.start < place.end <= len(text) for place in scores.places)


HOSTILE = [
    "a", "A", "A ", "AAAA BBBB CCCC ", "1", "1 ", "1-", "+1", "@", "@a", "a@", "a@a.", "call ", "!",
    "! ", "[", "](", "[a](", "[a](b", "<a ", "<a href=", "<a>a</a", "[url=", "[url=a]", "a dot ",
    "aaa dot com ", "a .", "t.me/", "whatsapp ", "telegram id id id ", "text ", "text me to ",
    "http://a.com/ ", "a.com ", "0x", "0xa", "bc1", "1B", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy ",
    "nice ", "nice and ", "thank you ", "keep ", "i will ", "asdf", "qzxj", "xn--a.com ", "é",
    "\u202e",
    "GREAT BLOG http://bit.ly/x ", "A.", "A-", "it's ", "fastidious piece of ", "discord on on on ",
    "http://xn--aaa.com ", "(", "<", "]", " ", "\n", "www.", "𝐀", "а", "ААА.com ",
]  # fmt: skip


@pytest.mark.parametrize("repeated", HOSTILE)
def test_any_accepted_body_is_measured_in_a_tenth_of_a_second(repeated: str) -> None:
    text = (repeated * 20_000)[:20_000]

    taken = best_seconds(
        lambda: content_scores(text, lists=LISTS, article_url=HOME), enough=0.1, runs=10
    )
    assert taken < 0.1


@pytest.mark.parametrize(
    "varied",
    ["http://a{}.com/ ", "http://xn--a{}.com/ ", "[a{}.com](http://b{}.com) ", "@a{} dm ", "a{}z"],
)
def test_links_and_names_that_all_differ_are_measured_in_a_tenth_of_a_second(varied: str) -> None:
    text = "".join(varied.replace("{}", str(i)) for i in range(5000))[:20_000]

    taken = best_seconds(
        lambda: content_scores(text, lists=LISTS, article_url=HOME), enough=0.1, runs=10
    )
    assert taken < 0.1
