"""The answer to a batch: one result an item, in order."""

from collections.abc import Sequence
from typing import Any, Final

from pydantic import BaseModel

from moderation.api.comment_documents import AcceptedAnswer, accepted
from moderation.api.problems import Problems
from moderation.domain.documents import Document
from moderation.usecases.submit_batch import Result

_ACCEPTED: Final = 202


class BatchResult(BaseModel):
    """``comment`` of an item that was stored, ``problem`` of one that was not."""

    status: int
    comment: AcceptedAnswer | None = None
    problem: dict[str, Any] | None = None


class BatchAnswer(BaseModel):
    """One result an item, in the order of the items."""

    results: list[BatchResult]


def batch_document(results: Sequence[Result], problems: Problems) -> Document:
    """Return the answer; each result has the status that the item alone would have got."""
    return {"results": [_result(each, problems) for each in results]}


def _result(result: Result, problems: Problems) -> Document:
    if isinstance(result, str):
        return {"status": _ACCEPTED, "comment": accepted(result)}
    problem = problems.document(result)
    return {"status": problem["status"], "problem": problem}
