"""Signatures of Coral's requests: who may speak for a site."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

_PREFIX: Final = "sha256="


@dataclass(frozen=True, slots=True, kw_only=True)
class CoralSecret:
    """A signing secret that Coral made and showed; it counts until it is deleted.

    A site has several while Coral changes from one to the next.
    """

    id: str
    site_id: str
    secret: str
    created_at: datetime


def signed(raw: bytes, header: str, secrets: Iterable[str]) -> bool:
    """Say whether *header* holds a signature of *raw* under one of the secrets.

    Coral writes several, with commas between them, while it changes its secret.
    """
    given = [
        each.strip().removeprefix(_PREFIX).lower()
        for each in header.split(",")
        if each.strip().startswith(_PREFIX)
    ]
    expected = [hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest() for secret in secrets]
    matches = [
        hmac.compare_digest(one.encode(), other.encode()) for one in given for other in expected
    ]
    return any(matches)
