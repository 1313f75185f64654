"""What a worker process measures with; of scorers, cheap ones first."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from moderation.data_folder import DataFolder
from moderation.ports.language import RecogniseLanguage, recognise_none
from moderation.ports.marking import NoWords, WordMarker
from moderation.ports.scorer import Scorer
from moderation.settings import Settings
from workers.engines.cached import CachedEngine, Counted, count_nothing
from workers.engines.language import LanguageRecogniser
from workers.engines.registry import load_engine
from workers.scorers.content import ContentScorer
from workers.scorers.honeypot import HoneypotScorer
from workers.scorers.spam import SpamScorer
from workers.scorers.toxicity import ToxicityScorer
from workers.spam.corrections import NO_CORRECTIONS, Corrections
from workers.spam.model import SpamModel


@dataclass(frozen=True, slots=True)
class Loaded:
    """Scorers, what tells the languages that their model was not taught, and what marks words."""

    scorers: Sequence[Scorer]
    recognise: RecogniseLanguage = recognise_none
    marker: WordMarker = field(default_factory=NoWords)


def load_scorers(
    settings: Settings,
    *,
    counted: Counted = count_nothing,
    corrections: Corrections = NO_CORRECTIONS,
) -> Loaded:
    """Load everything that measures a comment with the circumstances of its writing.

    Args:
        settings: See `load_text_scorers`.
        counted: See there.
        corrections: What sites have taught the spam score.

    Raises:
        ModelUnavailable: There is no model to score with.
    """
    beside: list[Scorer] = [HoneypotScorer()]
    loaded = load_text_scorers(
        settings, counted=counted, corrections=corrections, circumstances=beside
    )
    return replace(loaded, scorers=[*beside, *loaded.scorers])


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
