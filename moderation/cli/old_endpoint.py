"""An old service that speaks Perspective, asked text by text, no faster than it allows."""

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from moderation.cli.failing import Failed
from moderation.cli.migrate_texts import OldText

if TYPE_CHECKING:
    import httpx2

_METHOD: Final = "comments:analyze"
_VERSION: Final = "v1alpha1"
_TIMEOUT_S: Final = 20.0
_TRIES: Final = 6
_FIRST_PAUSE_S: Final = 2.0
_LONGEST_PAUSE_S: Final = 30.0
_BUSY: Final = 429
_BAD: Final = 400
_OK: Final = 200
_BROKEN: Final = 500
_OF_KEYS: Final = frozenset({"API_KEY_INVALID", "CREDENTIALS_MISSING", "API_KEY_SERVICE_BLOCKED"})


def host_of(url: str) -> str:
    """Return the host, and port, that *url* leads to.

    Raises:
        Failed: It is no address of a web service.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Failed(f"{url} is not an http or https address")
    return parts.netloc.rpartition("@")[2]


class OldEndpoint:
    """Scores texts at *url*, with a pause between them; asks it to store nothing.

    Messages of failures quote neither texts nor the key.
    """

    def __init__(self, url: str, key: str, *, per_second: float) -> None:
        self._host = host_of(url)
        self._url = _address(url)
        self._key = key
        self._pause_s = 1 / per_second

    def score(
        self,
        texts: Sequence[OldText],
        attributes: Sequence[str],
        *,
        language: str | None,
        progress: Callable[[], None],
    ) -> list[OldText]:
        """Return the texts with what the service told of them; one it refuses has no scores.

        Raises:
            Failed: It does not answer, or not to this key.
        """
        import httpx2

        message: dict[str, Any] = {
            "requestedAttributes": {name: {} for name in attributes},
            "doNotStore": True,
            "dropUnsupportedAttributes": True,
            **({} if language is None else {"languages": [language]}),
        }
        scored = []
        with httpx2.Client(timeout=_TIMEOUT_S, trust_env=False) as client:
            for number, each in enumerate(texts):
                if number:
                    time.sleep(self._pause_s)
                answer = self._ask(client, {**message, "comment": {"text": each.text}})
                scored.append(OldText(each.text, _scores(answer)))
                progress()
        return scored

    def _ask(self, client: "httpx2.Client", message: dict[str, Any]) -> dict[str, Any]:
        """Return an answer; an empty one for a text that is refused."""
        import httpx2

        for tried in range(_TRIES):
            if tried:
                time.sleep(min(_FIRST_PAUSE_S * 2 ** (tried - 1), _LONGEST_PAUSE_S))
            try:
                answer = client.post(self._url, params={"key": self._key}, json=message)
            except httpx2.TransportError:
                continue
            if answer.status_code == _OK:
                return _object(answer)
            if answer.status_code == _BUSY or answer.status_code >= _BROKEN:
                continue
            told = _object(answer)
            if answer.status_code == _BAD and not _of_the_key(told):
                return {}
            raise Failed(f"{self._host} refuses the key, or this address: {answer.status_code}")
        raise Failed(f"{self._host} does not answer")


def _address(url: str) -> str:
    """Complete a base address, with or without the version, to the method's."""
    base = url.rstrip("/")
    if base.endswith(_METHOD):
        return base
    return f"{base}/{_METHOD}" if base.endswith(_VERSION) else f"{base}/{_VERSION}/{_METHOD}"


def _object(answer: "httpx2.Response") -> dict[str, Any]:
    try:
        told = answer.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _of_the_key(told: dict[str, Any]) -> bool:
    """Say whether a refusal is about the key, not the text."""
    error = told.get("error")
    details = error.get("details") if isinstance(error, dict) else None
    reasons = {each.get("reason") for each in details or () if isinstance(each, dict)}
    return bool(reasons & _OF_KEYS)


def _scores(answer: dict[str, Any]) -> dict[str, float]:
    scores = {}
    for name, told in (answer.get("attributeScores") or {}).items():
        summary = told.get("summaryScore") if isinstance(told, dict) else None
        value = summary.get("value") if isinstance(summary, dict) else None
        if isinstance(value, int | float) and 0 <= value <= 1:
            scores[name] = float(value)
    return scores
