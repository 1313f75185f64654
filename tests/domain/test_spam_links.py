# ruff: noqa: RUF001 - letters that look like others are the subject here
import pytest

from moderation.domain.spam.hosts import host_of, is_within, site_of
from tests.domain.spamming import seen


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://www.Foo.com/x?y", "foo.com"), ("foo.com:80", "foo.com"), ("foo.com.", "foo.com"),
        ("http://user@foo.com", "foo.com"),
        ("http://1.2.3.4/", "1.2.3.4"), ("http://[::1]/", "::1"),
        ("http://localhost", None), ("javascript:alert(1)", None), ("http://[", None), ("", None),
        ("//", None), ("https://www.", None),
    ],
)  # fmt: skip
def test_the_host_of_an_address_is_found(address: str, host: str | None) -> None:
    assert host_of(address) == host


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("news.foo.com", "foo.com"), ("foo.com", "foo.com"), ("news.bbc.co.uk", "bbc.co.uk"),
        ("bbc.co.uk", "bbc.co.uk"), ("t.me", "t.me"), ("a.b.foo.com.au", "foo.com.au"),
        ("one.wordpress.com", "one.wordpress.com"), ("1.2.3.4", "1.2.3.4"), ("::1", "::1"),
        ("com.de", "com.de"), ("localhost", "localhost"),
    ],
)  # fmt: skip
def test_hosts_of_one_owner_are_one_site(host: str, site: str) -> None:
    assert site_of(host) == site


def test_a_host_below_a_listed_domain_is_within_it() -> None:
    assert is_within("a.b.bit.ly", frozenset({"bit.ly"}))
    assert not is_within("rabbit.ly", frozenset({"bit.ly"}))
    assert is_within(f"{'a.' * 100}bit.ly", frozenset({"bit.ly"}))


def test_links_to_the_site_itself_are_counted_and_otherwise_no_evidence() -> None:
    text = "Well written! See gazette.com/b and https://blog.gazette.com/ and www.gazette.com/c"

    assert seen("link_density", text).score == 0.6
    for signal in ("link_share", "disguised_link", "lookalike_link", "praise_with_link"):
        assert seen(signal, text).score == 0.0


def test_where_the_article_is_unknown_every_link_leads_away() -> None:
    assert seen("link_share", "https://gazette.com/", article=None).score == 1.0
    assert seen("link_share", "https://gazette.com/", article="http://localhost/").score == 1.0


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("no link", 0.0), ("https://foo.com/", 1.0), ("1234567 foo.com", 0.5),
        ("foo.com 1234567 foo.com", 2 / 3), ("foo.com foo.com/x foo.com", 1.0),
    ],
)  # fmt: skip
def test_the_share_of_links_counts_what_is_visible(text: str, share: float) -> None:
    assert seen("link_share", text).score == pytest.approx(share)


@pytest.mark.parametrize("link", ["bit.ly/x", "https://BIT.ly/x", "http://my.sho.rt/abc"])
def test_links_through_shorteners_are_found(link: str) -> None:
    found = seen("shortened_link", f"see {link} and foo.com")

    assert (found.score, found.places) == (1.0, [link])
    assert found.told == "a link through a shortener"


def test_listed_domains_are_found_also_in_the_authors_link() -> None:
    assert seen("blocked_link", "see http://casino.ru/").places == ["http://casino.ru/"]
    found = seen("blocked_link", "Well said.", author="https://www.spam.example/me")
    assert (found.score, found.places) == (1.0, [])
    assert seen("blocked_link", "Well said.", author="https://ann.example").score == 0.0
    assert seen("blocked_link", "Well said.", author="https://gazette.com/ann").score == 0.0


@pytest.mark.parametrize(
    "link",
    [
        "hxxp://evil[.]com/a", "hxxps://evil.com", "evil(dot)com", "evil dot com", "evil . com",
        "evil .com", "evil. com", "evil DOT net", "ｅｖｉｌ．ｃｏｍ", "ev\u200bil.com", "http://еvil.com",
        "𝐞𝐯𝐢𝐥.com", "http://xn--vil-qdd.com", "http://сосо.com", "w w w . evil",
    ],
)  # fmt: skip
def test_links_hidden_from_machines_are_found(link: str) -> None:
    found = seen("disguised_link", f"go to {link} now")

    assert (found.score, found.places) == (1.0, [link])


def test_a_bare_domain_is_a_weak_disguise() -> None:
    assert seen("disguised_link", "go to evil.com now").score == 0.25


