"""Load the shipped spam model, to teach on or to score with."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from moderation.domain.feedback import Lesson
from moderation.ports.teaching import Correction

if TYPE_CHECKING:
    from workers.spam.teacher import SpamTeacher

SHIPPED: Final = Path(__file__).parents[1] / "models" / "spam"


class ShippedTeacher:
    """``ports.Teacher`` on the shipped model, loaded with scikit-learn once there is a lesson."""

    def __init__(self, folder: Path = SHIPPED) -> None:
        self._folder = folder

    def teach(self, lessons: Sequence[Lesson]) -> Correction | None:
        """See ``ports.Teacher``.

        Raises:
            ModelUnavailable: There is no model to teach; what people said stays new.
        """
        return self._teacher.teach(lessons)

    @cached_property
    def _teacher(self) -> "SpamTeacher":
        from workers.spam.examples import shipped_examples  # noqa: PLC0415 - see the class
        from workers.spam.teacher import SpamTeacher, TextBase  # noqa: PLC0415
        from workers.spam.text_model import TextModel  # noqa: PLC0415

        return SpamTeacher(TextBase(TextModel.read(self._folder)), shipped_examples)
