"""Which code is running: the release, and the commit where that is known."""

import os
import subprocess
from functools import cache
from pathlib import Path
from typing import Final

from moderation import __version__

_ROOT: Final = Path(__file__).parent.parent
_COMMIT: Final = "MODERATION_COMMIT"
"""Where an image, which holds no repository, keeps what it was built of."""


@cache
def code_version() -> str:
    """Return the version that decisions carry, such as ``0.1.0+gd0953ce1b2``.

    Two releases of one version do not exist, but what is between two releases does: one
    that runs from a checkout or from an image is told by its commit.
    """
    commit = os.environ.get(_COMMIT) or _checked_out()
    return f"{__version__}+g{commit[:10]}" if commit else __version__


def _checked_out() -> str:
    if not (_ROOT / ".git").exists():
        return ""
    try:
        asked = subprocess.run(  # noqa: S603 - nothing of it is input
            ["git", "-C", str(_ROOT), "rev-parse", "HEAD"],  # noqa: S607 - whichever git there is
            check=False,
            capture_output=True,
            text=True,
            timeout=5,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return asked.stdout.strip() if asked.returncode == 0 else ""
