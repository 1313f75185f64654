"""Named measurements of a comment, and where in the text they were found."""

from dataclasses import dataclass

SIGNALS: dict[str, str] = {
    "toxicity": "rude, disrespectful or unreasonable: likely to make people leave a discussion",
    "severe_toxicity": "very hateful, aggressive or disrespectful",
    "obscene": "swear words and other obscene language",
    "threat": "an intention to inflict pain, injury or violence",
    "insult": "an inflammatory or demeaning comment towards a person or group",
    "identity_attack": "hate towards people because of who they are",
    "link_density": "0 for no links, rising to 1 at five distinct links",
    "honeypot": "1 when the form field that people do not see was filled in, else 0",
}
"""Every signal the service knows by itself, with what it measures. The one registry."""


@dataclass(frozen=True, slots=True)
class Span:
    """Where a signal was found: character offsets in the body as the reader wrote it.

    ``end`` is exclusive; ``source`` names the signal or word list.
    """

    start: int
    end: int
    source: str
