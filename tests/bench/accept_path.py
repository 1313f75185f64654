"""Accepting comments against a bare Flask hello on the same server, in turns, in one run.

The path is the whole one: key, limits in Redis, strict reading, SQLite with synchronous FULL,
wake-up. Nothing judges meanwhile; between rounds what is pending is marked decided.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

import httpx2
from pydantic import SecretStr
from sqlalchemy import text

from moderation.adapters.sql_store import make_engine, migrate, sql_store
from moderation.bootstrap import utc_now
from moderation.settings import Settings
from moderation.usecases.sites import create_site
from tests.bench.missing import Missing
from tests.chaos.programs import Program, environment
from tests.servers import RedisServer, free_port
from tests.waiting import eventually

_ROUNDS: Final = int(os.environ.get("BENCH_ROUNDS", "5"))
_SECONDS: Final = int(os.environ.get("BENCH_SECONDS", "5"))
_CONNECTIONS: Final = 32
_SCRIPT: Final = """
wrk.method = "POST"
wrk.body = '{"body":"I read this twice and still think that the minister has a point, whatever the \
others say about it.","article":{"id":"a-17","url":"https://gazette.example/a-17","section":\
"world"},"author":{"id":"reader-4","name":"Jo"},"form_seconds":41.5}'
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer %s"
"""


@dataclass(frozen=True)
class Round:
    """Requests per second, the 99th percentile in milliseconds, answers that were errors."""

    rate: float
    p99_ms: float
    errors: int


def main() -> None:
    if shutil.which("wrk") is None:
        raise Missing("the program wrk (apt-get install wrk)")
    hello, accept = [], []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        redis = RedisServer()
        stack.callback(redis.close)
        settings = Settings(
            data_dir=folder, redis_url=redis.url, secret=SecretStr("for a benchmark " * 3)
        )
        script = folder / "post.lua"
        script.write_text(_SCRIPT % _prepared(settings))
        plain = stack.enter_context(_served(settings, folder, "tests.bench.hello:app"))
        ours = stack.enter_context(_served(settings, folder))
        for url, more in ((plain, []), (f"{ours}/v1/comments", ["-s", str(script)])):
            _wrk(url, 1, *more)
        for _ in range(_ROUNDS):
            hello.append(_wrk(plain, _SECONDS))
            accept.append(_wrk(f"{ours}/v1/comments", _SECONDS, "-s", str(script)))
            _drain(settings)
    _report(hello, accept)


def _report(hello: list[Round], accept: list[Round]) -> None:
    ratios = [mine.rate / bare.rate for bare, mine in zip(hello, accept, strict=True)]
    print(f"bare hello    {median(r.rate for r in hello):7.0f} requests/s")  # noqa: T201
    print(f"accept        {median(r.rate for r in accept):7.0f} comments/s")  # noqa: T201
    print(f"ratio         {median(ratios):7.2f}  (needed 0.25, wanted 0.50)")  # noqa: T201
    print(f"p99           {median(r.p99_ms for r in accept):7.1f} ms (at most 60)")  # noqa: T201
    print(f"p99 of hello  {median(r.p99_ms for r in hello):7.1f} ms")  # noqa: T201
    print(f"load          {os.getloadavg()[0]:7.1f}")  # noqa: T201
    print(f"errors        {sum(r.errors for r in accept):7d}")  # noqa: T201


def _prepared(settings: Settings) -> str:
    """Return the key of a site in a migrated database."""
    migrate(settings)
    engine = make_engine(settings)
    try:
        return create_site("Gazette", open_store=sql_store(engine), now=utc_now()).issued.secret
    finally:
        engine.dispose()


def _drain(settings: Settings) -> None:
    engine = make_engine(settings)
    with engine.connect() as connection:
        connection.execute(text("UPDATE comments SET status = 'approved' WHERE status = 'pending'"))
        connection.commit()
    engine.dispose()


@contextmanager
def _served(settings: Settings, folder: Path, *app: str) -> Iterator[str]:
    port = free_port()
    program = Program(
        ["-m", "gunicorn", "-c", "python:moderation.supervisor.gunicorn_conf", "--bind",
         f"127.0.0.1:{port}", *app],
        environment(
            settings,
            MODERATION_RATE_LIMIT="100000/second",
            MODERATION_MAX_BACKLOG="1000000",
            PROMETHEUS_MULTIPROC_DIR=str(folder / f"metrics-{port}"),
        ),
        folder / f"{port}.log",
    )  # fmt: skip
    program.start()
    url = f"http://127.0.0.1:{port}"
    try:
        eventually(lambda: _answers(url), within_s=20)
        yield url
    finally:
        program.close()


def _answers(url: str) -> bool:
    try:
        httpx2.get(url, timeout=1)
    except httpx2.HTTPError:
        return False
    return True


def _wrk(url: str, seconds: int, *more: str) -> Round:
    said = subprocess.run(
        ["wrk", "-t2", f"-c{_CONNECTIONS}", f"-d{seconds}s", "--latency", *more, url],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    return Round(
        rate=float(_found(r"Requests/sec:\s+([\d.]+)", said)),
        p99_ms=_milliseconds(_found(r"\n\s+99%\s+(\S+)", said)),
        errors=int(failed[1]) if failed else 0,
    )


def _found(pattern: str, said: str) -> str:
    match = re.search(pattern, said)
    assert match is not None, said
    return match[1]


def _milliseconds(measure: str) -> float:
    for unit, factor in (("us", 0.001), ("ms", 1.0), ("s", 1000.0)):
        if measure.endswith(unit):
            return float(measure.removesuffix(unit)) * factor
    raise ValueError(measure)
