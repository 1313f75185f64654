"""The whole service for clients that nobody here wrote: API, live and scoring worker, Redis."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from moderation.bootstrap import build_services
from moderation.domain.policy_document import DEFAULT_DOCUMENT
from moderation.settings import Settings
from tests.api.served import Server, serving
from tests.chaos.programs import Program, environment
from tests.waiting import eventually


@contextmanager
def running(settings: Settings, *lanes: str) -> Iterator[Server]:
    """Serve a new site with workers of these lanes, which are ready."""
    programs = [
        Program(["-m", "workers", lane], environment(settings), settings.data_dir / f"{lane}.log")
        for lane in lanes
    ]
    try:
        for program in programs:
            program.start()
        one = {"MODERATION_API_WORKERS": "1"}
        with serving(settings, **one) as server:
            eventually(lambda: _scored(server), within_s=60)
            yield server
    finally:
        for program in programs:
            program.close()


def policy(settings: Settings, **changes: Any) -> None:
    """Give the only site another policy: the default with *changes*."""
    services = build_services(settings)
    document: Mapping[str, Any] = {**DEFAULT_DOCUMENT, **changes}
    with services.open_store() as store:
        [site] = store.sites()
        store.add_policy(site.id, document, by="test", now=services.now())
    services.close()


def _scored(server: Server) -> bool:
    return server.post("/v1/score", {"text": "Well said."}).status_code == 200
