"""Load the shipped spam model, to teach on or to score with."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from moderation.domain.feedback import Lesson
from moderation.ports.teaching import Correction
from workers.spam.model import SHIPPED_SPAM, SpamModel

if TYPE_CHECKING:
    from workers.spam.teacher import SpamTeacher


class ShippedTeacher:
    """``ports.Teacher`` on the shipped model, loaded with scikit-learn once there is a lesson."""

    def __init__(self, folder: Path = SHIPPED_SPAM) -> None:
        self._folder = folder

    def teach(self, lessons: Sequence[Lesson]) -> Correction | None:
        """See ``ports.Teacher``.

        Raises:
            ModelUnavailable: There is no model to teach; what people said stays new.
        """
        return self._teacher.teach(lessons)

    @cached_property
    def _teacher(self) -> "SpamTeacher":
        from workers.scorers.content import ContentScorer  # noqa: PLC0415 - see the class
        from workers.spam.examples import shipped_examples  # noqa: PLC0415
        from workers.spam.teacher import ModelBase, SpamTeacher  # noqa: PLC0415

        base = ModelBase(SpamModel.read(self._folder), ContentScorer().score)
        return SpamTeacher(base, shipped_examples)
