"""Signs and posts webhooks by Standard Webhooks 1.0."""

import ssl
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Final

import httpcore2
from standardwebhooks import Webhook as Signer
from standardwebhooks.webhooks import EmptyWebhookSecretError

from moderation import __version__
from moderation.adapters.public_network import (
    AddressRefused,
    Deadline,
    LookUp,
    LookUpFailed,
    PublicNetwork,
    look_up,
)
from moderation.domain.delivery import Delivery, Webhook
from moderation.domain.webhook_url import WebhookUrl, read_webhook_url
from moderation.errors import Invalid
from moderation.ports.webhooks import Outcome

_GONE: Final = 410
_MOST_ANSWER_BYTES: Final = 65_536
_FAULTS: Final[dict[type[Exception], str]] = {
    AddressRefused: "the host leads to an address that is not public",
    LookUpFailed: "the host's name leads to no address",
    httpcore2.TimeoutException: "no answer in time",
    httpcore2.ConnectError: "no connection could be made",
    httpcore2.NetworkError: "the connection broke before an answer came",
    httpcore2.ProtocolError: "the answer was not HTTP",
}
"""In operator words; the first that fits counts."""


class StandardWebhookSender:
    """``ports.webhooks.WebhookSender`` over one fresh connection per attempt.

    The id and the body stay what they are over all attempts; the timestamp, and with it the
    signatures, are the attempt's own. Redirects are failures, proxies from the environment
    are not asked, and of the answer only the status counts.
    """

    def __init__(
        self,
        *,
        timeout_s: float,
        allow_private: bool,
        now: Callable[[], datetime],
        tls: ssl.SSLContext | None = None,
        look_up: LookUp = look_up,
        network: httpcore2.NetworkBackend | None = None,
    ) -> None:
        """Prepare to send.

        Args:
            timeout_s: For the whole attempt, from looking the name up to the answer.
            allow_private: Reach private addresses too.
            now: The wall clock, for timestamps and for which secrets are valid.
            tls: Which certificates to trust; None: those that the system trusts.
            look_up: The host's addresses; raises LookUpFailed if it has none.
            network: How to connect; None: by TCP.
        """
        self._timeout_s = timeout_s
        self._allow_private = allow_private
        self._now = now
        self._tls = tls or ssl.create_default_context()
        self._look_up = look_up
        self._network = network

    def send(self, delivery: Delivery, webhook: Webhook) -> Outcome:
        """Try once; *webhook* holds its secrets in the clear."""
        try:
            url = read_webhook_url(webhook.url, allow_private=self._allow_private)
        except Invalid as error:
            return Outcome(delivered=False, error=f"the address is refused: {error.problem}")
        try:
            headers = _signed(delivery, webhook, self._now())
        except (ValueError, EmptyWebhookSecretError):
            return Outcome(delivered=False, error="a secret of the webhook cannot sign")
        if headers is None:
            return Outcome(delivered=False, error="no secret of the webhook is valid any more")
        try:
            return _outcome(self._post(url, headers, delivery.body.encode()))
        except tuple(_FAULTS) as error:
            return Outcome(delivered=False, error=_words(error))

    def _post(self, url: WebhookUrl, headers: dict[str, str], body: bytes) -> int:
        """Return the status that the receiver answered with."""
        network = PublicNetwork(
            Deadline.after(self._timeout_s),
            allow_private=self._allow_private,
            look_up=self._look_up,
            network=self._network,
        )
        address = httpcore2.URL(
            scheme=url.scheme.encode(),
            host=url.host.encode(),
            port=url.port,
            target=url.target.encode(),
        )
        headers = {
            "host": url.host_header,
            "connection": "close",
            "content-type": "application/json",
            "user-agent": f"comment-moderation/{__version__}",
            **headers,
        }
        with (
            httpcore2.ConnectionPool(ssl_context=self._tls, network_backend=network) as pool,
            pool.stream("POST", address, headers=list(headers.items()), content=body) as answer,
        ):
            _read_off(answer)
            return answer.status


def _signed(delivery: Delivery, webhook: Webhook, now: datetime) -> dict[str, str] | None:
    """Return the three headers, signed with every valid secret; None if none is valid."""
    signatures = [
        Signer(secret).sign(msg_id=delivery.id, timestamp=now, data=delivery.body)
        for secret in webhook.signing(now)
    ]
    if not signatures:
        return None
    return {
        "webhook-id": delivery.id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _read_off(answer: httpcore2.Response) -> None:
    """Read what a well-behaved receiver says, so that it is not cut off; then leave it.

    The status has been read, so nothing that goes wrong from here changes the outcome.
    """
    received = 0
    with suppress(httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError):
        for chunk in answer.iter_stream():
            received += len(chunk)
            if received >= _MOST_ANSWER_BYTES:
                return


def _outcome(status: int) -> Outcome:
    if status // 100 == 2:  # noqa: PLR2004 - the class of successes
        return Outcome(delivered=True)
    if status == _GONE:
        return Outcome(delivered=False, error="answered 410: it wants no more", gone=True)
    if status // 100 == 3:  # noqa: PLR2004 - the class of redirects
        return Outcome(delivered=False, error=f"answered {status}; redirects are not followed")
    return Outcome(delivered=False, error=f"answered {status}")


def _words(error: Exception) -> str:
    if isinstance(error.__cause__ or error.__context__, ssl.SSLCertVerificationError):
        return "the certificate is not valid for the host"
    return next(words for kind, words in _FAULTS.items() if isinstance(error, kind))
