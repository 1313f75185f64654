"""Write answers."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Response

Answer = Response


def as_json(
    document: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Answer a JSON document."""
    return Response(
        dumped(document),
        status=status,
        headers=headers,
        content_type="application/json",
    )


def dumped(document: Mapping[str, Any]) -> str:
    """Return a document as JSON, in as few characters as it takes."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
