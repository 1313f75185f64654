"""What a first build does: RQ's default worker forks for each job, and each job loads the model."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from redis import Redis
from rq import Queue
from rq.job import Job

from tests.bench.running import Service
from tests.chaos.programs import Program, environment
from tests.waiting import eventually

_QUEUE: Final = "first-build"


def score(checkpoint: str, text: str) -> dict[str, float]:
    """Load the library on *checkpoint*, score one text, forget all of it: the job."""
    # Imported by the job and not by the worker, which knows nothing of its jobs.
    from detoxify import Detoxify  # noqa: PLC0415

    model = Detoxify(checkpoint=checkpoint, huggingface_config_path=str(Path(checkpoint).parent))
    return {signal: float(value) for signal, value in model.predict(text).items()}


@dataclass(frozen=True, slots=True)
class FirstBuild:
    """A queue, the worker at its end, and the shipped weights as a checkpoint."""

    queue: Queue
    checkpoint: Path

    def work(self, texts: Sequence[str]) -> None:
        """Ask for a job for each text, and return when the last has ended."""
        jobs = [self.queue.enqueue(score, str(self.checkpoint), text) for text in texts]
        for job in jobs:
            eventually(partial(_ended, job), within_s=120)


def _ended(job: Job) -> bool:
    assert not job.is_failed, "the library failed on a text"
    return job.is_finished


@contextmanager
def first_build(service: Service) -> Iterator[FirstBuild]:
    """Run a worker as RQ's own command line starts it."""
    # Only here: nothing else of the benchmark needs torch.
    from workers.engines.registry import SHIPPED  # noqa: PLC0415
    from workers.training.reference import checkpoint_for  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        checkpoint = checkpoint_for("compact", SHIPPED, folder)
        url = service.settings.redis_url
        worker = Program(
            ["-m", "rq.cli", "worker", "--url", url, "--quiet", _QUEUE],
            environment(service.settings),
            folder / "log",
        )
        worker.start()
        try:
            with Redis.from_url(url) as redis:
                yield FirstBuild(Queue(_QUEUE, connection=redis), checkpoint)
        finally:
            worker.close()
