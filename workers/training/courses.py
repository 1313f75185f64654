"""The courses of training that the shipped model went through, one upon the other."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Final, cast

import torch
from transformers import BertForSequenceClassification, BertTokenizer

from workers.training.data import LABELS, Example, draw, held_out
from workers.training.dequantise import CHECKPOINT
from workers.training.first_mixture import first_mixture
from workers.training.library import Loaded, build, read_checkpoint, save_checkpoint
from workers.training.pupil import Pupil, encoder_folder, fresh_model
from workers.training.second_mixture import as_read, second_mixture
from workers.training.sentences import marked_comments
from workers.training.spans import chooses_bar
from workers.training.train import Recipe, train
from workers.training.words import Lessons, WordsHead, restored, teach_words

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Course:
    """What is taught, and how; a course goes on from the weights of the one before."""

    name: str
    mixture: Callable[[Path, int, float], list[Example]]
    """Takes the data folder, a seed, and the part of each source to take."""
    recipe: Recipe


FIRST: Final = Course("first", first_mixture, Recipe())
SECOND: Final = Course(
    "second",
    second_mixture,
    Recipe(seed=20261126, rate=8e-5, head_rate=8e-5, words_weight=0.5, frozen=2),
)
LESSONS: Final = Lessons()
SHARE_OF_SECOND: Final = 0.6
"""Of the weights that ship, beside those of the first course.

Between two courses from the same encoder lie weights that are better out of both courses' domain
than either (Wortsman and others, "Model soups", 2022; "Robust fine-tuning", 2022).
"""


def taught(data: Path, work: Path, *, share: float, threads: int) -> Loaded:
    """Give both courses, going on from what *work* keeps of each, and average what they gave."""
    first = _given(FIRST, None, data, work, share=share, threads=threads)
    second = _given(SECOND, first, data, work, share=share, threads=threads)
    mixed = averaged(_read(second), _read(first), SHARE_OF_SECOND)
    return replace(mixed, words=_words(mixed, data, work, share=share))


def _words(loaded: Loaded, data: Path, work: Path, *, share: float) -> WordsHead:
    """Teach the head for words, unless it was taught for these very weights."""
    kept = work / "words.pt"
    weights = fingerprint_of(loaded.model.state_dict())
    if kept.exists():
        saved = torch.load(kept, weights_only=True)
        if saved["weights"] == weights:
            log.info("the words were learnt before")
            return restored(saved["words"])
    marked = [as_read(e) for e in marked_comments(data, held_out(data)) if not chooses_bar(e.text)]
    few = draw(marked, int(len(marked) * share), "words", LESSONS.seed)
    head = teach_words(
        cast("BertForSequenceClassification", loaded.model).bert,
        few,
        encoder_folder() / "tokenizer.json",
        LESSONS,
    )
    torch.save({"weights": weights, "words": head.kept()}, kept)
    return head


def fingerprint_of(state: Mapping[str, torch.Tensor]) -> str:
    """Digest weights, so that what was made for some is not taken for others."""
    digest = sha256()
    for name in sorted(state):
        digest.update(name.encode() + state[name].numpy().tobytes())
    return digest.hexdigest()


def _given(
    course: Course,
    before: Path | None,
    data: Path,
    work: Path,
    *,
    share: float,
    threads: int,
) -> Path:
    """Give a course, unless it was given; return the folder of its checkpoint."""
    kept = work / course.name
    files = kept / "checkpoint"
    if not (files / CHECKPOINT).exists():
        recipe = replace(course.recipe, threads=threads)
        texts = course.mixture(data, recipe.seed, share)
        log.info("%d texts for the %s course", len(texts), course.name)
        torch.manual_seed(recipe.seed)  # of the new heads
        model = _read(before).model if before else fresh_model()
        pupil = train(texts, kept, recipe, Pupil(cast("BertForSequenceClassification", model)))
        write_checkpoint(pupil.model, files)
    return files


def _read(files: Path) -> Loaded:
    return build(read_checkpoint(files / CHECKPOINT), files)


def averaged(one: Loaded, other: Loaded, share: float) -> Loaded:
    """Average the weights of two models, *share* of them from *one*, which gives all else."""
    mixed = _mixed(one.model.state_dict(), other.model.state_dict(), share)
    one.model.load_state_dict(mixed)
    return one


def _mixed(
    one: Mapping[str, torch.Tensor], other: Mapping[str, torch.Tensor], share: float
) -> dict[str, torch.Tensor]:
    return {
        name: share * tensor + (1 - share) * other[name] if tensor.is_floating_point() else tensor
        for name, tensor in one.items()
    }


def write_checkpoint(
    model: BertForSequenceClassification, files: Path, *, words: WordsHead | None = None
) -> None:
    """Write what ``Detoxify(checkpoint=…, huggingface_config_path=files)`` loads.

    Args:
        model: With the labels of LABELS.
        files: Folder to write.
        words: The head that tells toxic words, if one was taught.
    """
    model.config.architectures = [type(model).__name__]
    model.config.id2label = dict(enumerate(LABELS))
    model.config.label2id = {label: i for i, label in enumerate(LABELS)}
    model.config.save_pretrained(files)
    tokenizer = BertTokenizer.from_pretrained(encoder_folder(), model_max_length=512)
    tokenizer.save_pretrained(files)
    save_checkpoint(
        files / CHECKPOINT,
        model.state_dict(),
        model_name="BertForSequenceClassification",
        tokenizer_name="BertTokenizer",
        files=files,
        signals=LABELS,
        words=words,
    )
