"""A scoring worker whose model is a list of words: ``python -m tests.demo.worker``."""

from moderation.adapters.rq_jobs import SCORING
from moderation.data_folder import complete
from moderation.settings import read_settings
from tests.fakes import WordScorer
from workers.scorers.honeypot import HoneypotScorer
from workers.scoring import serve

WORDS = {"turnip": 0.75, "pathetic": 0.82, "vermin": 0.99}
"""Comments with these are held."""

WORST = {"vermin": 0.9}
"""Comments with this are rejected."""

PICTURED = "Whoever closed that bridge is a pathetic clown."
"""What the picture in the README shows as held: the shipped model holds it too."""

if __name__ == "__main__":
    serve(
        SCORING,
        complete(read_settings()),
        scorers=[
            WordScorer(WORDS, otherwise=0.03),
            WordScorer(WORST, signal="severe_toxicity", name="worst"),
            WordScorer({}, signal="spam", otherwise=0.03, name="spam"),
            HoneypotScorer(),
        ],
    )
