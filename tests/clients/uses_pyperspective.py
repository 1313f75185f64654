"""PyPerspective 1.0.4 asks a server: ``python uses_pyperspective.py URL KEY``."""

import json
import sys
from collections.abc import Callable
from typing import Any

from PyPerspective.errors import InvalidAuthKey
from PyPerspective.Perspective import Perspective


def ask(call: Callable[[], Any]) -> Any:
    try:
        comment = call()
    except TypeError as error:
        # What it makes of every error, Google's too: its ApiException takes no raw_data.
        return {"refused": str(error)}
    except InvalidAuthKey:
        return {"refused": "key"}
    return {
        "languages": [comment.requests_langs, comment.detected_langs],
        "scores": {each.name: each.score for each in comment.attributes},
        "spans": {each.name: [str(span) for span in each.spans] for each in comment.attributes},
    }


def main(url: str, key: str) -> None:
    module: Any = sys.modules[Perspective.__module__]
    module.base_url = f"{url}/v1alpha1/comments:analyze"
    good = Perspective(key)
    told = {
        "good": ask(lambda: good.get_score("You turnip.", tests=["TOXICITY", "PROFANITY"])),
        "bad key": ask(lambda: Perspective("wrong")),
        "empty": ask(lambda: good.get_score("")),
        "not measured": ask(lambda: good.get_score("You turnip.", tests=["FLIRTATION"])),
        "language": ask(lambda: good.get_score("You turnip.", langs=["de"])),
    }
    sys.stdout.write(json.dumps(told))


main(*sys.argv[1:])
