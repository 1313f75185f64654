"""The document by which Google's client libraries find out how to call the service."""

import json
from importlib.resources import files
from typing import Any, Final

VERSION: Final = "v1alpha1"


def document(root_url: str) -> dict[str, Any]:
    """Return the document, with *root_url*, which ends in a slash, as where to call."""
    written = files(__package__).joinpath("discovery.json").read_text(encoding="utf-8")
    known: dict[str, Any] = json.loads(written)
    return {**known, "rootUrl": root_url, "baseUrl": root_url}
