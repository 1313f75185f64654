"""Writers of several processes take turns; the turn itself protects nothing."""

import time
from pathlib import Path
from threading import Thread

from moderation.adapters.sql_store.turn import Turn, poll


def _soon(seconds: float) -> float:
    return time.monotonic() + seconds


def test_the_turn_is_one_processs_at_a_time(tmp_path: Path) -> None:
    mine, theirs = Turn(tmp_path / "m.db"), Turn(tmp_path / "m.db")
    order: list[str] = []

    def follow() -> None:
        with theirs.taken(_soon(10)):
            order.append("theirs")

    follower = Thread(target=follow)
    with mine.taken(_soon(10)):
        follower.start()
        assert not poll(lambda: bool(order), _soon(0.1))
        order.append("mine")
    follower.join(10)
    assert order == ["mine", "theirs"]


def test_whoever_waited_too_long_goes_on_without_it(tmp_path: Path) -> None:
    mine, theirs = Turn(tmp_path / "m.db"), Turn(tmp_path / "m.db")

    with mine.taken(_soon(10)), theirs.taken(_soon(0.05)):
        pass
    with theirs.taken(_soon(10)):
        pass


def test_where_no_file_can_be_made_everybody_goes_on_without_it(tmp_path: Path) -> None:
    turn = Turn(tmp_path / "nowhere" / "m.db")

    with turn.taken(_soon(0.05)), turn.taken(_soon(0.05)):
        pass


def test_polling_ends_with_success_or_at_its_deadline() -> None:
    assert poll(lambda: True, _soon(0))
    assert not poll(lambda: False, _soon(0.01))


def test_whoever_waits_long_asks_seldom() -> None:
    asked = []

    def ask() -> bool:
        asked.append(time.monotonic())
        return False

    assert not poll(ask, _soon(0.2))

    assert len(asked) < 70
