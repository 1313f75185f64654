"""Run a converted model with ONNX Runtime: no torch, no transformers, little memory."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from workers.engines.calibrated import NOT_CALIBRATED, Calibration
from workers.engines.card import ScorerCard
from workers.engines.errors import ModelUnavailable
from workers.engines.folder import TOKENIZER, WEIGHTS, ModelFolder
from workers.engines.windows import Windows


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
        self._run([0])  # the first run allocates: better now than under the first comment

    def score(self, texts: Sequence[str]) -> list[dict[str, float]]:
        return [self._score(text) for text in texts]

    def _score(self, text: str) -> dict[str, float]:
        logits = np.max([self._run(window.ids) for window in self._windows.of(text)], axis=0)
        return self._calibration.scores(self.signals, logits)

    def _run(self, ids: list[int]) -> npt.NDArray[np.float32]:
        try:
            logits, *_ = self._session.run(None, {"input_ids": np.array([ids], dtype=np.int64)})
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
