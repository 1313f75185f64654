"""Run a converted model with ONNX Runtime: no torch, no transformers, little memory."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from workers.engines.calibrated import NOT_CALIBRATED, Calibration
from workers.engines.card import ScorerCard
from workers.engines.errors import ModelUnavailable
from workers.engines.folder import LOGITS, TOKENIZER, WEIGHTS, WORD_LOGITS, ModelFolder
from workers.engines.lexicon import marked_by_lexicon
from workers.engines.weighing import Bar, Place, Weighed, by_word, heavy, words_in
from workers.engines.windows import Windows

_BAR: Final = Bar(least=0.3, share=0.6)
"""Of a model whose card tells none."""


class OnnxEngine:
    """Scores texts with the weights in a model folder, and the calibration on its card."""

    def __init__(self, folder: Path, *, threads: int = 1, calibrated: bool = True) -> None:
        """Check the folder, then load it.

        Args:
            folder: Whose model.
            threads: Of one run.
            calibrated: False gives the model's own scores, which a calibration is fitted on.

        Raises:
            ModelUnavailable: A file is missing, altered or not a model.
        """
        checked = ModelFolder.open(folder)
        self.card: ScorerCard = checked.card
        self.signals = checked.card.signals
        self._calibration = Calibration.of(checked.card) if calibrated else NOT_CALIBRATED
        self.model_hash = self._calibration.model_hash(checked.card.sha256)
        self._bar = Bar.of(checked.card.spans, otherwise=_BAR)
        try:
            # Both libraries raise bare exceptions of their own for a file they cannot read.
            self._windows = Windows(
                Tokenizer.from_file(str(folder / TOKENIZER)), checked.card.token_limit
            )
            self._session = onnxruntime.InferenceSession(
                str(folder / WEIGHTS), _options(threads), providers=["CPUExecutionProvider"]
            )
        except Exception as error:
            raise ModelUnavailable(f"the model in {folder} cannot be loaded: {error}") from error
        self._outputs = [output.name for output in self._session.get_outputs()]
        self._run([0])  # the first run allocates: better now than under the first comment

    def score(self, texts: Sequence[str]) -> list[dict[str, float]]:
        return [self._score(text) for text in texts]

    def _score(self, text: str) -> dict[str, float]:
        logits = np.max([self._run(window.ids) for window in self._windows.of(text)], axis=0)
        return self._calibration.scores(self.signals, logits)

    def mark(self, text: str) -> list[Place]:
        if WORD_LOGITS not in self._outputs:
            return marked_by_lexicon(text)
        return heavy(self.weigh(text), self._bar)

    def weigh(self, text: str) -> list[Weighed]:
        """Weigh the words of a text by the chance in [0, 1] that each is toxic where it stands.

        Raises:
            ModelUnavailable: The model failed, or it has no output for words.
        """
        return by_word(words_in(text), self._tokens(text))

    def _tokens(self, text: str) -> Iterator[tuple[Place, float]]:
        for window in self._windows.traced(text):
            chances = 1.0 / (1.0 + np.exp(-self._run(window.ids, WORD_LOGITS)))
            for places in window.places:
                for place, chance in zip(places, chances.tolist(), strict=True):
                    if place is not None:
                        yield place, chance

    def _run(self, ids: list[int], output: str = LOGITS) -> npt.NDArray[np.float32]:
        try:
            given = {"input_ids": np.array([ids], dtype=np.int64)}
            (logits,) = self._session.run([output], given)
        except Exception as error:  # the runtime's errors share no public base
            raise ModelUnavailable(f"the model failed: {type(error).__name__}") from error
        found: npt.NDArray[np.float32] = logits[0]
        if not np.isfinite(found).all():
            raise ModelUnavailable("the model gave a score that is not a number")
        return found


def _options(threads: int) -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_mem_pattern = False  # it pays when shapes repeat; lengths of comments do not
    options.log_severity_level = 3
    return options
