"""What the upkeep process does beside working its lane: the sweep, and owed webhooks."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from moderation.adapters.metrics import PipelineMetrics
from moderation.bootstrap import Services, build_webhook_sender
from moderation.errors import StoreUnavailable
from moderation.usecases.deliver import Delivering, deliver_owed
from moderation.usecases.sweep import sweep
from workers.stopping import Stop

logger = logging.getLogger(__name__)

_STEP_S: Final = 0.05


class Upkeep:
    """Two threads: one sweeps, one sends webhooks whenever it is woken.

    The lane's own jobs only wake the second, so that no receiver, however slow, runs a job
    into its time-out.
    """

    def __init__(self, services: Services, metrics: PipelineMetrics, stop: Stop) -> None:
        self._services = services
        self._metrics = metrics
        self._stop = stop
        self._owed = threading.Event()
        self._threads = [
            threading.Thread(target=self._sweep_again_and_again, name="sweep"),
            threading.Thread(target=self._deliver_when_owed, name="deliver"),
        ]

    def wake(self) -> None:
        """Have owed webhooks sent."""
        self._owed.set()

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        """Wait for what is going on to end; nothing new begins once the process is to stop."""
        for thread in self._threads:
            thread.join()

    def _sweep_again_and_again(self) -> None:
        services = self._services
        while True:
            _guarded(
                "sweep",
                lambda: sweep(
                    open_store=services.open_store, jobs=services.jobs, now=services.now()
                ),
            )
            if self._stop.wait(services.settings.sweep_interval_s):
                return

    def _deliver_when_owed(self) -> None:
        delivering = delivering_of(self._services)
        while not self._stop.asked:
            if self._owed.wait(_STEP_S):
                self._owed.clear()
                _guarded("deliver", lambda: self._deliver(delivering))

    def _deliver(self, delivering: Delivering) -> None:
        deliver_owed(
            delivering,
            stopping=lambda: self._stop.asked,
            observe=lambda outcome: self._metrics.attempted({outcome: 1}),
        )


def delivering_of(services: Services) -> Delivering:
    """Return the ports and bounds of sending that *services* stand for."""
    return Delivering(
        open_store=services.open_store,
        sender=build_webhook_sender(services.settings),
        privacy=services.privacy,
        clock=services.now,
        attempt=timedelta(seconds=services.settings.webhook_timeout_s),
    )


def _guarded(name: str, action: Callable[[], object]) -> None:
    try:
        action()
    except StoreUnavailable:
        logger.warning("%s: the store cannot be reached, trying again", name)
        time.sleep(1.0)
    except Exception as error:  # noqa: BLE001 - the next round may fare better
        logger.warning("%s failed: %s", name, type(error).__name__)
