"""The scorers of a worker process, cheap ones first."""

from pathlib import Path

from moderation.data_folder import DataFolder
from moderation.ports.scorer import Scorer
from moderation.settings import Settings
from workers.engines.registry import load_engine
from workers.scorers.honeypot import HoneypotScorer
from workers.scorers.links import LinkScorer
from workers.scorers.toxicity import ToxicityScorer


def load_scorers(settings: Settings) -> list[Scorer]:
    """Load everything that measures a comment with the circumstances of its writing.

    Raises:
        ModelUnavailable: There is no model to score with.
    """
    return [HoneypotScorer(), *load_text_scorers(settings)]


def load_text_scorers(settings: Settings) -> list[Scorer]:
    """Load what measures a text on its own.

    Raises:
        ModelUnavailable: There is no model to score with.
    """
    engine = load_engine(
        settings.model,
        cache=model_cache(settings),
        engine=settings.engine,
        threads=settings.engine_threads,
    )
    return [LinkScorer(), ToxicityScorer(engine)]


def model_cache(settings: Settings) -> Path:
    """Return where converted models are kept."""
    return settings.model_cache_dir or DataFolder.of(settings).root / "models"
