"""Learn from new feedback: per site, a new version of the correction of its spam score."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from moderation.domain.correction import CorrectionVersion
from moderation.errors import StoreUnavailable
from moderation.ports.store import OpenStore
from moderation.ports.teaching import Teacher
from moderation.usecases.corrections import KEPT

logger = logging.getLogger(__name__)

BY: Final = "learning"
"""``CorrectionVersion.by`` of what was learnt."""

_OF_A_SOURCE: Final = 300
_OF_A_SITE: Final = 2_000
"""Lessons looked at: enough to learn from, few enough to be learnt in seconds."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """What came of a site's new feedback: how much was learnt, and how much was not.

    ``version`` is None if nothing was put in force.
    """

    site_id: str
    version: int | None = None
    learnt: int = 0
    refused: int = 0


def learn_feedback(
    teacher: Teacher,
    *,
    open_store: OpenStore,
    clock: Callable[[], datetime],
    stopping: Callable[[], bool] = lambda: False,
) -> list[Learnt]:
    """Let every site that has new feedback learn from it, together with what it said before.

    Teaching happens outside any transaction. The texts of comments are read for it and not
    kept; a comment that was erased teaches nothing any more. If nothing can be learnt, what
    was in force stays. A site whose lessons cannot be taught keeps none of the others waiting.

    Args:
        teacher: Makes the correction.
        open_store: Opens the store.
        clock: The present.
        stopping: Asked between sites; once true, the others wait for the next time.

    Raises:
        StoreUnavailable: The store is away; what was learnt before is in force.
    """
    with open_store(reading=True) as store:
        sites = store.sites_to_teach()
    learnt = []
    for site_id in sites:
        if stopping():
            break
        try:
            learnt.append(_learn(site_id, teacher, open_store=open_store, clock=clock))
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - its message may quote a comment
            logger.warning("site %s: nothing was learnt: %s", site_id, type(error).__name__)
    return learnt


def _learn(
    site_id: str, teacher: Teacher, *, open_store: OpenStore, clock: Callable[[], datetime]
) -> Learnt:
    read_at = clock()
    with open_store(reading=True) as store:
        before = store.correction_in_force(site_id)
        lessons = store.lessons(site_id, per_source=_OF_A_SOURCE, limit=_OF_A_SITE)
    taught = teacher.teach(lessons) if lessons else None
    heard = frozenset() if taught is None else taught.learnt
    learnt = [lesson.feedback.id for lesson in lessons if lesson.feedback.id in heard]
    refused = [lesson.feedback.id for lesson in lessons if lesson.feedback.id not in heard]
    version = None
    with open_store() as store:
        if taught is not None:
            made = CorrectionVersion(
                version=0, made_at=clock(), by=BY, learnt=len(learnt), refused=len(refused)
            )
            version = store.add_correction(site_id, made, taught.weights, after=before, keep=KEPT)
            if version is None:
                # Somebody rolled back, or was quicker: what was learnt may hold what they undid.
                return Learnt(site_id)
        settled = store.settle_feedback(
            site_id, learnt=learnt, refused=refused, version=version, until=read_at
        )
    new = sum(lesson.new and lesson.feedback.id in heard for lesson in lessons)
    return Learnt(site_id, version, new, settled - new)
