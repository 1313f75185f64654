"""How a comment was written."""

from datetime import timedelta

import pytest

from moderation.domain.comment import Article, Author, Comment
from moderation.domain.spam.conduct import AUTHOR_WINDOWS, haste, is_robot, rate
from moderation.domain.spam.disposable import is_disposable
from moderation.domain.spam.domains import MOST, domains_elsewhere, is_common
from moderation.domain.spam.durations import duration_text
from moderation.domain.spam.hosts import site_of
from tests.builders import a_comment, a_site


@pytest.mark.parametrize(
    ("counts", "score", "told"),
    [
        ((1, 1), 1 / 30, "1 comment by this author in 10 minutes"),
        ((15, 20), 0.5, "15 comments by this author in 10 minutes"),
        ((3, 240), 0.8, "240 comments by this author in 24 hours"),
        ((30, 90), 1.0, "at least 30 comments by this author in 10 minutes"),
    ],
)
def test_the_fullest_window_is_the_rate(counts: tuple[int, int], score: float, told: str) -> None:
    found = rate(counts, AUTHOR_WINDOWS, whose="by this author")

    assert found.score == pytest.approx(score)
    assert found.told == told


@pytest.mark.parametrize(
    ("seconds", "length", "text"),
    [(0, 0, "1 minute"), (100, 0, "2 minutes"), (2_400, 0, "40 minutes"), (0, 26, "26 hours"),
     (0, 72, "3 days")],
)  # fmt: skip
def test_a_length_of_time_is_told_in_its_largest_unit(seconds: int, length: int, text: str) -> None:
    assert duration_text(timedelta(seconds=seconds, hours=length)) == text


@pytest.mark.parametrize(
    ("seconds", "chars", "low", "high"),
    [(0, 200, 1.0, 1.0), (1, 200, 0.85, 0.95), (60, 200, 0.0, 0.0), (5, 20, 0.0, 0.0)],
)
def test_haste_is_what_no_hand_can_type(
    seconds: float, chars: int, low: float, high: float
) -> None:
    assert low <= haste(seconds, chars) <= high


@pytest.mark.parametrize(
    "agent",
    [
        "",
        "  ",
        "python-requests/2.32",
        "curl/8.5",
        "Mozilla/5.0 HeadlessChrome/120",
        "Googlebot/2.1",
    ],
)
def test_a_program_is_no_reader(agent: str) -> None:
    assert is_robot(agent)


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1",
        "Mozilla/5.0 (Linux; Android 9; CUBOT X19) Chrome/130.0 Mobile Safari/537.36",
        "GazetteApp/4.2 (Android 14)",
    ],
)
def test_a_browser_or_an_app_is_no_robot(agent: str) -> None:
    assert not is_robot(agent)


@pytest.mark.parametrize(
    ("email", "expected"),
    [
        ("a@mailinator.com", True),
        ("A@Sub.YOPMAIL.com ", True),
        ("a@example.com", False),
        ("a@notmailinator.example", False),
        ("nonsense", False),
    ],
)
def test_addresses_of_a_minute_are_known(email: str, expected: bool) -> None:
    assert is_disposable(email) is expected


def linking(body: str, **known: object) -> Comment:
    article = Article(url="https://www.gazette.example/news/1")
    return a_comment(a_site(), body, article=article, **known)


def test_links_elsewhere_are_those_that_leave_the_site() -> None:
    comment = linking(
        "see hxxps://deals[.]pills-42.com/x, https://gazette.example/2 and https://pills-42.com",
        author=Author(url="https://me.blogspot.com/about"),
    )

    assert domains_elsewhere(comment) == ("pills-42.com", "me.blogspot.com")


def test_a_heap_of_links_is_cut_short() -> None:
    body = " ".join(f"https://a{number}.com" for number in range(150))

    assert len(domains_elsewhere(linking(body))) == MOST


def test_half_the_world_links_to_some_domains() -> None:
    assert is_common(site_of("en.wikipedia.org"))
    assert not is_common("pills-42.com")
