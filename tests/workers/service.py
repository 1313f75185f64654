"""Workers as processes around a real store and a real Redis."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rq import Queue
from rq.registry import StartedJobRegistry

from moderation.adapters.redis_client import make_worker_redis
from moderation.adapters.rq_jobs import SCORING
from moderation.bootstrap import Services, build_services
from moderation.domain.comment import Comment, Status
from moderation.domain.policy_document import DEFAULT_DOCUMENT
from moderation.domain.site import Site
from moderation.settings import Settings
from tests.builders import a_comment
from tests.chaos.programs import Program, environment
from tests.waiting import eventually


@dataclass
class Workers:
    """A site, and worker processes that can be started for it. Closed by the fixture."""

    settings: Settings
    services: Services
    site: Site
    logs: Path
    programs: list[Program] = field(default_factory=list)

    def start(self, *command: str, **more: str) -> Program:
        program = Program(
            ["-m", *command],
            environment(self.settings, **more),
            self.logs / f"{len(self.programs)}.log",
        )
        self.programs.append(program)
        program.start()
        return program

    def submit(self, *bodies: str, wake: bool = True) -> list[Comment]:
        """Store comments as the API does: commit first, then a wake-up."""
        comments = [a_comment(self.site, body, received_at=self.services.now()) for body in bodies]
        for comment in comments:
            with self.services.open_store() as store:
                store.add_comment(comment)
            if wake:
                self.services.jobs.score(comment.id)
        return comments

    def status(self, comment: Comment) -> Status:
        with self.services.open_store(reading=True) as store:
            return store.comment(self.site.id, comment.id).status

    def pending(self) -> int:
        with self.services.open_store(reading=True) as store:
            return store.backlog(limit=100_000).pending

    def all_decided(self, within_s: float) -> None:
        eventually(lambda: not self.pending(), within_s=within_s)

    def idle(self) -> bool:
        """Say whether no job is waiting or running."""
        with make_worker_redis(self.settings) as redis:
            running = StartedJobRegistry(SCORING, connection=redis)
            return not Queue(SCORING, connection=redis).count and not running.count

    def decisions(self, comments: list[Comment]) -> Counter[str]:
        """Count the automatic decisions of each comment."""
        with self.services.open_store(reading=True) as store:
            return Counter(
                comment.id
                for comment in comments
                for _ in store.decisions(self.site.id, comment.id)
            )


def workers_for(settings: Settings, logs: Path) -> Iterator[Workers]:
    """Yield a site with one policy; afterwards end every program and show what it said."""
    services = build_services(settings)
    site = Site(
        id="018f0000-0000-7000-8000-000000000001", name="The Gazette", created_at=services.now()
    )
    with services.open_store() as store:
        store.add_site(site)
        store.add_policy(site.id, DEFAULT_DOCUMENT, by="test", now=services.now())
    workers = Workers(settings, services, site, logs)
    try:
        yield workers
    finally:
        for program in workers.programs:
            program.close()
        services.close()
        for program in workers.programs:
            if said := program.log.read_text():
                print(f"--- {' '.join(program.command)}\n{said}")  # noqa: T201
