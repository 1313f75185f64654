"""The application with stand-ins, as in tests/api, and the whole service for real clients."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from moderation.settings import Settings
from tests.api.desk import Desk, Service, desk_of, open_service
from tests.conftest import SECRET


@pytest.fixture(scope="module")
def _service(tmp_path_factory: pytest.TempPathFactory, _migrated_file: Path) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("data")
    shutil.copy(_migrated_file, folder / "moderation.db")
    settings = Settings(data_dir=folder, secret=SECRET)
    with open_service(settings, akismet_timeout_s=0.05, api_threads=2) as service:
        yield service


@pytest.fixture
def service(_service: Service) -> Service:
    _service.begin_again()
    return _service


@pytest.fixture
def desk(service: Service) -> Desk:
    """Return a site that asks the service."""
    return desk_of("Gazette", service.services, service.client, service.clock)
