"""Webhooks never reach an address that is not public, whatever spells it."""

from collections.abc import Iterator
from ipaddress import ip_address

import httpcore2
import pytest

from moderation.adapters.public_network import Deadline, LookUpFailed, PublicNetwork, look_up
from moderation.domain.webhook_url import is_public, read_webhook_url
from moderation.errors import Invalid
from tests.webhooks.receiver import Trap, a_receiver, a_trap
from tests.webhooks.sending import a_delivery_to, a_sender, a_webhook_at

PUBLIC = "93.184.215.14"

LOOPBACK_IN_DISGUISE = [
    "127.0.0.1",
    "127.0.0.2",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0X7F.1",
    "0177.0.0.1",
    "017700000001",
    "0",
    "0.0.0.0",  # noqa: S104 - an address to refuse
    "[::1]",
    "[::]",
    "[::127.0.0.1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
    "[2001:0:7f00:1::]",
    "[fe80::1%25lo]",
    "[fec0::1]",
    "[fc00::1]",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "foo.localhost",
    "localhost.localdomain",
    "printer.local",
    "db.internal",
    "router.lan",
    "nas.home.arpa",
    "redis",
    "redis.",
    "user@127.0.0.1",
    "news.example@127.0.0.1",
    "news.example:80@127.0.0.1",
    "127.0.0.1%00.news.example",
    "news.example%2f@127.0.0.1",
    "①②⑦.0.0.1",
    "127。0。0。1",
]


@pytest.fixture
def trap() -> Iterator[Trap]:
    with a_trap() as listening:
        yield listening


@pytest.mark.parametrize("host", LOOPBACK_IN_DISGUISE)
def test_no_spelling_of_an_inner_address_is_connected_to(trap: Trap, host: str) -> None:
    webhook = a_webhook_at(f"http://{host}:{trap.port}/")

    outcome = a_sender(allow_private=False).send(a_delivery_to(webhook), webhook)

    assert not outcome.delivered
    assert outcome.error is not None
    assert "refused" in outcome.error
    assert trap.connections == 0


@pytest.mark.parametrize("host", LOOPBACK_IN_DISGUISE)
def test_the_same_spellings_are_refused_when_a_webhook_is_made(host: str) -> None:
    with pytest.raises(Invalid, match="url: "):
        read_webhook_url(f"https://{host}/", allow_private=False)


