"""What OpenAI's moderation endpoint is given: a text, several, or parts of one."""

from dataclasses import dataclass
from typing import Any, Final

from moderation.compat.openai_errors import Refused
from moderation.domain.comment import MAX_TEXT_CHARS
from moderation.domain.text import visible

MOST_TEXTS: Final = 32
"""Texts of one request. They are scored one after another within one deadline."""

_KNOWN: Final = frozenset({"input", "model"})


@dataclass(frozen=True, slots=True)
class Inputs:
    """The texts, each of which gets a result, and the model that the client named."""

    texts: tuple[str, ...]
    model: str | None


def read_inputs(body: dict[str, Any]) -> Inputs:
    """Check the body of a request.

    A list of objects is one input in parts, as OpenAI has it: its texts are joined by line
    breaks and get one result.

    Raises:
        Refused: Something is missing, malformed, or an image.
    """
    if not _KNOWN.issuperset(body):
        raise Refused("Unknown parameter.", code="unknown_parameter")
    model = body.get("model")
    if model is not None and not isinstance(model, str):
        raise Refused("'model' must be a string.", param="model", code="invalid_type")
    if "input" not in body:
        raise Refused(
            "Missing required parameter: 'input'.", param="input", code="missing_required_parameter"
        )
    texts = tuple(_texts(body["input"]))
    for text in texts:
        _check(text)
    return Inputs(texts, model)


def _texts(given: Any) -> list[str]:
    match given:
        case str():
            return [given]
        case [_, *_] if len(given) > MOST_TEXTS:
            raise _invalid(f"must have at most {MOST_TEXTS} entries")
        case [_, *_] if all(isinstance(each, str) for each in given):
            return list(given)
        case [_, *_] if all(isinstance(each, dict) for each in given):
            return ["\n".join(map(_part, given))]
    raise Refused(
        "Invalid type for 'input': expected a string, or a list of strings or of objects that is"
        " not empty.",
        param="input",
        code="invalid_type",
    )


def _part(part: dict[str, Any]) -> str:
    match part:
        case {"type": "text", "text": str() as text}:
            return text
        case {"type": "image_url"}:
            raise Refused(
                "Images are not moderated here: 'input' may hold texts only.",
                param="input",
                code="unsupported_value",
            )
    raise _invalid("must hold objects of type 'text'")


def _check(text: str) -> None:
    if not visible(text):
        raise _invalid("must have at least one visible character")
    if len(text) > MAX_TEXT_CHARS:
        raise Refused(
            f"'input' is too long: a text has at most {MAX_TEXT_CHARS} characters.",
            param="input",
            code="string_above_max_length",
        )


def _invalid(problem: str) -> Refused:
    return Refused(f"'input' {problem}.", param="input", code="invalid_value")
