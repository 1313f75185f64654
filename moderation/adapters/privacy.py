"""Keyed hashes and sealed texts, all under keys derived from one secret."""

import base64
import hashlib
import hmac
from functools import cached_property
from typing import Final

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from moderation.settings import SettingsError

_KEY_BYTES: Final = 32


class KeyedPrivacy:
    """``ports.Privacy``: HMAC-SHA-256 pseudonyms, Fernet seals.

    Each use has a key of its own, derived by HKDF (RFC 5869), so that none of them says
    anything about another. Without a secret it can be built but not used: commands that
    keep nothing private need none.
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def pseudonym(self, value: str) -> str:
        return hmac.new(self._pseudonym_key, value.encode(), hashlib.sha256).hexdigest()

    def seal(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def unseal(self, sealed: str) -> str:
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise ValueError("not sealed under this service's secret") from None

    @cached_property
    def _pseudonym_key(self) -> bytes:
        return self._derive("pseudonyms")

    @cached_property
    def _fernet(self) -> Fernet:
        return Fernet(base64.urlsafe_b64encode(self._derive("seals")))

    def _derive(self, use: str) -> bytes:
        """Return the key for *use*.

        Raises:
            SettingsError: The service was started without a secret.
        """
        if not self._secret:
            raise SettingsError("MODERATION_SECRET: needed here, and not set")
        kdf = HKDF(
            algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=f"moderation {use}".encode()
        )
        return kdf.derive(self._secret.encode())
