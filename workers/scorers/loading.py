"""What a worker process measures with; of scorers, cheap ones first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
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
from workers.spam.corrections import NO_CORRECTIONS, Corrections
from workers.spam.model import SpamModel
from workers.spam.stored_corrections import StoredCorrections
from workers.spam.text_model import FEATURES


def _read_nothing(_: OpenStore) -> None:
    """Scorers of texts alone read no store."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """Scorers, what tells the languages that their model was not taught, and what marks words.

    ``read_from`` gives the store to those scorers that read it; before that they measure nothing.
    """

    scorers: Sequence[Scorer]
    recognise: RecogniseLanguage = recognise_none
    marker: WordMarker = field(default_factory=NoWords)
    read_from: Callable[[OpenStore], None] = _read_nothing


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
    loaded = load_text_scorers(
        settings, counted=counted, corrections=corrections, circumstances=beside
    )

    def read_from(open_store: OpenStore) -> None:
        surroundings.read_from(open_store)
        corrections.read_from(open_store)

    return replace(loaded, scorers=[*beside, *loaded.scorers], read_from=read_from)


def reading_scorers(surroundings: Surroundings) -> list[Scorer]:
    """Return the scorers that read the store, together."""
    return [ConductScorer(surroundings), CompanyScorer(surroundings)]


def load_text_scorers(
    settings: Settings,
    *,
    counted: Counted = count_nothing,
    corrections: Corrections = NO_CORRECTIONS,
    circumstances: Sequence[Scorer] = (),
) -> Loaded:
    """Load what measures a text on its own.

    Args:
        settings: Which model, how it runs, how many scores are remembered.
        counted: Told of each look-up among those.
        corrections: What sites have taught; a text that belongs to no site has none.
        circumstances: What corrections may read beside the text; it is not among the scorers.

    Raises:
        ModelUnavailable: There is no model to score with, of toxicity or of spam.
    """
    engine = load_engine(
        settings.model,
        cache=model_cache(settings),
        engine=settings.engine,
        threads=settings.engine_threads,
    )
    recognise = LanguageRecogniser(engine.card.languages)
    if settings.score_cache:
        engine = CachedEngine(engine, kept=settings.score_cache, counted=counted)
    toxicity = ToxicityScorer(engine)
    spam = SpamScorer(SpamModel.read(), ContentScorer().score, corrections, circumstances)
    return Loaded([spam, toxicity], recognise, toxicity)


def model_cache(settings: Settings) -> Path:
    """Return where converted models are kept."""
    return settings.model_cache_dir or DataFolder.of(settings).root / "models"
