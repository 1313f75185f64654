"""Run the Detoxify library itself: the reference that the served weights are compared with."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import torch
from detoxify import Detoxify
from tokenizers import Tokenizer

from workers.engines.calibrated import Calibration, logits_of
from workers.engines.card import ScorerCard
from workers.engines.errors import ModelUnavailable
from workers.engines.folder import TOKENIZER, ModelFolder
from workers.engines.lexicon import marked_by_lexicon
from workers.engines.windows import Windows

Predict = Callable[[str], Mapping[str, float]]


class DetoxifyEngine:
    """Scores texts with ``Detoxify.predict``, window by window.

    The library reads 512 tokens and drops the rest without saying so, hence the windows.
    """

    def __init__(self, predict: Predict, windows: Windows, card: ScorerCard) -> None:
        """Wrap a loaded library.

        *card* tells the signals, the hash of the weights and the calibration.

        Raises:
            ModelUnavailable: The calibration cannot be used.
        """
        self._predict = predict
        self._windows = windows
        self.card = card
        self.signals = card.signals
        self._calibration = Calibration.of(card)
        self.model_hash = self._calibration.model_hash(card.sha256)

    def score(self, texts: Sequence[str]) -> list[dict[str, float]]:
        try:
            return [self._score(text) for text in texts]
        except RuntimeError as error:  # torch reports memory exhaustion this way
            raise ModelUnavailable(f"the model failed: {type(error).__name__}") from error

    def mark(self, text: str) -> list[tuple[int, int]]:
        return marked_by_lexicon(text)

    def _score(self, text: str) -> dict[str, float]:
        found = [self._predict(window.text) for window in self._windows.of(text)]
        scores = {signal: max(float(each[signal]) for each in found) for signal in self.signals}
        if not self._calibration.curves:
            return scores
        return self._calibration.scores(self.signals, logits_of(list(scores.values())))


def load(model: str, folder: Path, cache: Path, *, threads: int = 1) -> DetoxifyEngine:
    """Load the library on a model folder's weights.

    Where the checkpoint itself is not at hand the served eight-bit weights are put back
    into its format, once, under *cache*.

    Raises:
        ModelUnavailable: The folder or the checkpoint cannot be read.
    """
    # Only this engine needs the training side, and only here.
    from workers.training.reference import checkpoint_for  # noqa: PLC0415

    checked = ModelFolder.open(folder)
    checkpoint = checkpoint_for(model, folder, cache)
    torch.set_num_threads(threads)
    library = Detoxify(checkpoint=str(checkpoint), huggingface_config_path=str(checkpoint.parent))
    windows = Windows(Tokenizer.from_file(str(folder / TOKENIZER)), checked.card.token_limit)
    return DetoxifyEngine(library.predict, windows, checked.card)
