"""One application for each module, emptied for each test: building one takes longer than a test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from moderation.settings import Settings
from tests.api.desk import Desk, Service, desk_of, open_service
from tests.api.office import Office
from tests.conftest import SECRET


@pytest.fixture(scope="module")
def _service(tmp_path_factory: pytest.TempPathFactory, _migrated_file: Path) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("data")
    shutil.copy(_migrated_file, folder / "moderation.db")
    with open_service(Settings(data_dir=folder, secret=SECRET)) as service:
        yield service


@pytest.fixture
def service(_service: Service) -> Service:
    _service.begin_again()
    return _service


@pytest.fixture
def desk(service: Service) -> Desk:
    """Return a site that asks the service."""
    return desk_of("Gazette", service.services, service.client, service.clock)


@pytest.fixture
def office(service: Service) -> Office:
    """Return an administrator who asks the service."""
    return Office(service.services, service.client)
