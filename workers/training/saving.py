"""What torch keeps on the disk: written whole or not at all."""

import errno
import os
from pathlib import Path

import torch


def save_whole(kept: object, path: Path) -> None:
    """Replace *path* by what is to be kept, once the disk has it.

    Raises:
        OSError: It cannot be written, as when the disk is full; what was there is there still.
    """
    partial = path.with_suffix(".partial")
    try:
        with partial.open("wb") as file:
            torch.save(kept, file)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except (OSError, RuntimeError) as error:
        partial.unlink(missing_ok=True)
        code = _number(error)
        raise OSError(code, os.strerror(code), str(path)) from error


def _number(error: BaseException) -> int:
    """Find what the disk said, which torch puts behind an error of its own."""
    told: BaseException | None = error
    while told is not None and not isinstance(told, OSError):
        told = told.__context__
    return told.errno if told is not None and told.errno else errno.EIO
