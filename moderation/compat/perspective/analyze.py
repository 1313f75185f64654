"""``comments:analyze``: check a request as Perspective does, and put scores in its form."""

from collections.abc import Mapping
from typing import Any, Final

from moderation.compat.perspective import errors
from moderation.compat.perspective.attributes import MEANINGS, UNMEASURED
from moderation.compat.perspective.messages import AboutComment, Analyze
from moderation.compat.perspective.spans import Utf16, sentences_of
from moderation.domain.signal import Span
from moderation.ports.scorer import ScoredText, Wanted

MAX_COMMENT_BYTES: Final = 20_480
PROBABILITY: Final = "PROBABILITY"
_PLAIN: Final = frozenset({"", "TEXT_TYPE_UNSPECIFIED", "PLAIN_TEXT"})
_SCORE_TYPES: Final = frozenset({"", "SCORE_TYPE_UNSPECIFIED", PROBABILITY})

ASSUMED: Final = "en"
"""What is told of a text that is in no language recognised as another."""


def check_comment(message: AboutComment) -> None:
    """Refuse what either request may not hold.

    Raises:
        Refused: With the first fault.
    """
    context = message.context
    if context.entries and context.article_and_parent_comment is not None:
        raise errors.refused(
            "Context can have either entries or article_and_parent_comment, but both fields"
            " were populated."
        )
    if message.comment.type not in _PLAIN:
        raise errors.refused("Currently, only 'PLAIN_TEXT' comments are supported")
    text = message.comment.text
    if not text.strip():
        raise errors.comment_empty()
    size = len(text.encode())
    if size > MAX_COMMENT_BYTES:
        raise errors.comment_too_long(size, MAX_COMMENT_BYTES)


def check(message: Analyze) -> None:
    """Refuse a request that Perspective would refuse before it scores anything.

    Raises:
        Refused: With the first fault.
    """
    check_comment(message)
    if not message.requested_attributes:
        raise errors.no_attributes()
    for name, parameters in message.requested_attributes.items():
        if name not in MEANINGS and name not in UNMEASURED:
            raise errors.refused(f"Unknown requested attribute: {name[:64]}")
        if parameters.score_type not in _SCORE_TYPES:
            raise errors.refused(
                f"Requested score type {parameters.score_type[:64]} is not supported by"
                f" attribute {name}"
            )


def language_of(message: AboutComment) -> str | None:
    """Return the language that the client declares, the first of several."""
    return next(filter(None, message.languages), None)


def wanted_of(message: Analyze) -> Wanted:
    """Return what is to be scored. A language is only minded if the client declares it."""
    return Wanted(
        parts=sentences_of(message.comment.text) if message.span_annotations else (),
        words=message.word_spans,
        any_language=language_of(message) is None,
    )


def answer(message: Analyze, scored: ScoredText) -> dict[str, Any]:
    """Return ``AnalyzeCommentResponse``.

    Raises:
        Refused: An attribute is not measured, and is not to be dropped.
    """
    detected = [scored.recognised or language_of(message) or ASSUMED]
    languages = list(filter(None, message.languages)) or detected
    text = message.comment.text
    units = Utf16(text)
    places = sentences_of(text) if message.span_annotations else ((0, len(text)),)
    parts = scored.parts if message.span_annotations else (scored.scores,)
    told: dict[str, Any] = {}
    for name, parameters in message.requested_attributes.items():
        signal = MEANINGS[name].signal if name in MEANINGS else ""
        value = scored.scores.get(signal)
        if value is None:
            if message.drop_unsupported_attributes:
                continue
            raise errors.not_in_languages(name, languages)
        if value >= parameters.score_threshold:
            spans = [
                {"begin": units(start), "end": units(end), "score": _score(part[signal])}
                for (start, end), part in zip(places, parts, strict=True)
                if signal in part
            ]
            told[name] = {"spanScores": spans, "summaryScore": _score(value)}
    document: dict[str, Any] = {"attributeScores": told} if told else {}
    document |= {"languages": languages, "detectedLanguages": detected}
    if message.client_token:
        document["clientToken"] = message.client_token
    if message.word_spans:
        document["wordSpans"] = [_word(each, units) for each in scored.spans]
    return document


def _score(value: float) -> Mapping[str, Any]:
    return {"value": value, "type": PROBABILITY}


def _word(span: Span, units: Utf16) -> Mapping[str, Any]:
    return {"begin": units(span.start), "end": units(span.end), "signal": span.source}
