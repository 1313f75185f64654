import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from moderation.settings import Settings
from tests.compat.served import Service, serving
from tests.conftest import SECRET


@pytest.fixture(scope="module")
def _service(tmp_path_factory: pytest.TempPathFactory, _migrated_file: Path) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("data")
    shutil.copy(_migrated_file, folder / "moderation.db")
    with serving(Settings(data_dir=folder, secret=SECRET)) as service:
        yield service


@pytest.fixture
def service(_service: Service) -> Service:
    """Return the application behind real HTTP, for all tests of a module."""
    _service.begin_again()
    return _service
