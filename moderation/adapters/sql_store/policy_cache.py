"""Policies in memory. A version never changes, so one that was read stays right."""

from collections import OrderedDict
from threading import Lock
from typing import Final

from moderation.domain.policy import Policy

_MOST: Final = 256
"""Policies kept; one with long word lists takes about a megabyte."""


class PolicyCache:
    """The policies used last, by row id; safe for threads.

    By row id, not by (site, version): a version that was rolled back may come again with
    another content.
    """

    def __init__(self) -> None:
        self._policies: OrderedDict[str, Policy] = OrderedDict()
        self._lock = Lock()

    def get(self, row_id: str) -> Policy | None:
        with self._lock:
            policy = self._policies.get(row_id)
            if policy is not None:
                self._policies.move_to_end(row_id)
            return policy

    def put(self, row_id: str, policy: Policy) -> None:
        with self._lock:
            self._policies[row_id] = policy
            if len(self._policies) > _MOST:
                self._policies.popitem(last=False)
