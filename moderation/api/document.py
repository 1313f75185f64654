"""The API's own description: OpenAPI 3.1 at /openapi.json, a page of it at /docs."""

from typing import Any, Final

from apiflask import APIFlask
from pydantic import BaseModel

from moderation.api.access import HOLDERS
from moderation.api.headers import declare_headers
from moderation.api.problem_types import ALL

_ABOUT: Final = """\
Send reader comments, get decisions: approved, held for a moderator, or rejected, with reasons.
Every error is a problem document (RFC 9457) whose `type` is an address that explains it.
"""

PROBLEM_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "an address that explains the problem"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "what is wrong with this request"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "detail"],
                "properties": {"field": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
        "comment": {
            "type": "object",
            "description": "with `edit-conflict`: how the comment stands now",
            "required": ["version", "status"],
            "properties": {"version": {"type": "integer"}, "status": {"type": "string"}},
        },
    },
}
_REF: Final = "#/components/schemas/{model}"
_ALWAYS: Final = (400, 401, 403, 404, 405, 422, 429, 500, 503)
"""What any operation under a key may answer."""


def describe(app: APIFlask) -> None:
    """Let *app* write the document by what the views declare, and nothing by guessing."""
    app.description = _ABOUT
    app.config.update(
        OPENAPI_VERSION="3.1.0",
        LOCAL_SPEC_JSON_INDENT=2,
        AUTO_404_RESPONSE=False,
        AUTO_200_RESPONSE=False,
        AUTO_VALIDATION_ERROR_RESPONSE=False,
        AUTO_AUTH_ERROR_RESPONSE=False,
        AUTO_OPERATION_ID=True,
        AUTO_SERVERS=False,
        SECURITY_SCHEMES={
            name: {"type": "http", "scheme": "bearer", "description": holder}
            for name, holder in HOLDERS.items()
        },
    )
    app.spec_processor(lambda document: name_answers(declare_headers(document)))


def answers(
    status: int, model: type[BaseModel] | None, description: str, *problems: int
) -> dict[int, Any]:
    """Return what a view may answer, for ``bp.doc(responses=…)``.

    Args:
        status: Of the usual answer.
        model: The usual answer's body; None for none.
        description: Of the usual answer.
        problems: Further statuses of problems, beyond those that any operation may answer.
    """
    usual: dict[str, Any] = {"description": description}
    if model is not None:
        usual["content"] = {"application/json": {"schema": _written_out(model)}}
    return {status: usual, **{code: _problem(code) for code in sorted({*_ALWAYS, *problems})}}


def _written_out(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema(mode="serialization", ref_template=_REF)


def name_answers(document: Any) -> Any:
    """Return the API document with every answer's schema among the components, by its name."""
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for operations in document["paths"].values():
        for operation in operations.values():
            for answer in operation["responses"].values():
                content = answer.get("content", {}).get("application/json")
                if content is None or "$ref" in content["schema"]:
                    continue
                schema = dict(content["schema"])
                schemas.update(schema.pop("$defs", {}))
                schemas[schema["title"]] = schema
                content["schema"] = {"$ref": _REF.format(model=schema["title"])}
    return document


def _problem(status: int) -> dict[str, Any]:
    titles = [problem.title for problem in ALL.values() if problem.status == status]
    return {
        "description": "; ".join(titles),
        "content": {"application/problem+json": {"schema": PROBLEM_SCHEMA}},
    }
