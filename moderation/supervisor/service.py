"""The whole service as one thing: start it in order, watch it, end it in order."""

import os
import signal
import time
from collections.abc import Callable
from datetime import datetime
from types import FrameType
from typing import Final

from redis import Redis
from redis.exceptions import RedisError
from rich.console import Console

from moderation.adapters.sql_store import migrate
from moderation.bootstrap import build_services
from moderation.data_folder import DataFolder, complete
from moderation.settings import Settings
from moderation.supervisor.announcement import announce
from moderation.supervisor.children import Children
from moderation.supervisor.demo_site import Demo, ensure_demo
from moderation.supervisor.healthcheck import answers
from moderation.supervisor.lock import lock
from moderation.supervisor.ports import LOOPBACK, is_free
from moderation.supervisor.programs import REDIS, metrics_url, redis_program, service_programs

_STEP_S: Final = 0.1
_START_WITHIN_S: Final = 120.0
_HOPELESS: Final = 2
"""Failures in a row, while starting, after which the start is given up."""

_REDIS_GRACE_S: Final = 5.0


class CannotStart(Exception):
    """The service cannot start; the message is one line for whoever typed the command."""


class _Stopped(Exception):
    """A signal asked the service to end while it was starting."""


class Service:
    """API, scoring, live worker and upkeep, with the embedded Redis unless another is named."""

    def __init__(self, settings: Settings, *, port: int, scorers: int, console: Console) -> None:
        self._settings = settings
        self._port = port
        self._scorers = scorers
        self._console = console
        self._folder = DataFolder.of(settings)
        self._children = Children(self._folder.logs, self._say)
        self._signals = 0
        self._front = os.getppid()

    def run(self) -> int:
        """Run until a signal or the death of the parent; return the exit code.

        Raises:
            CannotStart: Nothing was left running.
            FolderInUse: Somebody else uses the data folder.
            NoRedisServer: There is no Redis to embed.
        """
        self._front = os.getppid()
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(signum, self._note_signal)
        if not is_free(self._port):
            raise CannotStart(f"port {self._port} is taken; choose another one with PORT=...")
        self._folder.create()
        with lock(self._folder):
            try:
                self._start()
                self._watch()
            except _Stopped:
                self._say("stopping")
            finally:
                self._stop()
        return 0

    def _start(self) -> None:
        own_redis = not self._settings.redis_url
        settings = complete(self._settings)
        if own_redis:
            self._children.add(redis_program(self._folder))
            self._wait_for("Redis", lambda: _pings(settings.redis_url))
        demo = _prepare_store(settings, self._folder)
        programs = service_programs(settings, self._folder, port=self._port, scorers=self._scorers)
        api, scoring, live, *others = programs
        for program in (api, scoring, live):
            self._children.add(program)
        base_url = f"http://{LOOPBACK}:{self._port}"
        self._wait_for("the API", lambda: answers(f"{base_url}/readyz"))
        self._wait_for("a scoring worker", lambda: answers(metrics_url(scoring)))
        self._wait_for("the live worker", lambda: answers(metrics_url(live)))
        for program in others:  # later, since all of them at once would take longer to be ready
            self._children.add(program)
        announce(self._console, base_url=base_url, folder=self._folder, demo=demo)

    def _watch(self) -> None:
        while True:
            self._step()

    def _wait_for(self, what: str, ready: Callable[[], bool]) -> None:
        """Keep the programs running until *ready*.

        Raises:
            CannotStart: One of them ends again and again, or it takes too long.
        """
        deadline = time.monotonic() + _START_WITHIN_S
        while not ready():
            self._step()
            failing = self._children.failing(_HOPELESS)
            if failing is not None:
                raise CannotStart(f"{failing} does not start: {self._children.last_words(failing)}")
            if time.monotonic() > deadline:
                raise CannotStart(f"{what} did not answer in {_START_WITHIN_S:g} s")

    def _step(self) -> None:
        if self._signals or os.getppid() != self._front:
            raise _Stopped
        self._children.tick()
        time.sleep(_STEP_S)

    def _stop(self) -> None:
        """End the service while Redis still answers, then Redis, then whatever is left."""
        before = self._signals

        def hurry() -> bool:
            return self._signals > before

        grace_s = self._settings.job_timeout_s + 10
        names = self._children.names()
        self._children.stop([name for name in names if name != REDIS], grace_s, hurry)
        self._children.stop([name for name in names if name == REDIS], _REDIS_GRACE_S, hurry)
        self._children.stop_orphans(_REDIS_GRACE_S)

    def _note_signal(self, _signum: int, _frame: FrameType | None) -> None:
        self._signals += 1

    def _say(self, line: str) -> None:
        try:
            now = datetime.now().astimezone()
            self._console.print(f"{now:%H:%M:%S} {line}", soft_wrap=True, markup=False)
        except OSError:  # the terminal is gone; stopping in good order matters more
            return


def _prepare_store(settings: Settings, folder: DataFolder) -> Demo:
    migrate(settings)
    services = build_services(settings)
    try:
        return ensure_demo(services, folder)
    finally:
        services.close()


def _pings(url: str) -> bool:
    client = Redis.from_url(url)
    try:
        return bool(client.ping())
    except RedisError:  # not there yet, or still loading
        return False
    finally:
        client.close()