@pytest.mark.parametrize(
    "answers",
    [
        ["127.0.0.1"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["64:ff9b::7f00:1"],
        ["169.254.169.254"],
        ["not an address"],
        [PUBLIC, "127.0.0.1"],
    ],
)
def test_a_public_name_that_leads_inside_is_not_connected_to(
    trap: Trap, answers: list[str]
) -> None:
    webhook = a_webhook_at(f"http://rebind.example:{trap.port}/")

    outcome = a_sender(allow_private=False, look_up=lambda _: answers).send(
        a_delivery_to(webhook), webhook
    )

    assert outcome.error == "the host leads to an address that is not public"
    assert trap.connections == 0


class NotedNetwork(httpcore2.NetworkBackend):
    """Notes where it should have connected to, and refuses."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def connect_tcp(self, host: str, *_: object, **__: object) -> httpcore2.NetworkStream:
        self.asked.append(host)
        raise httpcore2.ConnectError


def test_a_name_server_that_answers_differently_the_second_time_gains_nothing(trap: Trap) -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"], ["127.0.0.1"]])
    network = NotedNetwork()
    reach = PublicNetwork(
        Deadline.after(5), allow_private=False, look_up=lambda _: next(answers), network=network
    )

    with pytest.raises(httpcore2.ConnectError):
        reach.connect_tcp("rebind.example", trap.port)

    assert network.asked == [PUBLIC]
    assert next(answers) == ["127.0.0.1"]  # it was looked up once
    assert trap.connections == 0


def test_a_redirect_to_the_inside_is_not_followed(trap: Trap) -> None:
    with a_receiver() as receiver:
        receiver.answer = lambda _: 302
        receiver.headers["Location"] = f"http://127.0.0.1:{trap.port}/"
        webhook = a_webhook_at(receiver.url)

        outcome = a_sender().send(a_delivery_to(webhook), webhook)

    assert outcome.error == "answered 302; redirects are not followed"
    assert trap.connections == 0


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104 - an address to refuse
        "10.0.0.1",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:808:808::1",
        "3fff::1",
        "5f00::1",
        "fd00:ec2::254",
        "fe80::1",
        "ff02::1",
        "ff0e::1",
    ],
)
def test_such_an_address_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", PUBLIC, "2606:4700:4700::1111", "2a00:1450::1"])
def test_such_an_address_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("", "may hold only printable ASCII"),
        ("https://news.example/ ", "may hold only printable ASCII"),
        ("https://news.example\\@127.0.0.1/", "may hold only printable ASCII"),
        ("https://news.example/\r\nX: y", "may hold only printable ASCII"),
        ("https://news.example/" + "a" * 2048, "longer than 2048 characters"),
        ("news.example/hook", "must begin with https:// or http://"),
        ("ftp://news.example/", "must begin with https:// or http://"),
        ("file:///etc/passwd", "must begin with https:// or http://"),
        ("gopher://news.example/", "must begin with https:// or http://"),
        ("https://user:word@news.example/", "may hold no user name or password"),
        ("https://news.example/#part", "may hold no fragment"),
        ("https://", "names no host"),
        ("https:///hook", "names no host"),
        ("https://-news.example/", "names no host"),
        ("https://news..example/", "names no host"),
        ("https://" + ".".join(["a" * 60] * 5) + "/", "names no host"),
        ("https://[::1/", "is not a web address"),
        ("https://news.example:99999/", "is not a web address"),
        ("https://news.example:/", "has a colon without a port"),
        ("https://news.example:0/", "has a colon without a port"),
        ("https://news.example:22/", "the port must be 80, 443 or from 1024 up"),
        ("https://news.example:25/", "the port must be 80, 443 or from 1024 up"),
        ("https://1.2.3.0x4/", "write an IPv4 address as four decimal numbers"),
    ],
)
def test_an_address_that_no_receiver_has_is_refused_in_plain_words(url: str, problem: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_webhook_url(url, allow_private=False)

    assert refused.value.field == "url"
    assert refused.value.problem.startswith(problem)


@pytest.mark.parametrize(
    ("url", "host_header", "target"),
    [
        ("https://News.Example", "news.example", "/"),
        ("https://news.example:443/hook", "news.example", "/hook"),
        ("https://news.example.:8443/hook?a=1", "news.example:8443", "/hook?a=1"),
        ("http://xn--bcher-kva.example/a%20b", "xn--bcher-kva.example", "/a%20b"),
        ("http://8.8.8.8/", "8.8.8.8", "/"),
        ("https://[2606:4700:4700::1111]:8443/", "[2606:4700:4700::1111]:8443", "/"),
    ],
)
def test_an_address_that_a_receiver_may_have_is_taken_apart(
    url: str, host_header: str, target: str
) -> None:
    read = read_webhook_url(url, allow_private=False)

    assert (read.host_header, read.target) == (host_header, target)


@pytest.mark.parametrize("url", ["http://127.0.0.1:81/", "http://localhost/", "http://redis:80/"])
def test_private_addresses_can_be_allowed(url: str) -> None:
    assert read_webhook_url(url, allow_private=True).scheme == "http"


@pytest.mark.parametrize("url", ["http://a@127.0.0.1/", "http://127.1/", "http://2130706433/"])
def test_tricks_are_refused_even_then(url: str) -> None:
    with pytest.raises(Invalid):
        read_webhook_url(url, allow_private=True)


def test_the_systems_resolver_gives_each_address_once() -> None:
    assert look_up("127.0.0.1") == ["127.0.0.1"]


def test_the_systems_resolver_fails_in_our_words() -> None:
    with pytest.raises(LookUpFailed):
        look_up("no such host")


def test_a_name_with_an_empty_answer_leads_nowhere() -> None:
    reach = PublicNetwork(Deadline.after(5), allow_private=False, look_up=lambda _: [])

    with pytest.raises(LookUpFailed):
        reach.connect_tcp("empty.example", 443)


def test_once_the_time_is_over_nothing_is_connected_to(trap: Trap) -> None:
    reach = PublicNetwork(Deadline.after(0), allow_private=True)

    with pytest.raises(httpcore2.TimeoutException):
        reach.connect_tcp("127.0.0.1", trap.port)

    assert trap.connections == 0
