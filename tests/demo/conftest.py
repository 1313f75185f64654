import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from moderation.settings import Settings
from tests.conftest import SECRET
from tests.demo.newspaper import Newspaper, Reader, a_newspaper, launch
from tests.servers import RedisServer


@pytest.fixture(scope="module")
def paper(
    tmp_path_factory: pytest.TempPathFactory, _migrated_file: Path, _running_redis: RedisServer
) -> Iterator[Newspaper]:
    """Return the newspaper, for all tests of a module: each writes under names of its own."""
    _running_redis.recover()
    folder = tmp_path_factory.mktemp("demo")
    shutil.copy(_migrated_file, folder / "moderation.db")
    settings = Settings(
        data_dir=folder,
        database_url=f"sqlite:///{folder}/moderation.db",
        redis_url=_running_redis.url,
        secret=SECRET,
        demo=True,
    )
    with a_newspaper(settings, folder / "worker.log") as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = launch(playwright)
        yield running
        running.close()


@pytest.fixture
def reader(browser: Browser, paper: Newspaper) -> Iterator[Callable[..., Reader]]:
    """Return what seats a new reader; whatever went wrong in a browser fails the test."""
    seated: list[Reader] = []

    def seat(slug: str = "", **options: Any) -> Reader:
        seated.append(Reader(browser.new_context(**options), paper, slug))
        return seated[-1]

    yield seat
    for each in seated:
        each.context.close()
    assert [each.faults for each in seated if each.faults] == []
