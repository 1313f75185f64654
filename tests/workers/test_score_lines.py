"""Texts in, scores out, line by line."""

import errno
import io
import itertools
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import psutil
import pytest

from moderation.domain.comment import Comment
from moderation.ports.language import RecogniseLanguage, recognise_none
from moderation.ports.marking import NoWords
from moderation.ports.scorer import Scorer
from tests.fakes import DownScorer, FixedScorer, WordListMarker, WordScorer
from workers.score_lines import score_lines


class Uneven(WordScorer):
    """Takes longer for earlier texts, so that threads finish out of order."""

    def score(self, comments: Sequence[Comment]) -> list[dict[str, float]]:
        [comment] = comments
        time.sleep(0.02 if "late" in comment.body else 0)
        return [{"toxicity": 1 / (1 + len(comment.body))}]


class Breaking(WordScorer):
    def score(self, comments: Sequence[Comment]) -> list[dict[str, float]]:
        raise RuntimeError


class Panicking(WordScorer):
    """Breaks as extensions written in Rust do: with what is no Exception."""

    def score(self, comments: Sequence[Comment]) -> list[dict[str, float]]:
        class Panic(BaseException):
            pass

        raise Panic


def scored(
    lines: Sequence[bytes],
    *,
    scorers: Sequence[Scorer] = (Uneven({}),),
    recognise: RecogniseLanguage = recognise_none,
) -> tuple[int, list[dict[str, object]]]:
    out = io.BytesIO()
    code = score_lines(
        lines,
        out,
        scorers=scorers,
        recognise=recognise,
        marker=WordListMarker(("idiot",)),
        language=None,
        threads=4,
    )
    return code, [json.loads(line) for line in out.getvalue().splitlines()]


def test_answers_come_in_the_order_of_the_lines() -> None:
    texts = ["late" if n % 3 == 0 else "x" * n for n in range(60)]

    code, answers = scored([json.dumps({"text": text}).encode() + b"\n" for text in texts])

    assert code == 0
    assert answers == [{"scores": {"toxicity": 1 / (1 + len(text))}, "spans": []} for text in texts]


def test_the_words_that_carry_a_high_score_are_told_with_it() -> None:
    [answer] = scored([b'{"text": "an idiot"}'], scorers=[FixedScorer({"toxicity": 0.9})])[1]

    assert answer["spans"] == [{"start": 3, "end": 8, "source": "toxicity"}]


@pytest.mark.parametrize("text", ["", " \n", "\u200b\u2060"])
def test_a_text_that_shows_nothing_gets_an_error_and_no_scores(text: str) -> None:
    code, answers = scored([json.dumps({"text": text}).encode(), b'{"text": "a"}'])

    assert code == 1
    assert answers[0] == {"error": "the text must have at least one visible character"}
    assert list(answers[1]) == ["scores", "spans"]


@pytest.mark.parametrize(
    "line", [b"nonsense\n", b"[]\n", b'{"text": 1}\n', b"{}\n", b"\xff\n", b"[" * 100_000]
)
def test_a_faulty_line_is_answered_in_its_place(line: bytes) -> None:
    code, answers = scored([b'{"text": "a"}\n', line, b"\n", b'{"text": "b"}\n'])

    assert code == 1
    assert ["error" in answer for answer in answers] == [False, True, False]


@pytest.mark.parametrize(
    "broken", [DownScorer(), FixedScorer({"toxicity": float("nan")}), Breaking({}), Panicking({})]
)
def test_a_text_that_a_scorer_fails_on_gets_an_error_and_no_scores(broken: Scorer) -> None:
    code, answers = scored([b'{"text": "a"}\n'] * 3, scorers=[FixedScorer({"links": 0}), broken])

    assert code == 1
    assert [list(answer) for answer in answers] == [["error"]] * 3


class Refusing(io.BytesIO):
    """Takes one line, as ``head -1`` does, or as a disk that is then full."""

    def __init__(self, error: OSError) -> None:
        super().__init__()
        self.error = error

    def flush(self) -> None:
        if self.getvalue().count(b"\n") > 1:
            raise self.error


@pytest.mark.parametrize("error", [BrokenPipeError(), OSError(errno.ENOSPC, "No space left")])
def test_when_nobody_takes_the_answers_the_rest_is_not_even_read(error: OSError) -> None:
    read = itertools.count()
    endless = (b'{"text": "a"}\n' for _ in read)

    with pytest.raises(type(error)):
        score_lines(
            endless,
            Refusing(error),
            scorers=[Uneven({})],
            recognise=recognise_none,
            marker=NoWords(),
            language=None,
            threads=2,
        )

    assert next(read) < 1000


def test_a_reader_that_goes_away_ends_the_program_without_a_word(tmp_path: Path) -> None:
    lines = tmp_path / "lines.jsonl"
    lines.write_bytes(b'{"text": "hello"}\n' * 20_000)
    with (
        lines.open("rb") as typed,
        subprocess.Popen(
            [sys.executable, "-m", "workers", "score"],
            stdin=typed,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process,
    ):
        assert process.stdout is not None
        assert process.stderr is not None
        assert b"scores" in process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()

    assert (process.returncode, said) == (1, b"")


def test_a_line_is_answered_before_the_next_one_is_there() -> None:
    read, write = os.pipe()
    out_read, out_write = os.pipe()
    with os.fdopen(read, "rb") as lines, os.fdopen(out_write, "wb") as out:
        arguments = {
            "scorers": [WordScorer({})],
            "recognise": recognise_none,
            "marker": NoWords(),
            "language": "en",
            "threads": 2,
        }
        thread = threading.Thread(target=score_lines, args=[lines, out], kwargs=arguments)
        thread.start()
        os.write(write, b'{"text": "hello"}\n')
        answer = os.read(out_read, 1000)
        os.close(write)
        thread.join()
    os.close(out_read)

    assert json.loads(answer) == {"scores": {"toxicity": 0.0}, "spans": []}


def test_the_shipped_model_answers_within_seconds_and_fits_in_little_memory() -> None:
    """A worker is to take 250 MB and 2 s; a loaded machine gets more time here.

    The text comes without a language, so that what recognises one is loaded too.
    """
    began = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-m", "workers", "score"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b'{"text": "You are a complete idiot, see www.example.com"}\n')
        process.stdin.flush()
        scores = json.loads(process.stdout.readline())["scores"]
        took_s = time.monotonic() - began
        process.stdin.write(
            b'{"text": "Du bist ein dummes Schwein und solltest besser schweigen."}\n'
        )
        process.stdin.flush()
        foreign = json.loads(process.stdout.readline())["scores"]
        held_mb = psutil.Process(process.pid).memory_info().rss / 2**20
        process.stdin.close()

    assert scores["toxicity"] > 0.8
    assert scores["link_density"] == 0.2
    assert (foreign["link_density"], "toxicity" in foreign) == (0.0, False)
    assert took_s < 15
    assert held_mb < 250
