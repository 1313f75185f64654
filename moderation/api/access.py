"""Who may call: decorators that check the key and hand its holder to the view.

A blueprint is made by ``make_blueprint(services, access)``; below its route a view says
whom it serves. The decorators read from the top: key first, then what the request brings::

    @bp.post("/v1/comments")
    @access.site_key()
    @takes(SubmitBody)
    def submit(*, site_id: str, body: SubmitBody) -> Response: ...
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from hashlib import sha256
from typing import Any, Final

from flask import request

from moderation.api.headers import idempotency_key
from moderation.api.reading import View, described, expect_no_query
from moderation.bootstrap import Services
from moderation.domain.site import Key
from moderation.errors import Forbidden, NotFound, Unauthorized
from moderation.usecases.keys import authenticate
from moderation.usecases.readers import Reader

_KNOWN_S: Final = 2.0
"""How long a valid key is believed without asking the store. Revoking takes that long."""

_MOST_KNOWN: Final = 10_000

_CHANGING: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})

SITE_KEY: Final = "SiteKey"
MODERATOR_TOKEN: Final = "ModeratorToken"  # noqa: S105 - a name
ADMIN_KEY: Final = "AdminKey"
HOLDERS: Final = {
    SITE_KEY: "a site's key",
    MODERATOR_TOKEN: "a moderator's token",
    ADMIN_KEY: "an admin key",
}
"""The kinds of key, by their names in the API document."""


@dataclass(frozen=True, slots=True)
class _Known:
    key: Key
    until: float


class Access:
    """Checks Authorization headers, and counts requests against each key's limit."""

    def __init__(self, services: Services, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._services = services
        self._clock = clock
        self._known: dict[bytes, _Known] = {}
        self._lock = threading.Lock()

    def reader(self) -> Callable[[View], View]:
        """Serve a site or a moderator; the view gets ``reader``."""
        return self._serve((SITE_KEY, MODERATOR_TOKEN), "reader", _reader)

    def site_key(self) -> Callable[[View], View]:
        """Serve a site; the view gets ``site_id``."""
        return self._serve((SITE_KEY,), "site_id", lambda key: key.site_id)

    def moderator_token(self) -> Callable[[View], View]:
        """Serve a moderator; the view gets ``moderator_id``."""
        return self._serve((MODERATOR_TOKEN,), "moderator_id", lambda key: key.moderator_id)

    def admin_key(self) -> Callable[[View], View]:
        """Serve an administrator; the view gets ``admin_id``, the id of the key."""
        return self._serve((ADMIN_KEY,), "admin_id", lambda key: key.id if key.is_admin else None)

    def site_of(self, secret: str) -> str:
        """Return the site that *secret* is a key of, for edges that find keys elsewhere.

        Counts the request against the key's limit.

        Raises:
            Unauthorized: It is no valid key of a site.
            RateLimited: The key sent too much.
        """
        key = self._valid(secret)
        if key.site_id is None:
            raise Unauthorized
        self._services.limits.take(key.id)
        return key.site_id

    def _serve(
        self, needed: Sequence[str], name: str, holder_of: Callable[[Key], str | Reader | None]
    ) -> Callable[[View], View]:
        def decorate(view: View) -> View:
            has_query = "args" in getattr(view, "_spec", {})

            @wraps(view)
            def guarded(**given: Any) -> Any:
                key = self._present_key()
                self._services.limits.take(key.id)
                holder = holder_of(key)
                if holder is None:
                    raise Forbidden(" or ".join(HOLDERS[each] for each in needed))
                if not has_query:
                    expect_no_query(request)
                if request.method in _CHANGING:
                    idempotency_key(request)  # malformed, it is refused even where it does nothing
                return view(**{name: holder}, **given)

            return described(guarded, security=[{each: []} for each in needed])

        return decorate

    def _present_key(self) -> Key:
        """Return the key that the request presents.

        Raises:
            Unauthorized: There is none, or it is not valid.
        """
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise Unauthorized
        return self._valid(secret)

    def _valid(self, secret: str) -> Key:
        digest = sha256(secret.encode()).digest()
        now = self._clock()
        known = self._known.get(digest)
        if known is not None and now < known.until:
            return known.key
        key = self._check(secret.strip())
        self._remember(digest, _Known(key, now + _KNOWN_S))
        return key

    def _check(self, secret: str) -> Key:
        services = self._services
        key = authenticate(secret, open_store=services.open_store, now=services.now())
        if key.moderator_id is not None:
            with services.open_store(reading=True) as store:
                try:
                    active = store.moderator(key.moderator_id).active
                except NotFound:
                    active = False
            if not active:
                raise Unauthorized
        return key

    def _remember(self, digest: bytes, known: _Known) -> None:
        with self._lock:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[digest] = known


def _reader(key: Key) -> Reader | None:
    if key.is_admin:
        return None
    return Reader(site_id=key.site_id, moderator_id=key.moderator_id)
