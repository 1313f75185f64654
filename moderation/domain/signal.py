"""Named measurements of a comment, and where in the text they were found."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

SIGNALS: dict[str, str] = {
    "toxicity": "rude, disrespectful or unreasonable: likely to make people leave a discussion",
    "severe_toxicity": "very hateful, aggressive or disrespectful",
    "obscene": "swear words and other obscene language",
    "threat": "an intention to inflict pain, injury or violence",
    "insult": "an inflammatory or demeaning comment towards a person or group",
    "identity_attack": "hate towards people because of who they are",
    "link_density": "0 for no links, rising to 1 at five distinct links",
    "link_share": "the share of what is visible that are links away from the site",
    "shortened_link": "1 for a link through a shortener, whose target nobody sees",
    "disguised_link": "1 for a web address hidden from machines, 0.25 for one without http",
    "lookalike_link": "how much a linked domain looks like the site's own without being it",
    "mismatched_link": "1 for a link that shows another address than it opens",
    "blocked_link": "1 for a link to a domain on a list of spammers",
    "blocked_phrase": "phrases on a list of comment spam: 0.4 for one, 1 for two",
    "contact_bait": "telephone numbers, messenger accounts and wallets, to lead readers away",
    "gibberish": "the share of Latin letters, in longer words, that make no words",
    "shouting": "the share of Latin letters in rows of capitals, and rows of exclamation marks",
    "praise_with_link": "stock praise or invitations, beside a link",
    "self_promotion": "asking readers to look at, follow, applaud or pay the writer",
    "spam_text": "how much the words read like advertising",
    "spam": "advertising or self-promotion, by all that is found in the text",
    "honeypot": "1 when the form field that people do not see was filled in, else 0",
}
"""Every signal the service knows by itself, with what it measures. The one registry."""

NOTHING_TOLD: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Span:
    """Where a signal was found: character offsets in the body as the reader wrote it.

    ``end`` is exclusive; ``source`` names the signal or word list.
    """

    start: int
    end: int
    source: str


class Scores(dict[str, float]):
    """A comment's scores by signal, with what a number alone does not say.

    ``told`` holds, by signal, a clause for moderators ("same text as 12 comments by 9 authors in
    40 minutes"); it begins the reason of a rule that fires on the signal, and quotes nothing of
    the comment. ``places`` are where it was found; their source is the signal.
    """

    def __init__(
        self,
        scores: Mapping[str, float],
        *,
        told: Mapping[str, str] = NOTHING_TOLD,
        places: tuple[Span, ...] = (),
    ) -> None:
        super().__init__(scores)
        self.told = told
        self.places = places
