"""JSON lines of texts in, JSON lines of scores out: streaming, in order, on all cores."""

import json
import queue
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict
from datetime import UTC, datetime
from typing import IO, Any, Final, Self

from moderation.domain.comment import Comment
from moderation.domain.text import visible
from moderation.ports.language import RecogniseLanguage
from moderation.ports.marking import WordMarker
from moderation.ports.scorer import Scorer
from moderation.usecases.marking import DEFAULT_POLICY, marked
from moderation.usecases.measuring import measure

Answer = dict[str, Any]

_AHEAD: Final = 64
"""Lines read per thread before the first of them must be answered."""


def score_lines(
    lines: Iterable[bytes],
    out: IO[bytes],
    *,
    scorers: Sequence[Scorer],
    recognise: RecogniseLanguage,
    marker: WordMarker,
    language: str | None,
    threads: int,
) -> int:
    """Answer each line ``{"text": …}`` with ``{"scores": {signal: value}, "spans": […]}``.

    Each span is ``{"start": …, "end": …, "source": signal}``, a word that carries a score, where
    the default policy would hold the text.

    An answer is written as soon as it and all before it are known, so that a person or a
    program may type a line and wait. The model runs outside Python's lock, hence threads.
    A line that is not such an object, whose text shows nothing, or whose text a scorer failed
    on, is answered ``{"error": …}``: scores that lack a signal, or are those of no text, would
    look like those of a harmless one.

    Returns:
        0, or 1 if a line was answered with an error.

    Raises:
        OSError: *out* takes no more, which a BrokenPipeError says of a reader that has gone.
            The lines after that are not read.
    """
    answers = Answers(out, ahead=_AHEAD * threads)

    with ThreadPoolExecutor(threads) as pool, answers:
        for line in lines:
            if answers.refused:
                break
            if line.strip():
                answers.put(pool.submit(_answer, line, scorers, recognise, marker, language))
    if answers.refused:
        raise answers.refused
    return int(answers.faulty)


class Answers:
    """Writes answers in the order in which they were asked for, from a thread of its own.

    ``refused``: why *out* takes no more, once it does not. ``faulty``: an answer was an error.
    Complete once the context has ended.
    """

    def __init__(self, out: IO[bytes], *, ahead: int) -> None:
        self.refused: OSError | None = None
        self.faulty = False
        self._out = out
        self._queue: queue.Queue[Future[Answer] | None] = queue.Queue(maxsize=ahead)
        self._thread = threading.Thread(target=self._write, name="writer")

    def put(self, answer: Future[Answer]) -> None:
        """Add an answer; wait while too many have not been written."""
        self._queue.put(answer)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._queue.put(None)
        self._thread.join()

    def _write(self) -> None:
        """Write until the end; when nobody takes the answers, only keep the queue from filling."""
        while (future := self._queue.get()) is not None:
            if self.refused is None:
                self._write_one(future)

    def _write_one(self, future: Future[Answer]) -> None:
        broken = future.exception()
        answer = {"error": f"not scored: {type(broken).__name__}"} if broken else future.result()
        self.faulty |= "error" in answer
        try:
            self._out.write(json.dumps(answer).encode() + b"\n")
            self._out.flush()
        except OSError as error:
            self.refused = error


def _answer(
    line: bytes,
    scorers: Sequence[Scorer],
    recognise: RecogniseLanguage,
    marker: WordMarker,
    language: str | None,
) -> Answer:
    text = _text(line)
    if text is None:
        return {"error": "not a JSON object with a text"}
    if not visible(text):
        return {"error": "the text must have at least one visible character"}
    comment = _comment(text, language)
    [measured] = measure(scorers, [comment], recognise=recognise)
    if measured.failed:
        return {"error": f"not scored: {', '.join(measured.failed)} failed"}
    words = marked(marker, comment, DEFAULT_POLICY, measured.scores)
    return {"scores": measured.scores, "spans": [asdict(word) for word in words]}


def _text(line: bytes) -> str | None:
    try:
        given = json.loads(line)
    except (ValueError, RecursionError):
        return None
    text = given.get("text") if isinstance(given, dict) else None
    return text if isinstance(text, str) else None


def _comment(text: str, language: str | None) -> Comment:
    return Comment(id="", site_id="", body=text, language=language, received_at=datetime.now(UTC))
