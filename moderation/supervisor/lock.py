"""One service a data folder: two Redis servers on one append-only file would ruin it."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from moderation.data_folder import DataFolder

_PATIENCE_S: Final = 5.0
"""A service that was killed needs a moment to end its programs."""

_STEP_S: Final = 0.1


class FolderInUse(Exception):
    """Another ``moderation up`` runs on this data folder."""

    def __init__(self, folder: DataFolder) -> None:
        super().__init__(
            f"another `moderation up` uses {folder.root}: stop it, or set MODERATION_DATA_DIR"
        )


@contextmanager
def lock(folder: DataFolder, *, patience_s: float = _PATIENCE_S) -> Iterator[None]:
    """Hold *folder* until the block or the process ends, whatever ends it.

    Raises:
        FolderInUse: Somebody else holds it and did not let go in a few seconds.
    """
    descriptor = os.open(folder.root / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _locked_within(descriptor, patience_s):
            raise FolderInUse(folder)
        yield
    finally:
        os.close(descriptor)


def _locked_within(descriptor: int, patience_s: float) -> bool:
    deadline = time.monotonic() + patience_s
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(_STEP_S)
        else:
            return True
