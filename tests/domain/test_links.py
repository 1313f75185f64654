# ruff: noqa: RUF001 - characters that look like others are the subject here
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.domain.links import MAX_LINKS, MAX_LOOKS, find_links
from tests.domain.timing import best_seconds


@pytest.fixture(scope="module", autouse=True)
def _tables() -> None:
    """Build what is built at first use, which would count against the first example."""
    find_links("é.com")


def found(text: str) -> list[str]:
    return [text[link.start : link.end] for link in find_links(text)]


@pytest.mark.parametrize(
    "link",
    [
        "http://foo.com/x?y=1#z", "https://www.foo.co.uk", "ftp://foo.org/a_(b)", "foo.com",
        "FOO.COM", "www.foo.live", "bit.ly/abc", "so.it/page", "foo.com:8080/x", "http://1.2.3.4/x",
        "http://localhost:80", "http://пример.рф/", "пример.рф", "a.b.c.d.example.net",
    ],
)  # fmt: skip
def test_links_are_found_with_and_without_scheme(link: str) -> None:
    assert found(f"see ({link}), or {link}.") == [link]


@pytest.mark.parametrize(
    "link",
    [
        "hxxp://evil[.]com/a", "hxxps[:]//evil.com", "evil(.)com", "evil (dot) com", "evil[dot]com",
        "evil{.}com", "h**p://evil.com", "ｅｖｉｌ．ｃｏｍ", "evil。com", "evil\u200b.com",
        "hxxp:\\\\evil.com",
    ],
)  # fmt: skip
def test_links_written_for_people_only_are_found(link: str) -> None:
    assert found(f"go to {link} now") == [link]


@pytest.mark.parametrize(
    "text",
    [
        "", "no link", "the party.It was fun", "great.so is that", "this is live.now", "e.g. i.e.",
        "file.py readme.md", "me@evil.com", "mailto:me@evil.com", "http://", "http:// x", "U.S.A.",
        "end.The", "a.notatld/x", "hello.Com", "http://-", "the dot com bubble",
        "-foo.com-",
    ],
)  # fmt: skip
def test_what_is_no_link_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_each_link_counts_once_where_it_stands_first() -> None:
    text = "foo.com http://foo.com/ HTTPS://WWW.foo.com www.foo.com foo.com/x bar.com foo.com"

    assert found(text) == ["foo.com", "foo.com/x", "bar.com"]


def test_a_link_says_which_signal_it_belongs_to() -> None:
    assert {link.source for link in find_links("foo.com")} == {"link_density"}


def test_counting_stops_at_a_limit_that_no_policy_reaches() -> None:
    assert len(find_links("".join(f"a{i}.com " for i in range(2000)))) == MAX_LINKS


def test_looking_stops_where_only_decoys_follow_each_other() -> None:
    decoys = [f"http://-{i} " for i in range(MAX_LOOKS)]

    assert found("".join(decoys[1:]) + "evil.com") == ["evil.com"]
    assert found("".join(decoys) + "evil.com") == []


@given(st.text(alphabet="ab.:/@[]()hxtpwcom -\n", max_size=80) | st.text(max_size=40))
def test_links_do_not_overlap_and_lie_within_the_text(text: str) -> None:
    links = find_links(text)

    assert all(0 <= link.start < link.end <= len(text) for link in links)
    assert all(a.end <= b.start for a, b in pairwise(links))


HOSTILE = [
    "word and prose, ", "a.", "http://", "@", "[.]", "a@", "a.com ", "http://a.b/((((", "a@a.", "x",
    "www.", "a-", ".com", "a.com/", "//", "mailto:", "a.it/ ", "a.com:", "www.a.it- ", "hxxp://",
    "http://é.com ", "(dot) ", "http://@",
]  # fmt: skip


@pytest.mark.parametrize("repeated", HOSTILE)
def test_any_accepted_body_is_searched_in_50_ms(repeated: str) -> None:
    assert _best((repeated * 20_000)[:20_000]) < 0.05


@pytest.mark.parametrize("decoy", ["http://-{} ", "-{}.com- ", "http://a{}_ ", "www.-{}.com- "])
def test_decoys_that_all_differ_are_searched_in_50_ms(decoy: str) -> None:
    assert _best("".join(decoy.format(i) for i in range(2000))[:20_000]) < 0.05


def _best(text: str) -> float:

    return best_seconds(lambda: find_links(text), enough=0.05)
