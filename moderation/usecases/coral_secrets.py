"""The signing secrets by which a site's Coral is known: kept sealed, shown never again."""

from datetime import datetime
from typing import Final

from moderation.domain.coral import CoralSecret, signed
from moderation.errors import Invalid
from moderation.identifiers import new_id
from moderation.ports.privacy import Privacy
from moderation.ports.store import OpenStore

_FEWEST_CHARS: Final = 16
_MOST_CHARS: Final = 512


def add_coral_secret(
    site_id: str, secret: str, *, open_store: OpenStore, privacy: Privacy, now: datetime
) -> CoralSecret:
    """Believe requests that are signed with *secret*, beside those of the site's other secrets.

    Raises:
        Invalid: It is no printable ASCII, or of a length that no signing secret has.
        NotFound: There is no such site.
    """
    if not (secret.isascii() and secret.isprintable()):
        raise Invalid("secret", "must be printable ASCII")
    if not _FEWEST_CHARS <= len(secret) <= _MOST_CHARS:
        raise Invalid("secret", f"must have {_FEWEST_CHARS} to {_MOST_CHARS} characters")
    kept = CoralSecret(id=new_id(now), site_id=site_id, secret=privacy.seal(secret), created_at=now)
    with open_store() as store:
        store.site(site_id)
        store.add_coral_secret(kept)
    return kept


def list_coral_secrets(site_id: str, *, open_store: OpenStore) -> list[CoralSecret]:
    """Return a site's secrets, sealed, oldest first.

    Raises:
        NotFound: There is no such site.
    """
    with open_store(reading=True) as store:
        store.site(site_id)
        return store.coral_secrets(site_id)


def delete_coral_secret(site_id: str, secret_id: str, *, open_store: OpenStore) -> None:
    """Believe no request any more that is signed with this secret alone.

    Raises:
        NotFound: The site has no such secret.
    """
    with open_store() as store:
        store.delete_coral_secret(site_id, secret_id)


def speaks_for(
    site_id: str, raw: bytes, header: str, *, open_store: OpenStore, privacy: Privacy
) -> bool:
    """Say whether a request's body is signed by the site's Coral.

    Args:
        site_id: As the request has it; it need not exist.
        raw: The body as it came.
        header: The signatures beside it.
        open_store: Opens the store.
        privacy: Unseals the secrets.

    Raises:
        StoreUnavailable: The secrets cannot be read.
    """
    with open_store(reading=True) as store:
        kept = store.coral_secrets(site_id)
    return signed(raw, header, [privacy.unseal(each.secret) for each in kept])
