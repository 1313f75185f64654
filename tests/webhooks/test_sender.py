"""What a receiver gets, and what becomes of each way in which it may answer."""

import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from standardwebhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from moderation.adapters.public_network import LookUpFailed
from moderation.domain.delivery import WebhookSecret
from moderation.ports.webhooks import Outcome
from moderation.usecases.webhook_secrets import new_webhook_secret
from tests.servers import free_port
from tests.webhooks.receiver import Receiver, a_listener, a_receiver
from tests.webhooks.sending import BODY, a_delivery_to, a_sender, a_webhook_at, present


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with a_receiver() as running:
        yield running


def sent_to(url: str, *, timeout_s: float = 5.0) -> Outcome:
    webhook = a_webhook_at(url)
    return a_sender(timeout_s=timeout_s).send(a_delivery_to(webhook), webhook)


@pytest.mark.parametrize("off_by_s", [-299, 0, 299])
def test_a_receiver_verifies_a_message_while_clocks_differ_by_less_than_five_minutes(
    receiver: Receiver, off_by_s: int
) -> None:
    webhook = a_webhook_at(receiver.url)
    delivery = a_delivery_to(webhook)

    sender = a_sender(now=lambda: present() + timedelta(seconds=off_by_s))
    outcome = sender.send(delivery, webhook)

    assert outcome == Outcome(delivered=True)
    [got] = receiver.received
    assert Verifier(webhook.secrets[0].secret).verify(got.body, got.headers) == json.loads(BODY)
    assert got.headers["webhook-id"] == delivery.id
    assert got.headers["content-type"] == "application/json"


@pytest.mark.parametrize("off_by_s", [-301, 302])
def test_a_message_that_is_older_or_newer_than_that_is_refused(
    receiver: Receiver, off_by_s: int
) -> None:
    webhook = a_webhook_at(receiver.url)

    a_sender(now=lambda: present() + timedelta(seconds=off_by_s)).send(
        a_delivery_to(webhook), webhook
    )

    [got] = receiver.received
    with pytest.raises(WebhookVerificationError, match="timestamp"):
        Verifier(webhook.secrets[0].secret).verify(got.body, got.headers)


def test_each_attempt_has_its_own_timestamp_and_the_same_id_and_body(receiver: Receiver) -> None:
    webhook = a_webhook_at(receiver.url)
    delivery = a_delivery_to(webhook)
    first, second = present() - timedelta(seconds=60), present()
    moments = iter([first, second])
    sender = a_sender(now=lambda: next(moments))

    sender.send(delivery, webhook)
    sender.send(delivery, webhook)

    one, other = receiver.received
    assert (one.body, one.headers["webhook-id"]) == (other.body, other.headers["webhook-id"])
    assert [int(got.headers["webhook-timestamp"]) for got in (one, other)] == [
        int(first.timestamp()),
        int(second.timestamp()),
    ]
    Verifier(webhook.secrets[0].secret).verify(one.body, one.headers)
    Verifier(webhook.secrets[0].secret).verify(other.body, other.headers)


def test_while_a_secret_is_rotated_receivers_with_either_can_verify(receiver: Receiver) -> None:
    new, old, ended = (new_webhook_secret() for _ in range(3))
    webhook = a_webhook_at(
        receiver.url,
        WebhookSecret(new),
        WebhookSecret(old, present() + timedelta(hours=1)),
        WebhookSecret(ended, present() - timedelta(seconds=1)),
    )

    a_sender().send(a_delivery_to(webhook), webhook)

    [got] = receiver.received
    assert len(got.headers["webhook-signature"].split(" ")) == 2
    Verifier(new).verify(got.body, got.headers)
    Verifier(old).verify(got.body, got.headers)
    with pytest.raises(WebhookVerificationError):
        Verifier(ended).verify(got.body, got.headers)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_success_is_a_delivery(receiver: Receiver, status: int) -> None:
    receiver.answer = lambda _: status

    assert sent_to(receiver.url) == Outcome(delivered=True)


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 307, 308])
def test_a_redirect_is_a_failure_and_is_not_followed(receiver: Receiver, status: int) -> None:
    with a_receiver() as elsewhere:
        receiver.answer = lambda _: status
        receiver.headers["Location"] = elsewhere.url

        outcome = sent_to(receiver.url)

        assert outcome == Outcome(
            delivered=False, error=f"answered {status}; redirects are not followed"
        )
        assert elsewhere.received == []


