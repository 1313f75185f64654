"""The shipped spam model: the text model, the combination, and the card that tells of both."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

import numpy as np
from scipy.sparse import csr_matrix

from workers.engines.calibrated import logits_of
from workers.engines.card import ScorerCard
from workers.engines.errors import ModelUnavailable
from workers.engines.folder import CARD, sha256_of
from workers.spam.combination import Combination, inputs
from workers.spam.reading import as_read
from workers.spam.self_promotion import kinds_of_asking, self_promotion
from workers.spam.text_model import WEIGHTS, TextModel

SPAM: Final = "spam"
SPAM_TEXT: Final = "spam_text"
SELF_PROMOTION: Final = "self_promotion"
SHIPPED_SPAM: Final = Path(__file__).parents[1] / "models" / "spam"


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the model makes of one comment.

    ``logit``: calibrated, at the base rate of the card. ``weighed``: what each input added to the
    logit before calibration. ``features``: of shape (1, width), for corrections.
    """

    logit: float
    text_logit: float
    self_promotion: float
    weighed: Mapping[str, float]
    features: csr_matrix


class SpamModel:
    """Tells how likely a comment is spam, from its words and what was found in it."""

    def __init__(self, card: ScorerCard, text: TextModel, combination: Combination) -> None:
        self.card = card
        self.text = text
        self.combination = combination
        self.base_rates: Mapping[str, float] = {SPAM: combination.curve.base_rate}
        fitted = json.dumps([combination.told(), combination.curve_told()], sort_keys=True)
        self.model_hash = sha256(f"{card.sha256}:{fitted}".encode()).hexdigest()

    @classmethod
    def read(cls, folder: Path = SHIPPED_SPAM) -> "SpamModel":
        """Read a model folder.

        Raises:
            ModelUnavailable: A file is missing, broken or not the one that the card tells of.
        """
        card = ScorerCard.read(folder / CARD)
        text = TextModel.read(folder)
        if sha256_of(folder / WEIGHTS) != card.sha256:
            raise ModelUnavailable(f"{folder / CARD} describes other weights than {WEIGHTS}")
        return cls(card, text, Combination.of(card))

    def opinions(
        self, texts: Sequence[str], content: Sequence[Mapping[str, float]]
    ) -> list[Opinion]:
        """Weigh up n comments.

        Args:
            texts: As their writers wrote them.
            content: By comment, its content signals; those that were not measured are left out.
        """
        read = [as_read(text) for text in texts]
        features = self.text.features_of(read)
        logits = self.text.logits(features)
        return [
            # Cutting one row out of a matrix takes a tenth of all the time.
            self._opinion(
                each, float(logits[i]), content[i], features[i] if len(read) > 1 else features
            )
            for i, each in enumerate(read)
        ]

    def _opinion(
        self, read: str, text_logit: float, content: Mapping[str, float], features: csr_matrix
    ) -> Opinion:
        asking = kinds_of_asking(read)
        weighed = self.combination.weighed(inputs(text_logit, asking, content))
        logit = np.asarray(sum(weighed.values()) + self.combination.offset)
        found = self.combination.curve.probabilities(logit)
        return Opinion(
            logit=float(logits_of(found)),
            text_logit=text_logit,
            self_promotion=self_promotion(asking),
            weighed=weighed,
            features=features,
        )
