"""Texts in, scores out, line by line."""

import io
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence

import psutil
import pytest

from moderation.domain.comment import Comment
from tests.fakes import WordScorer
from workers.score_lines import score_lines


class Uneven(WordScorer):
    """Takes longer for earlier texts, so that threads finish out of order."""

    def score(self, comments: Sequence[Comment]) -> list[dict[str, float]]:
        [comment] = comments
        time.sleep(0.02 if "late" in comment.body else 0)
        return [{"toxicity": 1 / (1 + len(comment.body))}]


def scored(lines: Sequence[bytes], threads: int = 4) -> tuple[int, list[dict[str, object]]]:
    out = io.BytesIO()
    code = score_lines(lines, out, scorers=[Uneven({})], language=None, threads=threads)
    return code, [json.loads(line) for line in out.getvalue().splitlines()]


def test_answers_come_in_the_order_of_the_lines() -> None:
    texts = ["late" if n % 3 == 0 else "x" * n for n in range(60)]

    code, answers = scored([json.dumps({"text": text}).encode() + b"\n" for text in texts])

    assert code == 0
    assert answers == [{"scores": {"toxicity": 1 / (1 + len(text))}} for text in texts]


@pytest.mark.parametrize("line", [b"nonsense\n", b"[]\n", b'{"text": 1}\n', b"{}\n", b"\xff\n"])
def test_a_faulty_line_is_answered_in_its_place(line: bytes) -> None:
    code, answers = scored([b'{"text": "a"}\n', line, b"\n", b'{"text": "b"}\n'])

    assert code == 1
    assert ["error" in answer for answer in answers] == [False, True, False]


def test_a_line_is_answered_before_the_next_one_is_there() -> None:
    read, write = os.pipe()
    out_read, out_write = os.pipe()
    with os.fdopen(read, "rb") as lines, os.fdopen(out_write, "wb") as out:
        arguments = {"scorers": [WordScorer({})], "language": "en", "threads": 2}
        thread = threading.Thread(target=score_lines, args=[lines, out], kwargs=arguments)
        thread.start()
        os.write(write, b'{"text": "hello"}\n')
        answer = os.read(out_read, 1000)
        os.close(write)
        thread.join()
    os.close(out_read)

    assert json.loads(answer) == {"scores": {"toxicity": 0.0}}


def test_the_shipped_model_answers_within_seconds_and_fits_in_little_memory() -> None:
    """A worker is to take 250 MB and 2 s; a loaded machine gets more time here."""
    began = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-m", "workers", "score", "--language", "en"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b'{"text": "You are a complete idiot, see www.example.com"}\n')
        process.stdin.flush()
        scores = json.loads(process.stdout.readline())["scores"]
        took_s = time.monotonic() - began
        held_mb = psutil.Process(process.pid).memory_info().rss / 2**20
        process.stdin.close()

    assert scores["toxicity"] > 0.8
    assert scores["link_density"] == 0.2
    assert took_s < 15
    assert held_mb < 250
