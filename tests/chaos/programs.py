"""Programs of the service as child processes that a test may kill and start again."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from moderation.settings import Settings


def environment(settings: Settings, **more: str) -> dict[str, str]:
    """Return this process's environment with the settings that a program needs."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("MODERATION_")}
    return {
        **inherited,
        "MODERATION_DATA_DIR": str(settings.data_dir),
        "MODERATION_DATABASE_URL": settings.database_url,
        "MODERATION_REDIS_URL": settings.redis_url,
        "MODERATION_SECRET": settings.secret.get_secret_value(),
        "MODERATION_LEASE_S": str(settings.lease_s),
        "MODERATION_SWEEP_INTERVAL_S": str(settings.sweep_interval_s),
        "MODERATION_WEBHOOK_ALLOW_PRIVATE": str(settings.webhook_allow_private),
        "MODERATION_LOG_LEVEL": "warning",
        **more,
    }


@dataclass
class Program:
    """One program; what it says goes to a log that is shown if a test fails."""

    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    kills: int = 0
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, *self.command],
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """``kill -9`` it and its children."""
        if self._process is not None:
            self.kills += 1
            self._signal_group(signal.SIGKILL)
            self._process.wait(10)

    def terminate(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)

    def exit_code(self, within_s: float = 20.0) -> int:
        """Wait for its end and return how it ended; negative for a signal."""
        assert self._process is not None
        return self._process.wait(within_s)

    def close(self) -> None:
        if self.running:
            self.terminate()
            try:
                self.exit_code(10)
            except subprocess.TimeoutExpired:
                self._signal_group(signal.SIGKILL)
                self.exit_code(10)

    def _signal_group(self, signum: signal.Signals) -> None:
        try:
            os.killpg(self.pid, signum)
        except ProcessLookupError:
            return