@pytest.mark.parametrize("status", [400, 401, 404, 413, 429, 500, 503])
def test_any_other_answer_is_a_failure(receiver: Receiver, status: int) -> None:
    receiver.answer = lambda _: status

    assert sent_to(receiver.url) == Outcome(delivered=False, error=f"answered {status}")


def test_410_says_that_the_receiver_wants_no_more(receiver: Receiver) -> None:
    receiver.answer = lambda _: 410

    assert sent_to(receiver.url).gone


def test_the_path_and_query_of_the_address_arrive(receiver: Receiver) -> None:
    sent_to(receiver.url + "/a%20b?site=1&x=%2F")

    assert receiver.received[0].path == "/hook/a%20b?site=1&x=%2F"


def test_the_host_header_names_the_port(receiver: Receiver) -> None:
    sent_to(receiver.url)

    assert receiver.received[0].headers["host"] == f"127.0.0.1:{receiver.port}"


def test_a_proxy_from_the_environment_is_not_asked(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_receiver() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)

        assert sent_to(receiver.url).delivered
        assert proxy.received == []


def test_nobody_listening_is_a_failure() -> None:
    outcome = sent_to(f"http://127.0.0.1:{free_port()}/")

    assert outcome == Outcome(delivered=False, error="no connection could be made")


def test_a_name_without_an_address_is_a_failure() -> None:
    def nothing(_: str) -> list[str]:
        raise LookUpFailed

    webhook = a_webhook_at("https://gone.example/")
    outcome = a_sender(look_up=nothing).send(a_delivery_to(webhook), webhook)

    assert outcome == Outcome(delivered=False, error="the host's name leads to no address")


def test_a_resolver_that_hangs_costs_no_more_than_the_time_of_an_attempt() -> None:
    answered = threading.Event()

    def hang(_: str) -> list[str]:
        answered.wait(10)
        return []

    webhook = a_webhook_at("https://slow.example/")
    started = time.monotonic()
    outcome = a_sender(timeout_s=0.2, look_up=hang).send(a_delivery_to(webhook), webhook)
    took = time.monotonic() - started
    answered.set()

    assert outcome == Outcome(delivered=False, error="no answer in time")
    assert took < 1.5


def test_the_next_address_is_tried_when_the_first_does_not_answer(receiver: Receiver) -> None:
    webhook = a_webhook_at(receiver.url.replace("127.0.0.1", "hooks.example"))

    outcome = a_sender(look_up=lambda _: ["::1", "127.0.0.1"]).send(a_delivery_to(webhook), webhook)

    assert outcome.delivered
    assert receiver.received[0].headers["host"] == f"hooks.example:{receiver.port}"


def drip(before: bytes, drop: bytes) -> Iterator[int]:
    """Listen, say *before*, then *drop* again and again, quickly enough for any read time-out."""

    def serve(connection: socket.socket, over: threading.Event) -> None:
        connection.recv(65_536)
        connection.sendall(before)
        while not over.wait(0.05):
            connection.sendall(drop)

    with a_listener(serve) as listener:
        yield listener.port


@pytest.fixture
def dripping_headers() -> Iterator[int]:
    yield from drip(b"HTTP/1.1 200 OK\r\n", b"x-drop: 1\r\n")


