"""The role behind ``moderation finetune``: a document on standard output, a version on the disk."""

import argparse
import errno
import json
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final

from moderation.settings import Settings
from workers.engines.catalogue import SITE
from workers.engines.registry import site_versions
from workers.engines.versions import Versions
from workers.scorers.loading import model_cache
from workers.training.decisions import UnusableDecisions, read_decisions

_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Unfinished(Exception):
    """The disk failed; the message says at what, what is served and what is kept."""


def finetune_site(settings: Settings, options: argparse.Namespace, out: IO[str]) -> int:
    """Teach, compare, and write what came of it.

    Returns:
        0 if a new version is served, 1 if it was not good enough.

    Raises:
        ModelUnavailable: What is served is broken.
        Unfinished: The disk is full, or fails.
        UnknownVersion: Another command changes versions.
        UnreadableData: The texts to rehearse are broken.
        UnusableDecisions: They cannot be read, a line is broken, or there are too few.
    """
    with _opened(options.decisions) as lines:
        decisions = read_decisions(lines)
    decisions.need_enough()
    # What is wrong with the decisions is told before torch is loaded, which takes seconds.
    from workers.training.finetune import STATE, finetune  # noqa: PLC0415

    _say_only_what_is_ours(settings)
    versions = site_versions(model_cache(settings))
    with _telling_what_is_kept(versions, versions.root / STATE), versions.held():
        trial = finetune(
            versions,
            decisions,
            data=options.data,
            today=datetime.now(UTC).date(),
            threads=len(os.sched_getaffinity(0))
            if sys.platform == "linux"
            else os.cpu_count() or 1,
        )
    document = {
        "version": trial.version,
        "served_by_workers": settings.model == SITE,
        "not_good_enough": list(trial.complaints),
        **trial.figures,
    }
    out.write(json.dumps(document) + "\n")
    return int(trial.version is None)


def _say_only_what_is_ours(settings: Settings) -> None:
    """Keep a hundred lines and bars of converters and libraries off the terminal."""
    logging.getLogger().setLevel(logging.WARNING)
    logging.getLogger("workers").setLevel(settings.log_level.upper())
    from transformers.utils import logging as transformers_logging  # noqa: PLC0415

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]


@contextmanager
def _telling_what_is_kept(versions: Versions, state: Path) -> Iterator[None]:
    """Turn what the disk says into what it means for the site.

    Raises:
        Unfinished: In place of any OSError.
    """
    before = versions.served
    try:
        yield
    except OSError as error:
        if (now := versions.served) != before:
            raise Unfinished(f"{now} is served, but afterwards: {_said(error)}") from error
        first = "make room on the disk, then " if error.errno in _FULL else ""
        then = (
            "goes on from what was last saved"
            if state.exists()
            else "begins anew: nothing learned was saved yet"
        )
        raise Unfinished(
            f"nothing was replaced: {_said(error)}; {first}repeat the command, which {then}"
        ) from error


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    try:
        if str(path) == "-":
            yield sys.stdin.buffer
        else:
            with path.open("rb") as lines:
                yield lines
    except OSError as error:
        raise UnusableDecisions(f"the decisions cannot be read: {_said(error)}") from error


def _said(error: OSError) -> str:
    """Tell an error of the disk with the file that it is about, where that is known."""
    said = error.strerror or type(error).__name__
    return f"{error.filename}: {said}" if error.filename else said
