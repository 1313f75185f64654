"""``python -m moderation.supervisor.healthcheck URL``: exit 0 if a GET answers 200, else 1.

For images without curl. Proxies named in the environment are not asked.
"""

import sys
import urllib.request
from typing import Final

_OK: Final = 200
_TIMEOUT_S: Final = 3.0


def answers(url: str) -> bool:
    """Say whether a GET of *url* answers 200 in three seconds."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(url, timeout=_TIMEOUT_S) as answer:
            return bool(answer.status == _OK)
    except OSError:  # refused, timed out, or an HTTP error
        return False


if __name__ == "__main__":
    sys.exit(not answers(sys.argv[1]))
