"""The service as ``moderation up`` runs it: the same programs with the same command lines."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx2

from moderation.adapters.sql_store import migrate
from moderation.bootstrap import Services, build_services
from moderation.data_folder import DataFolder, complete
from moderation.domain.comment import Article, Author, Comment
from moderation.settings import Settings
from moderation.supervisor.children import Program as Supervised
from moderation.supervisor.programs import API, metrics_url, service_programs
from moderation.usecases.sites import NewSite, create_site
from tests.builders import a_comment
from tests.chaos.programs import Program
from tests.servers import RedisServer, free_port
from tests.waiting import eventually

_WAKE_UPS: Final = 4
"""As many as the API leaves waiting when many comments come."""


@dataclass(frozen=True, slots=True)
class Service:
    """A running service with one site under the default policy."""

    settings: Settings
    services: Services
    port: int
    site: NewSite
    redis: RedisServer
    programs: dict[str, Program]

    def accept(self, texts: Sequence[str]) -> list[str]:
        """Store comments without waking a worker; return their ids."""
        added = [self._comment(number, text) for number, text in enumerate(texts)]
        with self.services.open_store() as store:
            for comment in added:
                store.add_comment(comment)
        return [comment.id for comment in added]

    def wake(self, ids: Sequence[str]) -> None:
        """Leave the wake-ups that so many accepted comments would have left."""
        for comment_id in ids[:_WAKE_UPS]:
            self.services.jobs.score(comment_id)

    def pending(self) -> int:
        with self.services.open_store(reading=True) as store:
            return store.backlog(limit=1_000_000).pending

    def _comment(self, number: int, text: str) -> Comment:
        return a_comment(
            self.site.site,
            text,
            received_at=self.services.now(),
            article=Article(id=f"a-{number % 20}", section="world"),
            author=Author(id=f"reader-{number % 500}", name="Jo"),
        )


@contextmanager
def service(*, scorers: int = 2, start: bool = True) -> Iterator[Service]:
    """Run the service in a folder of its own, and end it.

    Args:
        scorers: Scoring workers, one for each core.
        start: Whether to start its programs; Redis runs in any case.
    """
    with ExitStack() as stack:
        folder = DataFolder.of(
            Settings(data_dir=Path(stack.enter_context(tempfile.TemporaryDirectory())))
        )
        folder.create()
        redis = RedisServer()
        stack.callback(redis.close)
        settings = complete(Settings(data_dir=folder.root, redis_url=redis.url))
        migrate(settings)
        services = build_services(settings)
        stack.callback(services.close)
        site = create_site("Gazette", open_store=services.open_store, now=services.now())
        port = free_port()
        supervised = service_programs(settings, folder, port=port, scorers=scorers)
        programs = {each.name: _program(each, folder) for each in supervised}
        for program in programs.values():
            stack.callback(program.close)
            if start:
                program.start()
        if start:
            eventually(lambda: all(_ready(each, port) for each in supervised), within_s=60)
        yield Service(settings, services, port, site, redis, programs)


def _program(supervised: Supervised, folder: DataFolder) -> Program:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("MODERATION_")}
    return Program(
        supervised.command[1:],  # without the interpreter
        {
            **inherited,
            **supervised.environment,
            "MODERATION_DEMO": "false",
            "MODERATION_RATE_LIMIT": "100000/second",
            "MODERATION_SCORE_CACHE": "0",  # the same samples come again and again
        },
        folder.logs / f"{supervised.name}.log",
    )


def _ready(supervised: Supervised, port: int) -> bool:
    url = f"http://127.0.0.1:{port}/readyz"
    try:
        return httpx2.get(url if supervised.name == API else metrics_url(supervised)).is_success
    except httpx2.HTTPError:
        return False
