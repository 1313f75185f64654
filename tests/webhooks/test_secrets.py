import pytest
from standardwebhooks import Webhook as Verifier

from moderation.domain.delivery import WebhookSecret
from moderation.errors import Invalid
from moderation.usecases.webhook_secrets import (
    check_webhook_secret,
    new_webhook_secret,
    sealed,
    unsealed,
)
from tests.usecases.given import PRIVACY
from tests.webhooks.sending import a_webhook_at


def test_a_new_secret_is_good_and_never_the_same() -> None:
    one, other = new_webhook_secret(), new_webhook_secret()

    check_webhook_secret(one)
    Verifier(one)
    assert one != other


@pytest.mark.parametrize(
    ("secret", "problem"),
    [
        ("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "must begin with whsec_"),
        ("whsec_naïve", "must be base64 after whsec_"),
        ("whsec_abc$", "must be base64 after whsec_"),
        ("whsec_c2hvcnQ=", "must hold 24 to 64 bytes"),
        ("whsec_" + "QUFB" * 30, "must hold 24 to 64 bytes"),
    ],
)
def test_a_secret_that_cannot_sign_is_refused(secret: str, problem: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_webhook_secret(secret)

    assert refused.value.problem == problem


def test_secrets_are_sealed_and_come_back_as_they_were() -> None:
    webhook = a_webhook_at("https://news.example/", WebhookSecret(new_webhook_secret()))

    kept = sealed(webhook, PRIVACY)

    assert webhook.secrets[0].secret not in repr(kept)
    assert unsealed(kept, PRIVACY) == webhook
