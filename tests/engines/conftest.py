"""Small models, converted once for all tests."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.engines.tiny import Checkpoint, make_checkpoint
from workers.training.checkpoint import convert_named

Convert = Callable[[str], tuple[Checkpoint, Path]]


@pytest.fixture(scope="session")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Convert:
    """Return what makes a checkpoint of a shape, and its model folder."""

    @cache
    def convert(shape: str) -> tuple[Checkpoint, Path]:
        folder = tmp_path_factory.mktemp(shape)
        checkpoint = make_checkpoint(shape, folder / "checkpoint")
        convert_named(str(checkpoint.path), folder / "model", folder)
        return checkpoint, folder / "model"

    return convert
