"""The role behind ``moderation eval``: a document on standard output, a report in a file."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from moderation.settings import Settings
from workers.engines.engine import Engine
from workers.engines.registry import load_engine
from workers.evaluation.comparing import compare
from workers.evaluation.evaluate import evaluate
from workers.evaluation.html import comparison_page, report_page, spam_page
from workers.evaluation.reading import data_sets, spam_sets
from workers.evaluation.showing import bars
from workers.evaluation.spam import evaluate_spam
from workers.scorers.loading import model_cache
from workers.spam.model import SpamModel


class UnwritableReport(Exception):
    """The report cannot be kept; the message says where and why."""


def evaluate_data(settings: Settings, options: argparse.Namespace) -> None:
    """Evaluate the model of the settings, or compare two, or evaluate that of spam.

    Prints JSON and writes the page.

    Raises:
        ModelUnavailable: A model cannot be loaded or run.
        UnreadableData: There is nothing to measure, or a file is broken.
        UnwritableReport: The page cannot be written.
    """
    files = (spam_sets if options.spam else data_sets)(options.data)
    common: dict[str, Any] = {
        "base_rate": options.base_rate,
        "limit": options.limit,
        "other_half": options.other_half,
        "today": datetime.now(UTC).date(),
    }
    with _kept(options.html) as keep, bars() as begin:
        if options.spam:
            found = evaluate_spam(
                SpamModel.read(),
                files,
                begin=begin,
                limit=options.limit,
                today=common["today"],
            )
            keep(spam_page(found))
        elif options.compare:
            first, second = (_engine(settings, model) for model in options.compare)
            found = compare((first, second), files, begin=begin, **common)
            keep(comparison_page(found))
        else:
            engine = _engine(settings, settings.model)
            found = evaluate(engine, files, begin=begin, **common)
            keep(report_page(found))
    sys.stdout.write(json.dumps(found) + "\n")


@contextmanager
def _kept(path: Path) -> Iterator[Callable[[str], None]]:
    """Try the file before anything is measured: nobody should wait for what cannot be kept.

    A file that was not there is not left behind empty.
    """
    new = not path.exists()
    _written(path, "a", "")
    try:
        yield lambda page: _written(path, "w", page)
    except BaseException:
        if new:
            path.unlink(missing_ok=True)
        raise


def _written(path: Path, mode: str, page: str) -> None:
    try:
        with path.open(mode, encoding="utf-8") as file:
            file.write(page)
    except OSError as error:
        raise UnwritableReport(f"{path} cannot be written: {error.strerror}") from None


def _engine(settings: Settings, model: str) -> Engine:
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return load_engine(model, cache=model_cache(settings), engine=settings.engine, threads=cores)
