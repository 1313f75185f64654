"""Scores of texts by this service: by the model on this machine, or by a running one."""

import json
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from moderation.cli.engine import WORKERS
from moderation.cli.failing import Failed

Scores = Mapping[str, float]

_TIMEOUT_S: Final = 30.0
_TRIES: Final = 6
_OK: Final = 200
_AGAIN: Final = frozenset({429, 503})


def local_scores(texts: Sequence[str], *, language: str | None) -> list[Scores]:
    """Score texts by the model that the settings name; nothing leaves this machine.

    Raises:
        Failed: The model cannot be loaded, or fails on a text.
    """
    command = [*WORKERS, "score", *([] if language is None else [f"--language={language}"])]
    lines = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    ran = subprocess.run(  # noqa: S603 - our own workers
        command, input=lines, stdout=subprocess.PIPE, text=True, encoding="utf-8", check=False
    )
    answers: list[dict[str, Any]] = [json.loads(line) for line in ran.stdout.splitlines()]
    if len(answers) != len(texts):
        raise Failed("the texts could not be scored here; the reason is told above")
    failed = next((each["error"] for each in answers if "error" in each), None)
    if failed is not None:
        raise Failed(f"a text could not be scored here: {failed}")
    return [each["scores"] for each in answers]


def service_scores(
    texts: Sequence[str],
    url: str,
    key: str,
    *,
    language: str | None,
    progress: Callable[[], None],
) -> list[Scores]:
    """Score texts by the service at *url*, which stores none of them.

    Raises:
        Failed: It does not answer, or not to this key.
    """
    import httpx2

    headers = {"Authorization": f"Bearer {key}"}
    scored: list[Scores] = []
    with httpx2.Client(
        base_url=url, headers=headers, timeout=_TIMEOUT_S, trust_env=False
    ) as client:
        for text in texts:
            scored.append(_ask(client, {"text": text, "language": language}))
            progress()
    return scored


def _ask(client: Any, message: dict[str, Any]) -> Scores:
    import httpx2

    for tried in range(_TRIES):
        if tried:
            time.sleep(min(0.25 * 2**tried, 4.0))
        try:
            answer = client.post("/v1/score", json=message)
        except httpx2.TransportError:
            continue
        if answer.status_code == _OK:
            scores: Scores = answer.json()["scores"]
            return scores
        if answer.status_code not in _AGAIN:
            raise Failed(f"the service refuses to score, or this key: {answer.status_code}")
    raise Failed("the service does not answer")
