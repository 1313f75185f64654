"""The messages that Perspective takes, read as Google reads JSON: leniently, except for names."""

import json
import re
from typing import Any, Final, NoReturn, TypeVar

from flask import Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails
from werkzeug.exceptions import RequestEntityTooLarge

from moderation.compat.perspective.errors import Refused, bad_payload

MAX_BODY_BYTES: Final = 2 * 1024 * 1024
"""Context may be a whole article and all its comments. Nothing of it is used."""

_PLAIN_NAME: Final = re.compile(r"[A-Za-z0-9_.$-]{1,64}")
_UNREADABLE: Final = re.compile("[\ud800-\udfff]")


class _Message(BaseModel):
    """Members may be written in camelCase or as in the protocol's own files, in snake_case."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        alias_generator=to_camel,
        populate_by_name=True,
    )


class TextEntry(_Message):
    """A text and what it is written in."""

    text: str = ""
    type: str = ""


class ArticleAndParentComment(_Message):
    """What a comment is under, and what it answers."""

    article: TextEntry = TextEntry()
    parent_comment: TextEntry = TextEntry()


class Context(_Message):
    """What a comment was said to, in one of two ways. It changes no score, as at Google."""

    entries: list[TextEntry] = Field(default_factory=list)
    article_and_parent_comment: ArticleAndParentComment | None = None


class AttributeParameters(_Message):
    """How one attribute is wanted."""

    score_type: str = ""
    score_threshold: float = 0.0


class Score(_Message):
    """A number and its kind."""

    value: float = 0.0
    type: str = ""


class SpanScore(_Message):
    """The score of a part of a text."""

    begin: int = 0
    end: int = 0
    score: Score = Score()


class AttributeScores(_Message):
    """The scores of one attribute."""

    summary_score: Score | None = None
    span_scores: list[SpanScore] = Field(default_factory=list)

    @property
    def value(self) -> float | None:
        """The score of the whole text, else the highest of its parts; None without any."""
        if self.summary_score is not None:
            return self.summary_score.value
        return max((each.score.value for each in self.span_scores), default=None)


class AboutComment(_Message):
    """What both requests hold."""

    comment: TextEntry = TextEntry()
    context: Context = Context()
    languages: list[str] = Field(default_factory=list)
    client_token: str = ""
    session_id: str = ""
    community_id: str = ""


class Analyze(AboutComment):
    """``AnalyzeCommentRequest``; ``word_spans`` is an extension of ours.

    ``do_not_store`` needs no care: nothing that comes this way is ever stored.
    """

    requested_attributes: dict[str, AttributeParameters] = Field(default_factory=dict)
    do_not_store: bool = False
    span_annotations: bool = False
    drop_unsupported_attributes: bool = False
    word_spans: bool = False


class Suggest(AboutComment):
    """``SuggestCommentScoreRequest``."""

    attribute_scores: dict[str, AttributeScores] = Field(default_factory=dict)


M = TypeVar("M", bound=_Message)


def read(asked: Request, message: type[M]) -> M:
    """Read the body, whatever it is declared as. An empty one is a message without members.

    Raises:
        Refused: It is too long, no JSON, or not such a message.
    """
    asked.max_content_length = MAX_BODY_BYTES + 1  # a chunked body ends there without an error
    try:
        raw = asked.get_data(cache=True)
    except RequestEntityTooLarge:
        raise _too_large() from None
    if len(raw) > MAX_BODY_BYTES:
        raise _too_large()
    try:
        return message.model_validate(_without_nulls(_parsed(raw)))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    raise bad_payload(_said(first))


def _parsed(raw: bytes) -> Any:
    if not raw.strip():
        return {}
    try:
        text = raw.decode("utf-8-sig")
        value = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise bad_payload("Invalid JSON payload received.") from None
    if "\\u" in text and _UNREADABLE.search(json.dumps(value, ensure_ascii=False)):
        raise bad_payload("Invalid JSON payload received. Unpaired surrogate.")
    return value


def _no_constant(_: str) -> NoReturn:
    raise ValueError


def _without_nulls(value: Any) -> Any:
    """Leave out members that are null, which are members that are not there."""
    if isinstance(value, dict):
        return {name: _without_nulls(each) for name, each in value.items() if each is not None}
    if isinstance(value, list):
        return [_without_nulls(each) for each in value]
    return value


def _said(fault: ErrorDetails) -> str:
    """Return what is wrong in Google's words, which name members and quote no values."""
    *path, last = fault["loc"] or ("",)
    if fault["type"] == "extra_forbidden":
        where = f" at '{_dotted(path)}'" if path else ""
        unknown = f'Unknown name "{_named(last)}"{where}: Cannot find field.'
        return f"Invalid JSON payload received. {unknown}"
    return f"Invalid value at '{_dotted([*path, last])}'"


def _dotted(path: list[int | str]) -> str:
    return ".".join(map(_named, path)) or "request"


def _named(member: int | str) -> str:
    """Return a member's name, if it looks like one and like no text of somebody's."""
    return str(member) if _PLAIN_NAME.fullmatch(str(member)) else "?"


def _too_large() -> Refused:
    return bad_payload(f"Request payload size exceeds the limit: {MAX_BODY_BYTES} bytes.")
