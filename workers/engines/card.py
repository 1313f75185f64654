"""A scorer's own account of itself, kept beside its weights."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, cast

from workers.engines.errors import ModelUnavailable


@dataclass(frozen=True, slots=True)
class ScorerCard:
    """Name, origin and limits of a model.

    ``languages``: ISO 639-1 codes the model was trained on; empty when nobody said.
    ``token_limit``: tokens read at once; longer texts are read in windows, see ``windows``.
    ``sha256``: of the weights as served. ``figures``: measured, by data set.
    ``thresholds``: those of the default policy, and what they do together on dev sets;
    empty where nothing was measured.
    ``spans``: ``threshold`` and ``share`` of the heaviest that a word must reach to be marked, and
    how well the words then agree with people's; empty for a model that tells no words.
    ``quantisation``: how far the served weights are from those that were trained.
    ``calibration``: how the model's scores become probabilities, at which base rates, fitted on
    what and with which error before and after; empty where scores are the model's own.
    ``combination``: what a score that is made of several measurements weighs each with; empty
    for a model that makes none.
    """

    name: str
    version: str
    sha256: str
    signals: tuple[str, ...]
    languages: tuple[str, ...]
    licence: str
    token_limit: int
    credits: tuple[str, ...] = ()
    known_biases: tuple[str, ...] = ()
    how_trained: str = ""
    figures: Mapping[str, Any] = field(default_factory=dict)
    quantisation: Mapping[str, Any] = field(default_factory=dict)
    thresholds: Mapping[str, Any] = field(default_factory=dict)
    calibration: Mapping[str, Any] = field(default_factory=dict)
    spans: Mapping[str, Any] = field(default_factory=dict)
    combination: Mapping[str, Any] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """Write the card as readable JSON."""
        path.write_text(json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n", "utf-8")

    @classmethod
    def read(cls, path: Path) -> "ScorerCard":
        """Read a card.

        Raises:
            ModelUnavailable: It is missing, not JSON, or lacks a field.
        """
        try:
            given: dict[str, Any] = json.loads(path.read_text("utf-8"))
            fields = {k: tuple(v) if isinstance(v, list) else v for k, v in given.items()}
            return cls(**cast("dict[str, Any]", fields))
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise ModelUnavailable(f"{path} is not a scorer card: {error}") from error
