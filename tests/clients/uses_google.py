"""google-api-python-client asks a server: ``python uses_google.py URL KEY``."""

import json
import sys
from typing import Any

from googleapiclient import discovery
from googleapiclient.errors import HttpError


def ask(url: str, key: str, method: str, body: dict[str, Any]) -> Any:
    client = discovery.build(
        "commentanalyzer",
        "v1alpha1",
        developerKey=key,
        discoveryServiceUrl=f"{url}/$discovery/rest?version=v1alpha1",
        static_discovery=False,
    )
    try:
        return getattr(client.comments(), method)(body=body).execute()
    except HttpError as error:
        return {"status": error.status_code, "reason": error.reason, "details": error.error_details}


def main(url: str, key: str) -> None:
    text = {"comment": {"text": "\U0001f600 Well said. You turnip!"}}
    toxicity: dict[str, Any] = {"requestedAttributes": {"TOXICITY": {}}}
    suggested = {"attributeScores": {"TOXICITY": {"summaryScore": {"value": 0.0}}}}
    told = {
        "good": ask(url, key, "analyze", {**text, **toxicity, "spanAnnotations": True}),
        "bad key": ask(url, "wrong", "analyze", {**text, **toxicity}),
        "empty": ask(url, key, "analyze", {"comment": {"text": ""}, **toxicity}),
        "language": ask(url, key, "analyze", {**text, **toxicity, "languages": ["om"]}),
        "suggest": ask(url, key, "suggestscore", {**text, **suggested, "clientToken": "t"}),
    }
    sys.stdout.write(json.dumps(told))


main(*sys.argv[1:])
