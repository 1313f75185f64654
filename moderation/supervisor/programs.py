"""The programs that make up the service, each with its command line and environment."""

import os
import sys
from typing import Final

from moderation.data_folder import DataFolder
from moderation.settings import Settings
from moderation.supervisor.children import Program
from moderation.supervisor.ports import LOOPBACK, free_ports
from moderation.supervisor.redis_server import find_redis_server, redis_command

REDIS: Final = "redis"
API: Final = "api"


def redis_program(folder: DataFolder) -> Program:
    """Return the embedded Redis.

    Raises:
        NoRedisServer: There is no program to run.
    """
    return Program(REDIS, redis_command(find_redis_server(), folder), {})


def service_programs(
    settings: Settings, folder: DataFolder, *, port: int, scorers: int
) -> list[Program]:
    """Return the API, one scoring worker, the live worker, upkeep, and the other scorers.

    Args:
        settings: Complete: every child gets these addresses.
        folder: Where the secret is.
        port: The API's, on loopback; metrics take the next free ports above it.
        scorers: One a core, as each scores with one thread.
    """
    shared = _environment(settings, folder)
    api = Program(
        API,
        [
            *(sys.executable, "-m", "gunicorn"),
            *("-c", "python:moderation.supervisor.gunicorn_conf"),
            *("--bind", f"{LOOPBACK}:{port}"),
        ],
        {
            **shared,
            "MODERATION_DEMO": "true",
            "PROMETHEUS_MULTIPROC_DIR": str(folder.root / "metrics"),
        },
    )
    roles = [("scoring-1", "scoring"), ("live", "live"), ("upkeep", "upkeep")]
    roles += [(f"scoring-{n}", "scoring") for n in range(2, scorers + 1)]
    metrics = free_ports(len(roles), after=port)
    return [
        api,
        *(
            Program(
                name,
                [sys.executable, "-m", "workers", role],
                {**shared, "MODERATION_METRICS_PORT": str(metrics_port)},
            )
            for (name, role), metrics_port in zip(roles, metrics, strict=True)
        ),
    ]


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _environment(settings: Settings, folder: DataFolder) -> dict[str, str]:
    """Return what every child is told beyond this process's own environment."""
    told = {
        "MODERATION_DATA_DIR": str(folder.root),
        "MODERATION_DATABASE_URL": settings.database_url,
        "MODERATION_REDIS_URL": settings.redis_url,
    }
    if not {"MODERATION_SECRET", "MODERATION_SECRET_FILE"} & os.environ.keys():
        told["MODERATION_SECRET_FILE"] = str(folder.secret_file)
    return told


def metrics_url(worker: Program) -> str:
    """Return where a worker serves its metrics, once it has loaded its model."""
    return f"http://{LOOPBACK}:{worker.environment['MODERATION_METRICS_PORT']}/metrics"
