"""What the other sources teach of one is measured on rows that no run was taught."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from workers.training.data import Example
from workers.training.left_out import (
    FINISHED,
    RESULTS,
    TABLE,
    Score,
    as_markdown,
    leave_one_out,
)


def pool(name: str, *, toxic_only: bool = False) -> list[Example]:
    return [
        Example(f"{name} reader {i} {'fool' if i % 2 else 'friend'}", (float(i % 2), *[None] * 5))
        for i in range(60)
        if i % 2 or not toxic_only
    ]


POOLS = {"news": pool("news"), "talk": pool("talk"), "spans": pool("spans", toxic_only=True)}


class Teacher:
    """Learns the first words of texts, and tells fools from friends only where it knows them."""

    def __init__(self, *, stops_at: int = 99) -> None:
        self.taught: list[tuple[str, set[str]]] = []
        self._left = stops_at

    def __call__(self, listed: Sequence[Example], folder: Path) -> Score:
        if not self._left:
            raise KeyboardInterrupt
        self._left -= 1
        known = {e.text.split()[0] for e in listed}
        self.taught.append((folder.name, {e.text for e in listed}))
        return lambda texts: [
            float("fool" in text) if text.split()[0] in known else 0.5 for text in texts
        ]


def test_a_source_is_measured_without_it_and_with_it(tmp_path: Path) -> None:
    news, talk, spans = leave_one_out(POOLS, Teacher(), tmp_path)

    assert (news.left_out, news.taken_in) == (0.5, 1.0)
    assert (talk.left_out, talk.taken_in) == (0.5, 1.0)
    assert 0 < news.toxic < news.texts
    assert (spans.left_out, spans.taken_in) == (None, None)


def test_no_row_that_is_measured_was_taught_and_all_others_were(tmp_path: Path) -> None:
    measured: set[str] = set()
    teacher = Teacher()

    def teach(listed: Sequence[Example], folder: Path) -> Score:
        score = teacher(listed, folder)

        def noted(texts: Sequence[str]) -> Sequence[float]:
            measured.update(texts)
            return score(texts)

        return noted

    leave_one_out({name: POOLS[name] for name in ("news", "talk")}, teach, tmp_path)

    every = {e.text for name in ("news", "talk") for e in POOLS[name]}
    taught = set.union(*(texts for _, texts in teacher.taught))
    assert measured
    assert taught == every - measured


def test_what_was_finished_before_it_was_stopped_is_not_done_again(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        leave_one_out(POOLS, Teacher(stops_at=3), tmp_path)
    with (tmp_path / FINISHED).open("a") as lines:
        lines.write('{"source": "ta')  # stopped in the middle of a line
    teacher = Teacher()

    found = leave_one_out(POOLS, teacher, tmp_path)

    assert "without-news" not in [folder for folder, _ in teacher.taught]
    assert [each.source for each in found] == list(POOLS)
    assert found == leave_one_out(POOLS, Teacher(stops_at=0), tmp_path)


def test_the_table_shows_what_was_lost_and_leaves_blank_what_has_no_auc(tmp_path: Path) -> None:
    found = leave_one_out(POOLS, Teacher(), tmp_path)

    table = (tmp_path / TABLE).read_text()

    assert table == as_markdown(found)
    assert "| 0.500 | 1.000 | 0.500 |" in table
    assert "|  |  |  |" in table
    assert '"source": "spans"' in (tmp_path / RESULTS).read_text()
