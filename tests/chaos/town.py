"""The whole service as killable processes, the sites that use it, and a receiver that listens."""

import json
import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from moderation.bootstrap import Services
from moderation.domain.comment import Status
from moderation.domain.decision import POLICY
from moderation.domain.delivery import DeliveryStatus
from moderation.settings import Settings
from moderation.supervisor.ports import LOOPBACK
from moderation.usecases.keys import issue_key
from moderation.usecases.webhooks import NewWebhook, add_webhook
from tests.chaos.programs import Program, environment
from tests.servers import PostgresServer, RedisServer, free_port
from tests.waiting import eventually
from tests.webhooks.receiver import Receiver

_EDITED = 10
"""Every so manieth comment is edited after it was accepted."""


@dataclass
class Told:
    """What the service answered to a site: 202 for these comments, and for these edits."""

    comments: list[str] = field(default_factory=list)
    edits: set[str] = field(default_factory=set)
    asked: int = 0
    tries: int = 0


@dataclass
class Town:
    """One site, the service's processes, and what may be killed, by name."""

    settings: Settings
    services: Services
    redis: RedisServer
    postgres: PostgresServer | None
    receiver: Receiver
    folder: Path
    site_id: str
    key: str = ""
    port: int = field(default_factory=free_port)
    programs: dict[str, Program] = field(default_factory=dict)
    kills: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    told: Told = field(default_factory=Told)
    closed: bool = False

    def settle_in(self, names: Sequence[str] = ("api", "worker", "upkeep")) -> None:
        """Make the key and the webhook, and start the processes named."""
        with self.services.open_store() as store:
            self.key = issue_key(store, now=self.services.now(), site_id=self.site_id).secret
        add_webhook(
            self.site_id,
            NewWebhook(url=self.receiver.url, allow_private=True),
            open_store=self.services.open_store,
            privacy=self.services.privacy,
            now=self.services.now(),
        )
        told = environment(
            self.settings,
            MODERATION_API_WORKERS="1",
            MODERATION_RATE_LIMIT="100000/second",
            MODERATION_WEBHOOK_TIMEOUT_S="1",
        )
        api = ["-m", "gunicorn", "-c", "python:moderation.supervisor.gunicorn_conf"]
        commands = {
            "api": [*api, "--bind", f"{LOOPBACK}:{self.port}"],
            "worker": ["-m", "tests.chaos.worker_process", "fickle"],
            "upkeep": ["-m", "workers", "upkeep"],
        }
        for name in names:
            self.programs[name] = Program(commands[name], told, self.folder / f"{name}.log")
        self.restart_the_dead()
        eventually(self._api_answers, within_s=30)

    def restart_the_dead(self) -> None:
        """Do what a supervisor does."""
        for program in self.programs.values():
            if not program.running:
                program.start()
        if not self.redis.running:
            self.redis.start()
        if self.postgres is not None and not self.postgres.running:
            self.postgres.start()

    def kill(self, name: str) -> None:
        """``kill -9`` one of them; every other time Redis also loses all it knew."""
        self.kills[name] += 1
        if name == "redis":
            self.redis.kill()
            self.redis.start()
            if self.kills[name] % 2:
                self.redis.wipe()
        elif name == "database":
            assert self.postgres is not None
            self.postgres.kill()
        else:
            self.programs[name].kill()

    def targets(self) -> list[str]:
        return [*self.programs, "redis", *(["database"] if self.postgres is not None else [])]

    def close(self) -> None:
        self.closed = True
        self.redis.recover()
        if self.postgres is not None:
            self.postgres.thaw()
            self.postgres.start()
        for program in self.programs.values():
            program.close()

    def submit(self, count: int, *, over_s: float, clients: int = 8) -> list[threading.Thread]:
        """Start clients that hand in *count* comments evenly and insist on a 202 for each."""
        first = self.told.asked
        self.told.asked += count
        numbers = iter(range(count))
        lock = threading.Lock()
        began = time.monotonic()

        def client() -> None:
            with httpx2.Client(timeout=5, headers={"Authorization": f"Bearer {self.key}"}) as http:
                while True:
                    with lock:
                        number = next(numbers, None)
                    if number is None:
                        return
                    time.sleep(max(0.0, began + over_s * number / count - time.monotonic()))
                    self._hand_in(http, first + number)

        threads = [threading.Thread(target=client) for _ in range(clients)]
        for thread in threads:
            thread.start()
        return threads

    def _hand_in(self, http: httpx2.Client, number: int) -> None:
        address = f"http://{LOOPBACK}:{self.port}/v1/comments"
        body = {"body": f"comment {number}", "external_id": f"e{number}"}
        comment_id = self._insist(http, "POST", address, body, f"new-{number}")
        self.told.comments.append(comment_id)
        if number % _EDITED == 0:
            edit = {"body": f"comment {number}, edited"}
            self._insist(http, "PATCH", f"{address}/{comment_id}", edit, f"edit-{number}")
            self.told.edits.add(comment_id)

    def _insist(
        self, http: httpx2.Client, method: str, url: str, body: dict[str, str], key: str
    ) -> str:
        """Send a request under one Idempotency-Key until it is answered 202."""
        while not self.closed:
            self.told.tries += 1
            try:
                answer = http.request(method, url, json=body, headers={"Idempotency-Key": key})
            except httpx2.TransportError:
                time.sleep(0.1)
                continue
            if answer.status_code == 202:
                return str(answer.json()["id"])
            assert answer.status_code in {409, 429, 503}, answer.text
            time.sleep(0.1)
        raise SystemExit  # the test is over, whatever came of it

    def _api_answers(self) -> bool:
        try:
            return httpx2.get(f"http://{LOOPBACK}:{self.port}/readyz", timeout=2).is_success
        except httpx2.TransportError:
            return False

    def pending(self) -> int:
        with self.services.open_store(reading=True) as store:
            return store.backlog(limit=100_000).pending

    def owed(self) -> int:
        with self.services.open_store(reading=True) as store:
            return len(store.deliveries(self.site_id, status=DeliveryStatus.OWED, limit=1000))

    def lost(self) -> list[str]:
        """Return acknowledged comments that have no decision on their present text."""
        return [each for each in self.told.comments if self._status(each) is Status.PENDING]

    def wrongly_decided(self) -> list[str]:
        """Return comments with no or more than one automatic decision on their last text."""
        return [each for each in self.told.comments if not self._decided_once(each)]

    def _status(self, comment_id: str) -> Status:
        with self.services.open_store(reading=True) as store:
            return store.comment(self.site_id, comment_id).status

    def _decided_once(self, comment_id: str) -> bool:
        with self.services.open_store(reading=True) as store:
            comment = store.comment(self.site_id, comment_id)
            decisions = store.decisions(self.site_id, comment_id)
        texts = [d.text_version for d in decisions if d.decided_by == POLICY]
        expected = 2 if comment_id in self.told.edits else 1
        return (
            comment.text_version == expected
            and texts.count(expected) == 1
            and len(texts) == len(set(texts))
        )

    def messages(self) -> dict[tuple[str, int], set[bytes]]:
        """Return the distinct bodies that the receiver was sent, by comment and version."""
        bodies: dict[tuple[str, int], set[bytes]] = defaultdict(set)
        for received in list(self.receiver.received):
            data = json.loads(received.body)["data"]
            bodies[data["id"], data["version"]].add(received.body)
        return bodies

    def decisions(self) -> set[tuple[str, int]]:
        """Return every decision on record as comment and version."""
        with self.services.open_store(reading=True) as store:
            return {
                (decision.comment_id, decision.comment_version)
                for comment_id in self.told.comments
                for decision in store.decisions(self.site_id, comment_id)
            }


def havoc(town: Town, *, kills_each: int, until: Callable[[], bool], seed: int) -> None:
    """Kill one process every 0.8 to 1.8 s, in turns, until each was killed often enough.

    Faster would prevent all progress. What is dead is started again as a supervisor does.
    """
    dice = random.Random(seed)  # noqa: S311 - to repeat a run
    while not until() or any(town.kills[name] < kills_each for name in town.targets()):
        for name in dice.sample(town.targets(), len(town.targets())):
            resume_at = time.monotonic() + dice.uniform(0.8, 1.8)
            town.kill(name)
            while time.monotonic() < resume_at:
                time.sleep(0.05)
                town.restart_the_dead()