@pytest.fixture
def dripping_body() -> Iterator[int]:
    yield from drip(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n", b".")


def test_headers_that_come_in_drops_are_cut_off(dripping_headers: int) -> None:
    started = time.monotonic()

    outcome = sent_to(f"http://127.0.0.1:{dripping_headers}/", timeout_s=0.5)

    assert outcome == Outcome(delivered=False, error="no answer in time")
    assert time.monotonic() - started < 2


def test_a_body_that_comes_in_drops_is_cut_off_and_the_status_counts(dripping_body: int) -> None:
    started = time.monotonic()

    outcome = sent_to(f"http://127.0.0.1:{dripping_body}/", timeout_s=0.5)

    assert outcome == Outcome(delivered=True)
    assert time.monotonic() - started < 2


def test_an_endless_body_is_read_no_further_than_needed() -> None:
    def pour(connection: socket.socket, over: threading.Event) -> None:
        connection.recv(65_536)
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n")
        while not over.is_set():
            connection.sendall(b"." * 65_536)

    with a_listener(pour) as listener:
        started = time.monotonic()
        outcome = sent_to(f"http://127.0.0.1:{listener.port}/", timeout_s=10)

    assert outcome == Outcome(delivered=True)
    assert time.monotonic() - started < 5


def test_an_answer_that_is_not_http_is_a_failure() -> None:
    def chat(connection: socket.socket, _: threading.Event) -> None:
        connection.recv(65_536)
        connection.sendall(b"220 mail.example ESMTP\r\n")
        # To close with something unread would reset the connection, and the answer might be lost.
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65_536):
            pass

    with a_listener(chat) as listener:
        outcome = sent_to(f"http://127.0.0.1:{listener.port}/")

    assert outcome == Outcome(delivered=False, error="the answer was not HTTP")


def test_a_connection_that_breaks_is_a_failure() -> None:
    def hang_up(connection: socket.socket, _: threading.Event) -> None:
        connection.recv(65_536)

    with a_listener(hang_up) as listener:
        outcome = sent_to(f"http://127.0.0.1:{listener.port}/")

    assert not outcome.delivered


@pytest.mark.parametrize(
    ("secrets", "error"),
    [
        ((WebhookSecret("whsec_*"),), "a secret of the webhook cannot sign"),
        (
            (WebhookSecret(new_webhook_secret(), datetime(2020, 1, 1, tzinfo=UTC)),),
            "no secret of the webhook is valid any more",
        ),
    ],
)
def test_without_a_secret_that_signs_nothing_is_sent(
    receiver: Receiver, secrets: tuple[WebhookSecret, ...], error: str
) -> None:
    webhook = a_webhook_at(receiver.url, *secrets)

    assert a_sender().send(a_delivery_to(webhook), webhook).error == error
    assert receiver.received == []


def a_certificate(folder: Path, host: str) -> Path:
    """Return a file with a key and a certificate of its own for *host*."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(present() - timedelta(days=1))
        .not_valid_after(present() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return file


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return a_certificate(tmp_path, "hooks.example")


@pytest.fixture
def secured(certificate: Path) -> Iterator[Receiver]:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    with a_receiver(tls) as running:
        yield running


def test_tls_checks_the_name_although_the_connection_goes_to_an_address(
    secured: Receiver, certificate: Path
) -> None:
    webhook = a_webhook_at(f"https://hooks.example:{secured.port}/hook")
    sender = a_sender(
        tls=ssl.create_default_context(cafile=str(certificate)), look_up=lambda _: ["127.0.0.1"]
    )

    assert sender.send(a_delivery_to(webhook), webhook) == Outcome(delivered=True)
    assert secured.received[0].headers["host"] == f"hooks.example:{secured.port}"


@pytest.mark.parametrize("host", ["other.example", "127.0.0.1"])
def test_a_certificate_for_another_name_is_refused(
    secured: Receiver, certificate: Path, host: str
) -> None:
    webhook = a_webhook_at(f"https://{host}:{secured.port}/hook")
    sender = a_sender(
        tls=ssl.create_default_context(cafile=str(certificate)), look_up=lambda _: ["127.0.0.1"]
    )

    outcome = sender.send(a_delivery_to(webhook), webhook)

    assert outcome == Outcome(delivered=False, error="the certificate is not valid for the host")
    assert secured.received == []
