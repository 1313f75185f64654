"""One decided comment of another system, as a file has it, checked before it is taken over."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from moderation.domain.comment import MAX_TEXT_CHARS, Article, Submission
from moderation.domain.policy import Action
from moderation.domain.text import fault_in_unicode, visible
from moderation.errors import Invalid

_FIRST_YEAR: Final = 1980
"""Nobody commented on news before; identifiers need a time after 1970."""

_ACTIONS: Final = {
    "approved": Action.APPROVE,
    "held": Action.HOLD,
    "rejected": Action.REJECT,
    "approve": Action.APPROVE,
    "hold": Action.HOLD,
    "reject": Action.REJECT,
}


def _storable(text: str) -> str:
    fault = fault_in_unicode(text)
    if fault is not None:
        raise ValueError(fault)
    return text


def _seen(text: str) -> str:
    if not visible(text):
        raise ValueError("nothing of it is visible")
    return text


_Body = Annotated[
    str, Field(max_length=MAX_TEXT_CHARS), AfterValidator(_storable), AfterValidator(_seen)
]
_Short = Annotated[str, StringConstraints(min_length=1, max_length=255), AfterValidator(_storable)]
_Long = Annotated[str, StringConstraints(min_length=1, max_length=2048), AfterValidator(_storable)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class _Article(_Part):
    id: _Short | None = None
    url: _Long | None = None
    title: _Long | None = None
    section: _Short | None = None


class _Author(_Part):
    id: _Short | None = None
    name: _Short | None = None
    email: _Short | None = None
    url: _Long | None = None


class HistoryRow(_Part):
    """A comment as ``POST /v1/comments`` takes it, with the decision that was made.

    ``external_id`` makes a second run add nothing. ``parent_id`` may be the parent's
    external id. ``decided_by`` is free text; ``policy`` says that no person decided.
    """

    body: _Body
    external_id: _Short
    created_at: AwareDatetime
    article: _Article = Field(default_factory=_Article)
    author: _Author = Field(default_factory=_Author)
    parent_id: _Short | None = None
    ip: _Short | None = None
    user_agent: _Long | None = None
    referrer: _Long | None = None
    language: _Short | None = None
    honeypot: str | None = None
    form_seconds: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    status: Literal["approved", "held", "rejected"] | None = None
    decision: Literal["approve", "hold", "reject"] | None = None
    decided_at: AwareDatetime | None = None
    decided_by: _Short | None = None
    reason: _Long | None = None

    @model_validator(mode="after")
    def _decided_once(self) -> "HistoryRow":
        if (self.status is None) == (self.decision is None):
            raise ValueError("give one of status and decision")
        if self.decided_at is not None and self.decided_at < self.created_at:
            raise ValueError("decided_at is before created_at")
        return self

    def submission(self, parent_id: str | None) -> Submission:
        """Return the comment as its site would have sent it, under a parent of ours."""
        return Submission(
            body=self.body,
            article=Article(**self.article.model_dump()),
            author_id=self.author.id,
            author_name=self.author.name,
            author_email=self.author.email,
            author_url=self.author.url,
            parent_id=parent_id,
            external_id=self.external_id,
            ip=self.ip,
            user_agent=self.user_agent,
            referrer=self.referrer,
            language=self.language,
            honeypot=self.honeypot,
            form_seconds=self.form_seconds,
            created_at=self.created_at,
        )

    @property
    def action(self) -> Action:
        return _ACTIONS[self.status or self.decision or ""]

    @property
    def by_person(self) -> bool:
        return self.decided_by != "policy"


def read_row(values: Mapping[str, Any], *, now: datetime) -> HistoryRow:
    """Check one row. Texts that hold numbers or times are read, as CSV knows nothing else.

    Raises:
        Invalid: The row cannot be taken over; the field is named, its value is not.
    """
    try:
        row = HistoryRow.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        field = ".".join(map(str, first["loc"])) or "row"
        raise Invalid(field, first["msg"].removeprefix("Value error, ")) from None
    if row.created_at.year < _FIRST_YEAR:
        raise Invalid("created_at", f"is before {_FIRST_YEAR}")
    if max(row.created_at, row.decided_at or row.created_at) > now:
        raise Invalid("created_at", "lies in the future")
    return row
