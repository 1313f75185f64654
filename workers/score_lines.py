"""JSON lines of texts in, JSON lines of scores out: streaming, in order, on all cores."""

import json
import queue
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from typing import IO, Final

from moderation.domain.comment import Comment
from moderation.ports.scorer import Scorer
from moderation.usecases.measuring import measure

_AHEAD: Final = 64
"""Lines read per thread before the first of them must be answered."""


def score_lines(
    lines: Iterable[bytes],
    out: IO[bytes],
    *,
    scorers: Sequence[Scorer],
    language: str | None,
    threads: int,
) -> int:
    """Answer each line ``{"text": …}`` with ``{"scores": {signal: value}}``.

    An answer is written as soon as it and all before it are known, so that a person or a
    program may type a line and wait. The model runs outside Python's lock, hence threads.
    A line that is not such an object is answered ``{"error": …}``.

    Returns:
        0, or 1 if a line was faulty.
    """
    answers: queue.Queue[Future[bytes] | None] = queue.Queue(maxsize=_AHEAD * threads)
    faulty = threading.Event()

    def answer(line: bytes) -> bytes:
        text = _text(line)
        if text is None:
            faulty.set()
            return b'{"error": "not a JSON object with a text"}\n'
        [measured] = measure(scorers, [_comment(text, language)])
        return json.dumps({"scores": measured.scores}).encode() + b"\n"

    def write() -> None:
        while (future := answers.get()) is not None:
            out.write(future.result())
            out.flush()

    writer = threading.Thread(target=write, name="writer")
    writer.start()
    with ThreadPoolExecutor(threads) as pool:
        for line in lines:
            if line.strip():
                answers.put(pool.submit(answer, line))
        answers.put(None)
        writer.join()
    return int(faulty.is_set())


def _text(line: bytes) -> str | None:
    try:
        given = json.loads(line)
    except ValueError:
        return None
    text = given.get("text") if isinstance(given, dict) else None
    return text if isinstance(text, str) else None


def _comment(text: str, language: str | None) -> Comment:
    return Comment(id="", site_id="", body=text, language=language, received_at=datetime.now(UTC))
