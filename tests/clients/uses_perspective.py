"""perspective 1.0.3 asks a server: ``python uses_perspective.py URL KEY``."""

import json
import sys
from collections.abc import Callable
from typing import Any
from urllib.error import HTTPError

from perspective import PerspectiveAPI


def ask(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except HTTPError as error:
        told: dict[str, Any] = json.loads(error.read())["error"]
        return {**told, "http": error.code}


def client(url: str, key: str) -> Any:
    made = PerspectiveAPI(key)
    made.api_client.url = url + "/v1alpha1/{endpoint}"
    return made


def main(url: str, key: str) -> None:
    good, bad = client(url, key), client(url, "wrong")
    scores = {"TOXICITY": {"summaryScore": {"value": 0.0, "type": "PROBABILITY"}}}
    told = {
        "score": ask(lambda: good.score("You turnip.", tests=["TOXICITY", "INSULT"])),
        "analyze": ask(
            lambda: good.analyze_comment(
                "You turnip. Well said!",
                comment_type="PLAIN_TEXT",
                context=[{"text": "Is it?", "type": "PLAIN_TEXT"}],
                requested_attributes={"SPAM": {"scoreType": "PROBABILITY", "scoreThreshold": 0.1}},
                span_annotations=True,
                languages=["en"],
                do_not_store=True,
                client_token="t",  # noqa: S106 - no password
                session_id="s",
                community_id="n.example",
            )
        ),
        "suggest": ask(
            lambda: good.suggest_score(
                "You turnip.",
                scores,
                comment_type="PLAIN_TEXT",
                languages=["en"],
                client_token="t",  # noqa: S106 - no password
                community_id="n.example",
            )
        ),
        "bad key": ask(lambda: bad.score("You turnip.")),
        "html": ask(lambda: good.analyze_comment("<p>Hi", comment_type="HTML")),
        "unknown": ask(lambda: good.score("You turnip.", tests=["WARMTH"])),
    }
    sys.stdout.write(json.dumps(told))


main(*sys.argv[1:])
