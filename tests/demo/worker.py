"""A scoring worker whose model is a list of words: ``python -m tests.demo.worker``."""

from moderation.adapters.rq_jobs import SCORING
from moderation.data_folder import complete
from moderation.settings import read_settings
from tests.fakes import WordScorer
from workers.scorers.honeypot import HoneypotScorer
from workers.scoring import serve

WORDS = {"turnip": 0.75, "vermin": 0.99}
"""A comment with the first is held, one with the second rejected."""

if __name__ == "__main__":
    serve(
        SCORING,
        complete(read_settings()),
        scorers=[WordScorer(WORDS, otherwise=0.03), HoneypotScorer()],
    )
