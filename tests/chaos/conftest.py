from collections.abc import Iterator
from pathlib import Path

import pytest

from moderation.bootstrap import build_services
from moderation.domain.policy_document import DEFAULT_DOCUMENT
from moderation.settings import Settings
from tests.builders import a_site
from tests.chaos.town import Town
from tests.servers import PostgresServer, RedisServer
from tests.webhooks.receiver import a_receiver


@pytest.fixture
def town(
    store_settings: Settings,
    redis_server: RedisServer,
    request: pytest.FixtureRequest,
    tmp_path: Path,
) -> Iterator[Town]:
    on_postgres = store_settings.database_url.startswith("postgresql")
    postgres: PostgresServer | None = None
    if on_postgres:
        postgres = request.getfixturevalue("postgres_server")
    settings = store_settings.model_copy(
        update={
            "redis_url": redis_server.url,
            "lease_s": 3.0,
            "sweep_interval_s": 1.0,
            "webhook_allow_private": True,
        }
    )
    services = build_services(settings)
    site = a_site()
    with services.open_store() as store:
        store.add_site(site)
        store.add_policy(site.id, DEFAULT_DOCUMENT, by="test", now=services.now())
    with a_receiver() as receiver:
        town = Town(settings, services, redis_server, postgres, receiver, tmp_path, site.id)
        try:
            yield town
        finally:
            town.close()
            services.close()
            for name, program in town.programs.items():
                print(f"--- {name}\n{program.log.read_text()[-4000:]}")  # noqa: T201
