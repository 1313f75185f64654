"""Which correction of a site's is in force: looked up in the store, remembered for a moment."""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from moderation.errors import StoreUnavailable
from moderation.ports.store import OpenStore
from workers.spam.correction import SiteCorrection, Unreadable
from workers.spam.corrections import Correction

logger = logging.getLogger(__name__)

_BELIEVED_S: Final = 30.0
"""How long what is in force is not asked again."""

_MOST_SITES: Final = 256
"""Sites remembered; a correction takes some 160 kB."""


@dataclass(frozen=True, slots=True)
class _Known:
    correction: SiteCorrection | None
    version: int
    until: float


class StoredCorrections:
    """The newest version of each site, at most half a minute late; safe for threads.

    While the store is away, what was known stays in force. A version that this process cannot
    read, of other features say, counts as none.
    """

    def __init__(self, *, features: str, clock: Callable[[], float] = time.monotonic) -> None:
        """Know none until ``read_from`` says where they are.

        Args:
            features: The text model's ``features_version``.
            clock: Seconds.
        """
        self._open_store: OpenStore | None = None
        self._features = features
        self._clock = clock
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._lock = threading.Lock()

    def read_from(self, open_store: OpenStore) -> None:
        """Look them up there from now on. Scorers are loaded before there is a store."""
        self._open_store = open_store

    def for_site(self, site_id: str) -> Correction | None:
        with self._lock:
            known = self._known.get(site_id)
        now = self._clock()
        if self._open_store is None:
            return None
        if known is None or now >= known.until:
            known = self._looked_up(self._open_store, site_id, known, until=now + _BELIEVED_S)
            self._remember(site_id, known)
        return known.correction

    def _looked_up(
        self, open_store: OpenStore, site_id: str, known: _Known | None, *, until: float
    ) -> _Known:
        had = known or _Known(None, 0, until)
        try:
            with open_store(reading=True) as store:
                version = store.correction_in_force(site_id)
                if version == had.version:
                    return _Known(had.correction, version, until)
                raw = store.correction_weights(site_id, version)
        except StoreUnavailable:
            logger.warning("corrections: the store cannot be reached, going on with the last")
            return _Known(had.correction, had.version, until)
        return _Known(self._read(raw, version), version, until)

    def _read(self, raw: bytes, version: int) -> SiteCorrection | None:
        if not raw:
            return None
        try:
            correction = SiteCorrection.from_bytes(raw, version=version)
        except Unreadable as error:
            logger.warning("corrections: version %d cannot be read: %s", version, error)
            return None
        return correction if correction.features == self._features else None

    def _remember(self, site_id: str, known: _Known) -> None:
        with self._lock:
            self._known[site_id] = known
            self._known.move_to_end(site_id)
            if len(self._known) > _MOST_SITES:
                self._known.popitem(last=False)
