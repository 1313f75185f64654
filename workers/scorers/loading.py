"""What a worker process measures with; of scorers, cheap ones first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from moderation.data_folder import DataFolder
from moderation.ports.language import RecogniseLanguage, recognise_none
from moderation.ports.marking import NoWords, WordMarker
from moderation.ports.scorer import Scorer
from moderation.ports.store import OpenStore
from moderation.settings import Settings
from workers.engines.cached import CachedEngine, Counted, count_nothing
from workers.engines.language import LanguageRecogniser
from workers.engines.registry import load_engine
from workers.scorers.company import CompanyScorer
from workers.scorers.conduct import ConductScorer, FormScorer
from workers.scorers.content import ContentScorer
from workers.scorers.honeypot import HoneypotScorer
from workers.scorers.spam import SpamScorer
from workers.scorers.surroundings import Surroundings
from workers.scorers.toxicity import ToxicityScorer
from workers.spam.model import SpamModel
from workers.spam.stored_corrections import StoredCorrections
from workers.spam.text_model import FEATURES


def _read_nothing(_: OpenStore) -> None:
    """Scorers of texts alone read no store."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """Scorers, what tells the languages that their model was not taught, and what marks words.

    ``of_texts`` measure a text that belongs to no site, ``of_spam`` what speaks for spam, without
    the model of toxicity; where they are empty, ``scorers`` do.
    ``read_from`` gives the store to those scorers that read it; before that they measure nothing.
    """

    scorers: Sequence[Scorer]
    recognise: RecogniseLanguage = recognise_none
    marker: WordMarker = field(default_factory=NoWords)
    read_from: Callable[[OpenStore], None] = _read_nothing
    of_texts: Sequence[Scorer] = ()
    of_spam: Sequence[Scorer] = ()


def load_scorers(settings: Settings, *, counted: Counted = count_nothing) -> Loaded:
    """Load everything that measures a comment with the circumstances of its writing.

    Raises:
        ModelUnavailable: There is no model to score with.
    """
    surroundings = Surroundings()
    corrections = StoredCorrections(features=FEATURES)
    beside: list[Scorer] = [
        HoneypotScorer(),
        FormScorer(),
        *reading_scorers(surroundings),
    ]
    toxicity, recognise = _load_toxicity(settings, counted)
    model, content = SpamModel.read(), ContentScorer().score
    spam = SpamScorer(model, content, corrections, beside)

    def read_from(open_store: OpenStore) -> None:
        surroundings.read_from(open_store)
        corrections.read_from(open_store)

    return Loaded(
        [*beside, spam, toxicity],
        recognise,
        toxicity,
        read_from,
        of_texts=[SpamScorer(model, content), toxicity],
        of_spam=[*beside, spam],
    )


def reading_scorers(surroundings: Surroundings) -> list[Scorer]:
    """Return the scorers that read the store, together."""
    return [ConductScorer(surroundings), CompanyScorer(surroundings)]


def load_text_scorers(settings: Settings, *, counted: Counted = count_nothing) -> Loaded:
    """Load what measures a text on its own, which belongs to no site.

    Args:
        settings: Which model, how it runs, how many scores are remembered.
        counted: Told of each look-up among those.

    Raises:
        ModelUnavailable: There is no model to score with, of toxicity or of spam.
    """
    toxicity, recognise = _load_toxicity(settings, counted)
    spam = SpamScorer(SpamModel.read(), ContentScorer().score)
    return Loaded([spam, toxicity], recognise, toxicity)


def _load_toxicity(
    settings: Settings, counted: Counted
) -> tuple[ToxicityScorer, LanguageRecogniser]:
    engine = load_engine(
        settings.model,
        cache=model_cache(settings),
        engine=settings.engine,
        threads=settings.engine_threads,
    )
    recognise = LanguageRecogniser(engine.card.languages)
    if settings.score_cache:
        engine = CachedEngine(engine, kept=settings.score_cache, counted=counted)
    return ToxicityScorer(engine), recognise


def model_cache(settings: Settings) -> Path:
    """Return where converted models are kept."""
    return settings.model_cache_dir or DataFolder.of(settings).root / "models"
