"""The application behind real HTTP, with a scorer whose model is a list of words."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import httpx2
from werkzeug.serving import WSGIRequestHandler, make_server

from moderation.api.app import create_app
from moderation.bootstrap import Services, build_services
from moderation.domain.signal import Span
from moderation.errors import ScoringUnavailable
from moderation.ports.scorer import PLAIN, ScoredText, Wanted
from moderation.settings import Settings
from moderation.usecases.sites import create_site
from tests.api.desk import Unlimited
from tests.fakes import GERMAN, RecordedJobs

MODEL_HASH = "c0ffee" + "0" * 58
SIGNALS = (
    "toxicity",
    "severe_toxicity",
    "identity_attack",
    "insult",
    "obscene",
    "threat",
    "spam",
    "gibberish",
)


@dataclass
class Asked:
    text: str
    language: str | None
    timeout_s: float
    wanted: Wanted


@dataclass
class WordInstant:
    """``ports.InstantScoring``: 0.75 for a text with a turnip, else 0.125, in English only."""

    down: bool = False
    asked: list[Asked] = field(default_factory=list)

    def score(
        self, text: str, *, language: str | None, timeout_s: float, wanted: Wanted = PLAIN
    ) -> ScoredText:
        self.asked.append(Asked(text, language, timeout_s, wanted))
        if self.down:
            raise ScoringUnavailable
        at = text.find("turnip")
        return ScoredText(
            self._scores(text, language),
            (Span(at, at + 6, "toxicity"),) if wanted.words and at >= 0 else (),
            tuple(self._scores(text[start:end], language) for start, end in wanted.parts),
            "de" if language is None and text == GERMAN else None,
            MODEL_HASH,
        )

    def _scores(self, text: str, language: str | None) -> dict[str, float]:
        if language not in {None, "en", "en-GB"}:
            return {"gibberish": 0.0}
        return dict.fromkeys(SIGNALS, 0.75 if "turnip" in text else 0.125)


class _Silent(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        """Say nothing."""


@dataclass(frozen=True)
class Service:
    """A served application, and a site that asks it."""

    url: str
    services: Services
    instant: WordInstant
    limits: Unlimited
    site_id: str
    key: str

    def begin_again(self) -> None:
        self.instant.down, self.limits.refusing = False, False
        self.instant.asked.clear()

    def post(self, path: str, body: Any, **more: Any) -> httpx2.Response:
        more.setdefault("params", {"key": self.key})
        return httpx2.post(self.url + path, json=body, **more)

    def analyze(self, text: str, **more: Any) -> httpx2.Response:
        message = {"comment": {"text": text}, "requestedAttributes": {"TOXICITY": {}}, **more}
        return self.post("/v1alpha1/comments:analyze", message)

    def suggest(self, token: str, scores: dict[str, float], **more: Any) -> httpx2.Response:
        suggested = {name: {"summaryScore": {"value": score}} for name, score in scores.items()}
        message = {
            "comment": {"text": "A fair point."},
            "attributeScores": suggested,
            "clientToken": token,
            **more,
        }
        return self.post("/v1alpha1/comments:suggestscore", message)

    def submitted(self, external_id: str) -> str:
        """Submit a comment natively and return its id."""
        answer = httpx2.post(
            f"{self.url}/v1/comments",
            json={"body": "A fair point.", "external_id": external_id},
            headers={"Authorization": f"Bearer {self.key}"},
        )
        assert answer.status_code == 202, answer.text
        return str(answer.json()["id"])

    def opinions(self) -> list[tuple[str, bool]]:
        """Return what was kept to be learnt from, as comment ids and whether they are spam."""
        with self.services.open_store(reading=True) as store:
            lessons = store.lessons(self.site_id, per_source=99, limit=99)
            return [(each.feedback.comment_id, each.feedback.spam) for each in lessons]


@contextmanager
def serving(settings: Settings) -> Iterator[Service]:
    """Serve a new site at a free port, without Redis."""
    services = build_services(settings.model_copy(update={"redis_url": "redis://127.0.0.1:1/0"}))
    instant, limits = WordInstant(), Unlimited()
    services = replace(services, instant=instant, limits=limits, jobs=RecordedJobs())
    new = create_site("Gazette", open_store=services.open_store, now=services.now())
    server = make_server(
        "127.0.0.1", 0, create_app(services), threaded=True, request_handler=_Silent
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        url = f"http://127.0.0.1:{server.server_port}"
        yield Service(url, services, instant, limits, new.site.id, new.issued.secret)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        services.close()
