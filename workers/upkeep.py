"""The upkeep process: it sends owed webhooks, asks again for what is owed, learns from feedback."""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from moderation.adapters.rq_jobs import UPKEEP
from moderation.adapters.webhook_sender import StandardWebhookSender
from moderation.bootstrap import kept
from moderation.errors import StoreUnavailable
from moderation.settings import Settings
from moderation.usecases.deliver import Delivering, deliver_owed
from moderation.usecases.learn import learn_feedback
from moderation.usecases.sweep import sweep
from workers import wake_up
from workers.lane_worker import work
from workers.process import Process, opened
from workers.spam.loading import ShippedTeacher
from workers.stopping import Stop

logger = logging.getLogger(__name__)

_PAUSE_S: Final = 1.0
_LOOK_S: Final = 0.05
_LEARNING_ENDS_S: Final = 3.0
"""What is being learnt as the process is told to end may take longer, and can be learnt again."""


def serve_upkeep(settings: Settings) -> None:
    """Deliver, sweep and learn until SIGTERM, through every absence of Redis and the store.

    The lane's jobs only wake the thread that delivers, so that no receiver, however slow,
    runs a job into its time-out. What is being sent when the process is told to end is
    still settled.
    """
    stop = Stop()
    stop.listen()
    with opened(settings, stop) as process:
        threads = [
            threading.Thread(target=_sweep_again_and_again, args=[process], name="sweep"),
            threading.Thread(target=_deliver_when_woken, args=[process], name="deliver"),
        ]
        learning = threading.Thread(
            target=_learn_again_and_again, args=[process], name="learn", daemon=True
        )
        for thread in (*threads, learning):
            thread.start()
        try:
            work(UPKEEP, process.redis, stop=stop)
        finally:
            stop.asked = True
            for thread in threads:
                thread.join()
            learning.join(_LEARNING_ENDS_S)


def _sweep_again_and_again(process: Process) -> None:
    services, settings = process.services, process.services.settings

    def sweep_once() -> None:
        sweep(
            open_store=services.open_store,
            jobs=services.jobs,
            now=services.now(),
            kept=kept(settings),
        )

    while not process.stop.asked:
        _try("sweep", sweep_once)
        process.stop.wait(settings.sweep_interval_s)


def _deliver_when_woken(process: Process) -> None:
    services, settings = process.services, process.services.settings
    delivering = Delivering(
        open_store=services.open_store,
        sender=StandardWebhookSender(
            timeout_s=settings.webhook_timeout_s,
            allow_private=settings.webhook_allow_private,
            now=services.now,
        ),
        privacy=services.privacy,
        clock=services.now,
        attempt=timedelta(seconds=settings.webhook_timeout_s),
    )

    def deliver() -> None:
        deliver_owed(
            delivering,
            stopping=lambda: process.stop.asked,
            observe=process.metrics.attempted,
        )

    while not process.stop.asked:
        if wake_up.DELIVERIES.wait(_LOOK_S):
            wake_up.DELIVERIES.clear()
            if not _try("deliver", deliver):
                process.stop.wait(_PAUSE_S)


def _learn_again_and_again(process: Process) -> None:
    services, teacher = process.services, ShippedTeacher()

    def learn() -> None:
        for learnt in learn_feedback(
            teacher,
            open_store=services.open_store,
            clock=services.now,
            stopping=lambda: process.stop.asked,
        ):
            process.metrics.taught(learnt.learnt, learnt.refused)
            if learnt.version is not None:
                logger.info("site %s: correction %d is in force", learnt.site_id, learnt.version)

    while not process.stop.asked:
        _try("learn", learn)
        process.stop.wait(services.settings.learn_interval_s)


def _try(name: str, action: Callable[[], object]) -> bool:
    """Do *action*; say whether it went well. The next sweep makes up for it if not."""
    try:
        action()
    except StoreUnavailable:
        logger.warning("%s: the store cannot be reached, trying again later", name)
        return False
    except Exception as error:  # noqa: BLE001 - the process goes on; its message may quote data
        logger.warning("%s failed: %s", name, type(error).__name__)
        return False
    return True