@pytest.mark.parametrize(
    "text",
    [
        "", "https://foo.com and www.foo.com", "the dot com bubble", "every dot com company",
        "pets dot com boom", "so says gazette dot com", "thanks. info is here", "hey. ru ok",
        "ok.it", "the end.Then he left", "We need the .net framework",
        "I like sales. Commerce is fine", "https://müller.de/", "https://пример.рф/",
        "https://xn--mller-kva.de/", "https://παράδειγμα.gr", "a file.py", "me@evil.com",
        "https://gazette.com/ü", "see https://foo.com/é", "https://smørrebrød.dk", "http://cafe\u0301.fr",
        "https://łódź.pl", "https://tiếngviệt.vn",
    ],
)  # fmt: skip
def test_honest_links_and_words_are_no_disguise(text: str) -> None:
    assert seen("disguised_link", text).score == 0.0


@pytest.mark.parametrize(
    "host",
    [
        "gаzette.com", "gazétte.com", "gazzette.com", "gazete.com", "gaeztte.com", "gozette.com",
        "gazettes.com", "ga-zette.org", "gazette.com.evil.ru", "gazette-com.evil.ru", "g4zette.com",
        "xn--gaztte-dva.com", "gazette.com-login.ru",
    ],
)  # fmt: skip
def test_domains_that_look_like_the_sites_own_are_found(host: str) -> None:
    found = seen("lookalike_link", f"see http://{host}/ now and http://foo.com")

    assert found.score >= 0.7
    assert found.places == [f"http://{host}/"]
    assert found.told == "a link to an address that looks like this site's own"


@pytest.mark.parametrize(
    "text",
    [
        "http://gazette.com/", "http://news.gazette.com", "http://gazette.org", "http://foo.com",
        "http://lagazette.fr", "http://thegazette.com", "http://gazeta.ru", "http://1.2.3.4/", "https://müller.de",
    ],
)  # fmt: skip
def test_other_domains_do_not_look_like_the_sites_own(text: str) -> None:
    assert seen("lookalike_link", text).score == 0.0


def test_short_names_are_not_mistaken_for_each_other() -> None:
    assert seen("lookalike_link", "http://mall.com", article="https://mail.com/").score == 0.0
    assert seen("lookalike_link", "http://rnail.com", article="https://mailing.com/").score == 0.0
    assert seen("lookalike_link", "http://maii.com", article="https://maili.com/").score == 0.0


@pytest.mark.parametrize("article", ["https://gazette.com", None])
def test_raw_punycode_is_weak_evidence(article: str | None) -> None:
    found = seen("lookalike_link", "http://xn--mller-kva.de/", article=article)

    assert (found.score, found.told) == (0.25, "a web address in punycode")


def test_broken_punycode_is_read_as_it_stands() -> None:
    assert seen("disguised_link", "http://xn--é.com http://xn--99999999999.com").score == 0.0


@pytest.mark.parametrize(
    "markup",
    [
        "[http://paypal.com](http://evil.ru/x)", '<a href="http://evil.ru">www.paypal.com/login</a>',
        "[url=http://evil.ru]paypal.com[/url]", "[paypal.com]( <http://evil.ru>)", "[www.pay.live](http://evil.ru)",
        "<a class=x href=evil.ru/ target=_blank>PayPal.com</a>", '[URL="evil.ru"]bbc.co.uk[/URL]',
    ],
)  # fmt: skip
def test_a_link_that_shows_another_address_than_it_opens_is_found(markup: str) -> None:
    found = seen("mismatched_link", f"see {markup} now")

    assert found.score == 1.0
    assert len(found.places) == 1
    assert found.places[0] in markup


@pytest.mark.parametrize(
    "markup",
    [
        "[http://bbc.co.uk](https://www.bbc.co.uk/news)", "[click here](http://evil.ru)",
        '<a href="http://foo.com/">foo.com</a>', "[url=http://foo.com]news.foo.com/x[/url]",
        "[1.5 million](http://foo.com)", "[Mr.Smith](http://foo.com)", "[me@bar.com](http://foo.com)",
        "<a name=x>bar.com</a>", "[bar.com](#below)", "[bar.com](/page)", "[a note] (http://foo.com)",
        "[www.foo.live](http://foo.live)",
        "[Bar.com is bad](http://foo.com)", "[file.py](http://foo.com)",
    ],
)  # fmt: skip
def test_links_that_show_what_they_open_or_no_address_are_honest(markup: str) -> None:
    assert seen("mismatched_link", markup).score == 0.0


def test_a_site_of_a_foreign_name_is_itself_in_punycode_too() -> None:
    text = "https://xn--mller-kva.de/a https://müller.de/b"

    assert seen("link_share", text, article="https://www.müller.de/").score == 0.0
    assert seen("link_share", text, article="https://xn--mller-kva.de/").score == 0.0
