"""Read what a request brings: its body, its query. Declared for the API document."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, ClassVar, Final, TypeVar

from flask import Request, request
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails
from werkzeug.exceptions import RequestEntityTooLarge

from moderation.api.faults import (
    BodyTooLarge,
    InvalidFields,
    UnsupportedMediaType,
)
from moderation.api.strict_json import check_text, check_texts, read_json
from moderation.errors import Invalid, InvalidUnicode, TextTooLong

MAX_BODY_BYTES: Final = 256 * 1024

View = Callable[..., Any]


class Body(BaseModel):
    """A JSON body: exact types, no unknown members."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    max_bytes: ClassVar[int] = MAX_BODY_BYTES
    """How much is read of it."""

    by_item: ClassVar[str | None] = None
    """A member whose items the view checks and answers one by one, with `parse_item`."""


class Query(BaseModel):
    """A query string: every parameter known and given once."""

    model_config = ConfigDict(extra="forbid", frozen=True)


M = TypeVar("M", bound=BaseModel)


def takes(model: type[Body]) -> Callable[[View], View]:
    """Give the view the request's body, checked, as ``body``.

    Put it below the decorator that checks the key: a stranger's body is not read.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def reading(**given: Any) -> Any:
            raw = read_raw(request, model.max_bytes)
            return view(body=parse(model, read_json(raw, by_item=model.by_item)), **given)

        return described(reading, body=model, content_type="application/json", body_example=None)

    return decorate


def asks(model: type[Query]) -> Callable[[View], View]:
    """Give the view the request's query string, checked, as ``query``."""

    def decorate(view: View) -> View:
        @wraps(view)
        def reading(**given: Any) -> Any:
            return view(query=parse(model, _query(request)), **given)

        return described(reading, args=[(model, "query")])

    return decorate


def described(view: View, **spec: Any) -> View:
    """Note facts where APIFlask looks for them when it writes the API document."""
    known: dict[str, Any] = {**getattr(view, "_spec", {}), **spec}
    view.__dict__["_spec"] = known
    return view


def read_raw(asked: Request, max_bytes: int) -> bytes:
    """Return the body, of which hardly more than *max_bytes* are read, chunked or not.

    Raises:
        UnsupportedMediaType: It is not declared as plain JSON.
        BodyTooLarge: It is longer.
    """
    if asked.mimetype != "application/json" or asked.content_encoding not in {None, "identity"}:
        raise UnsupportedMediaType
    asked.max_content_length = max_bytes + 1  # a chunked body ends there without an error
    try:
        raw = asked.get_data(cache=True)
    except RequestEntityTooLarge:
        raise BodyTooLarge(max_bytes) from None
    if len(raw) > max_bytes:
        raise BodyTooLarge(max_bytes)
    return raw


def parse(model: type[M], value: Any) -> M:
    """Check a parsed body or query.

    Raises:
        InvalidUnicode: A text holds a lone surrogate or U+0000.
        TextTooLong: A comment's text is over the limit.
        InvalidFields: Anything else that is missing or malformed, all of it named.
    """
    try:
        return model.model_validate(value)
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False, include_context=False)
    raise _first(faults)


def parse_item(model: type[M], value: Any) -> M:
    """Check an item of a member that `read_json` left to its items.

    Raises:
        Invalid: As `parse`.
    """
    check_texts(value)
    return parse(model, value)


def expect_no_query(asked: Request) -> None:
    """Refuse a query string where none has a meaning.

    Raises:
        Invalid: It has a parameter, which is named.
    """
    if asked.query_string:
        parse(Query, _query(asked))


def _query(asked: Request) -> dict[str, str]:
    values: dict[str, str] = {}
    for name, given in asked.args.lists():
        if len(given) > 1:
            raise Invalid(name, "is given more than once")
        check_text(name, name + given[0])
        values[name] = given[0]
    return values


def _first(faults: Iterable[ErrorDetails]) -> Invalid:
    """The first fault names the problem; only faults of the same kind are listed with it."""
    listed = [(_dotted(fault), fault) for fault in faults]
    field, first = listed[0]
    if first["type"] == "text_too_long":
        return TextTooLong(field, first["msg"])
    if first["type"] == "string_unicode":
        return InvalidUnicode(field, "has a lone surrogate or U+0000")
    return InvalidFields([(name, _said(fault)) for name, fault in listed])


def _said(fault: ErrorDetails) -> str:
    """Return what is wrong; pydantic's own words, except where they name our classes."""
    if fault["type"] in {"model_type", "model_attributes_type", "dict_type"}:
        return "must be an object"
    return "is not known here" if fault["type"] == "extra_forbidden" else fault["msg"]


def _dotted(fault: ErrorDetails) -> str:
    return ".".join(map(str, fault["loc"])) or "body"
