"""Promise 1: every 202 reaches exactly one automatic decision, whatever is killed.

The scorer never says the same twice, so that only compare-and-set can keep decisions single.
"""

import os
import time

import pytest

from tests.chaos.town import Town, havoc
from tests.waiting import eventually

COMMENTS = int(os.environ.get("CHAOS_COMMENTS", "1000"))
KILLS = int(os.environ.get("CHAOS_KILLS", "10"))
MEAN_PAUSE_S = 1.3


@pytest.mark.chaos
@pytest.mark.timeout(7200)
def test_no_comment_is_lost_or_decided_twice_whatever_is_killed(town: Town) -> None:
    town.settle_in()
    began = time.monotonic()
    comments, kills = _scale(town)
    lasts_s = kills * len(town.targets()) * MEAN_PAUSE_S
    clients = town.submit(comments, over_s=lasts_s * 0.9)

    havoc(
        town,
        kills_each=kills,
        until=lambda: not any(client.is_alive() for client in clients),
        seed=int(began),
    )
    town.restart_the_dead()
    eventually(lambda: not town.pending(), within_s=60)
    eventually(lambda: not town.owed(), within_s=60)

    assert len(set(town.told.comments)) == comments
    assert town.lost() == []
    assert town.wrongly_decided() == []
    messages = town.messages()
    assert {version: bodies for version, bodies in messages.items() if len(bodies) > 1} == {}
    assert messages.keys() == town.decisions()
    _report(town, time.monotonic() - began)


def test_without_the_sweep_a_wiped_redis_loses_comments(town: Town) -> None:
    """The negative control: what the test above looks for can happen."""
    town.settle_in(["api", "worker"])
    for client in town.submit(20, over_s=1):
        client.join()
    eventually(lambda: not town.lost(), within_s=20)

    town.redis.kill()
    for client in town.submit(5, over_s=0):
        client.join()
    town.redis.start()
    town.redis.wipe()

    with pytest.raises(AssertionError):
        eventually(lambda: not town.lost(), within_s=6)
    assert len(town.lost()) == 5


def _scale(town: Town) -> tuple[int, int]:
    """Return how many comments and how many kills of each; in CI, SQLite gets fewer of both.

    On PostgreSQL the database itself is among what is killed.
    """
    if town.postgres is not None or KILLS > 10:
        return COMMENTS, KILLS
    return COMMENTS // 4, 3


def _report(town: Town, seconds: float) -> None:
    """Print the figures that docs/reliability.md quotes."""
    kept = "PostgreSQL" if town.postgres is not None else "SQLite"
    print(  # noqa: T201
        f"{kept}: {len(town.told.comments)} comments, {len(town.told.edits)} edits,"
        f" {town.told.tries} requests, {len(town.receiver.received)} webhooks"
        f" for {len(town.messages())} decisions,"
        f" kills {dict(town.kills)}, {seconds:.0f} s"
    )
