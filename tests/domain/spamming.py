"""Content signals of a text, as the tests ask for them."""

from dataclasses import dataclass

from moderation.domain.spam.content import content_scores
from moderation.domain.spam.phrases import PhraseList
from moderation.domain.spam.reading import SpamLists

LISTS = SpamLists(
    shorteners=frozenset({"bit.ly", "sho.rt"}),
    blocked=frozenset({"spam.example", "casino.ru"}),
    phrases=PhraseList(["fastidious piece of writing", "bookmark your weblog"]),
)
HOME = "https://www.gazette.com/politics/a-story"


@dataclass(frozen=True)
class Seen:
    score: float
    told: str
    places: list[str]


def seen(signal: str, text: str, *, article: str | None = HOME, author: str | None = None) -> Seen:
    scores = content_scores(text, lists=LISTS, article_url=article, author_url=author)
    places = [text[p.start : p.end] for p in scores.places if p.source == signal]
    return Seen(scores[signal], scores.told.get(signal, ""), places)
