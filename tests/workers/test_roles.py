"""The command line of the workers, and what upkeep does."""

import json
import signal
import socket
import urllib.request
from collections.abc import Iterator

import pytest

from moderation.domain.comment import Status
from moderation.domain.delivery import DeliveryStatus
from moderation.domain.policy import Action
from moderation.usecases.feedback import Said, give_feedback
from moderation.usecases.idempotency import Reply, Request
from moderation.usecases.webhooks import NewWebhook, add_webhook
from tests.fakes import DownScorer
from tests.servers import RedisServer, free_port
from tests.waiting import eventually
from tests.webhooks.receiver import a_receiver
from tests.workers.service import Workers
from workers.health import Heartbeat
from workers.main import main
from workers.scorers.loading import Loaded


@pytest.fixture
def environment(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workers]:
    """Let this process have the settings that a worker process gets."""
    settings = workers.settings
    monkeypatch.setenv("MODERATION_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("MODERATION_REDIS_URL", settings.redis_url)
    monkeypatch.setenv("MODERATION_SECRET", settings.secret.get_secret_value())
    handlers = {signum: signal.getsignal(signum) for signum in (signal.SIGINT, signal.SIGTERM)}
    yield workers
    for signum, handler in handlers.items():
        signal.signal(signum, handler)


@pytest.mark.usefixtures("environment")
def test_health_says_whether_a_worker_of_this_host_is_alive(
    redis_server: RedisServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["health", "scoring"]) == 1
    assert "no sign of life" in capsys.readouterr().err

    with redis_server.client() as redis:
        Heartbeat(redis, "scoring").beat()
    assert main(["health", "scoring"]) == 0

    redis_server.kill()
    assert main(["health", "scoring"]) == 1
    assert "Redis does not answer" in capsys.readouterr().err


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("role", [["scoring"], ["score"], ["rescore", "x"]])
def test_without_a_model_there_is_one_clear_line_and_no_worker(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    role: list[str],
) -> None:
    monkeypatch.setenv("MODERATION_MODEL", "/nowhere/at/all")

    assert main(role) == 1

    said = capsys.readouterr().err
    assert "/nowhere/at/all" in said
    assert said.count("\n") == 1


def test_settings_that_make_no_sense_are_one_clear_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MODERATION_BATCH_SIZE", "none")

    assert main(["health", "live"]) == 1
    assert "MODERATION_BATCH_SIZE" in capsys.readouterr().err


def test_rescoring_reports_what_would_change_and_changes_it_on_demand(
    environment: Workers, capsys: pytest.CaptureFixture[str]
) -> None:
    workers = environment
    [comment] = workers.submit("you are a complete idiot", wake=False)
    with workers.services.open_store() as store:
        store.save(comment.judged(0, risk=0.0, now=workers.services.now()))  # type: ignore[arg-type]
    command = ["rescore", workers.site.id, "--status", "approved", "--since", "2020-01-01"]

    assert main(command) == 0
    flip, summary = map(json.loads, capsys.readouterr().out.splitlines())
    assert (flip["id"], flip["before"], flip["applied"]) == (comment.id, "approved", False)
    assert flip["after"] in {"held", "rejected"}
    assert summary == {"looked_at": 1, "flipped": 1, "applied": 0, "unmeasured": 0}
    assert workers.status(comment) is Status.APPROVED

    assert main([*command, "--apply", "--until", "2100-01-01T00:00:00+00:00"]) == 0
    assert workers.status(comment).value == flip["after"]


def test_rescoring_with_a_model_that_fails_says_so_and_changes_nothing(
    environment: Workers, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.rescoring.load_scorers", lambda _, **__: Loaded([DownScorer()]))
    workers = environment
    [comment] = workers.submit("Well said.", wake=False)
    with workers.services.open_store() as store:
        store.save(comment.judged(Action.APPROVE, risk=0.0, now=workers.services.now()))

    assert main(["rescore", workers.site.id, "--apply"]) == 1

    told = capsys.readouterr()
    assert json.loads(told.out) == {"looked_at": 1, "flipped": 0, "applied": 0, "unmeasured": 1}
    assert told.err.startswith("stopped: none of 1 comments")
    assert told.err.count("\n") == 1
    assert workers.status(comment) is Status.APPROVED


def test_upkeep_sends_what_is_owed_and_counts_it(workers: Workers) -> None:
    port = free_port()
    workers.start("tests.chaos.worker_process", "fickle")
    with a_receiver() as receiver:
        add_webhook(
            workers.site.id,
            NewWebhook(url=receiver.url, allow_private=True),
            open_store=workers.services.open_store,
            privacy=workers.services.privacy,
            now=workers.services.now(),
        )
        workers.start(
            "workers",
            "upkeep",
            MODERATION_METRICS_PORT=str(port),
            MODERATION_WEBHOOK_ALLOW_PRIVATE="true",
        )
        comments = workers.submit("one", "two")
        eventually(lambda: len(receiver.received) == 2, within_s=20)
        told = {json.loads(received.body)["data"]["id"] for received in receiver.received}
        eventually(lambda: not owed(workers), within_s=10)

    assert told == {comment.id for comment in comments}
    exported = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics").read().decode()
    assert 'moderation_webhook_attempts_total{outcome="delivered"} 2.0' in exported


def test_a_worker_reads_the_same_text_once_and_holds_what_it_cannot_read(
    workers: Workers,
) -> None:
    port = free_port()
    workers.start("workers", "scoring", MODERATION_METRICS_PORT=str(port))
    seen, hidden, foreign = workers.submit(
        "You are a complete idiot.",
        "You are a com\u200bplete idi\u200bot.",
        "Du bist ein dummes Schwein und solltest besser schweigen.",
    )
    workers.all_decided(within_s=30)
    exported = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics").read().decode()

    with workers.services.open_store(reading=True) as store:
        [first], [second], [third] = [
            store.decisions(workers.site.id, comment.id) for comment in (seen, hidden, foreign)
        ]
    assert first.scores["toxicity"] == second.scores["toxicity"]
    assert first.scores["toxicity"] > 0.8
    assert workers.status(foreign) is Status.HELD
    assert "toxicity" not in third.scores
    assert "seems to be in German" in third.reasons[0].text
    assert 'moderation_score_cache_total{result="hit"} 1.0' in exported
    assert 'moderation_score_cache_total{result="miss"} 1.0' in exported


def owed(workers: Workers) -> int:
    with workers.services.open_store(reading=True) as store:
        return len(store.deliveries(workers.site.id, status=DeliveryStatus.OWED, limit=10))


def test_a_taken_metrics_port_keeps_no_worker_from_its_work(workers: Workers) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        workers.start("tests.chaos.worker_process", "fickle", MODERATION_METRICS_PORT=port)
        workers.submit("hello")

        workers.all_decided(within_s=15)


def test_upkeep_outlasts_a_store_that_is_not_there(workers: Workers) -> None:
    """Its data folder has no tables: every sweep and every delivery fails."""
    upkeep = workers.start(
        "workers", "upkeep", MODERATION_DATABASE_URL="postgresql://x@127.0.0.1:1/none"
    )
    eventually(lambda: upkeep.log.read_text().count("cannot be reached") >= 2, within_s=20)

    assert upkeep.running
    upkeep.terminate()
    assert upkeep.exit_code(10) == 0
    upkeep.log.write_text("")


def test_upkeep_learns_what_a_site_says_of_spam(workers: Workers) -> None:
    [comment] = workers.submit("Cheapest fridges delivered, ring Quentin", wake=False)
    services, site_id = workers.services, workers.site.id
    give_feedback(
        comment.id,
        Said(True),
        Request(site_id=site_id, now=services.now()),
        reply=lambda _: Reply(202, "{}"),
        open_store=services.open_store,
    )

    def in_force() -> int:
        with services.open_store(reading=True) as store:
            return store.correction_in_force(site_id)

    workers.start("workers", "upkeep", MODERATION_LEARN_INTERVAL_S="0.2")

    eventually(lambda: in_force() == 1, within_s=60)
