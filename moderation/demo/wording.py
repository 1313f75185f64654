"""Decisions as readers are told of them: in plain words, without blame.

They learn the reason; a moderator's note is for colleagues, and is never theirs to read.
"""

from typing import Final

from moderation.domain.decision import POLICY, Decision
from moderation.domain.verdict import Reason

_SIGNALS: Final = {
    "toxicity": "it may read as rude or disrespectful",
    "severe_toxicity": "it may read as hateful or very aggressive",
    "obscene": "it seems to hold strong language",
    "threat": "it may read as a threat",
    "insult": "it may read as an insult",
    "identity_attack": "it may read as an attack on people for who they are",
    "link_density": "it holds many links",
    "link_share": "it is little but links",
    "shortened_link": "a link in it does not say where it leads",
    "disguised_link": "a web address in it is written in an unusual way",
    "lookalike_link": "a link in it looks like ours and is not",
    "mismatched_link": "a link in it opens another address than it shows",
    "blocked_link": "a link in it leads to a site known for advertising",
    "blocked_phrase": "it reads like an advertisement",
    "contact_bait": "it asks readers to get in touch elsewhere",
    "gibberish": "much of it seems to be no words",
    "shouting": "much of it is in capitals",
    "praise_with_link": "it reads like an advertisement",
    "self_promotion": "it seems to promote its writer",
    "spam_text": "it reads like an advertisement",
    "spam": "it reads like an advertisement",
    "honeypot": "a field that people cannot see was filled in, as robots do",
}
_CODES: Final = {
    "premoderated": "every comment on this page is read by a moderator first",
    "new_author": "the first comments of new readers are read by a moderator",
    "edited_after_rejection": "it was changed after a moderator had rejected it",
    "scoring_failed": "our checks could not read it, so a person will",
    "other": "a moderator had a reason that is on no list of ours",
}


def plain_reasons(decision: Decision | None) -> list[str]:
    """Return why, in the reader's words, each once; empty where nothing was found."""
    if decision is None:
        return []
    return list(dict.fromkeys(_plain(reason) for reason in decision.reasons))


def decided_by_person(decision: Decision | None) -> bool:
    """Say whether a moderator decided."""
    return decision is not None and decision.decided_by != POLICY


def _plain(reason: Reason) -> str:
    if reason.code in _CODES:
        return _CODES[reason.code]
    kind = reason.code.partition(":")[0]
    if kind == "missing":
        return "one of our checks could not be made"
    if kind == "word":
        return "it holds a word that this site has on a list"
    if reason.code.startswith("links>"):
        return "it holds more links than this site allows"
    return _SIGNALS.get(reason.signal or "", reason.text)
