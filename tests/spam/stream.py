"""Comments on two sites, leased and measured as a worker does it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from moderation.domain.comment import Article, Author, Comment
from moderation.domain.signal import Scores
from moderation.domain.site import Site
from moderation.identifiers import new_id
from moderation.ports.store import OpenStore
from moderation.usecases.tracing import leave_traces
from tests.builders import NOW, a_site
from workers.scorers.company import CompanyScorer
from workers.scorers.conduct import ConductScorer
from workers.scorers.surroundings import Surroundings


@dataclass
class Stream:
    """Receives comments a minute apart and measures them eight at a time."""

    open_store: OpenStore
    site: Site = field(default_factory=a_site)
    now: datetime = NOW

    def __post_init__(self) -> None:
        with self.open_store() as store:
            store.add_site(self.site)

    def receive(
        self, body: str, *, author: str | None = None, every: float = 60, **known: Any
    ) -> Comment:
        self.now += timedelta(seconds=every)
        comment = Comment(
            id=new_id(self.now),
            site_id=self.site.id,
            body=body,
            received_at=self.now,
            author=Author(id=author),
            **{"article": Article(id="a1", url="https://news.example/1"), **known},
        )
        with self.open_store() as store:
            store.add_comment(comment)
        return comment

    def company(self, comments: Sequence[Comment]) -> list[Scores]:
        return self._measured(CompanyScorer(Surroundings(self.open_store)), comments)

    def conduct(self, comments: Sequence[Comment]) -> list[Scores]:
        return self._measured(ConductScorer(Surroundings(self.open_store)), comments)

    def posted(self, bodies: Sequence[str], **known: Any) -> list[Scores]:
        """Receive texts of as many authors, and say what company they are in."""
        return self.company(
            [self.receive(body, author=f"u{n}", **known) for n, body in enumerate(bodies)]
        )

    def _measured(
        self, scorer: CompanyScorer | ConductScorer, comments: Sequence[Comment]
    ) -> list[Scores]:
        found: list[Scores] = []
        for start in range(0, len(comments), 8):
            batch = comments[start : start + 8]
            leave_traces(self.open_store, batch)
            found += scorer.score(batch)
        return found
