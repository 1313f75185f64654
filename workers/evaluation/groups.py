"""The groups whose naming is watched for bias, and the words that name them.

A group is found by whole words, whatever their case. Words have other senses (black coffee,
a straight road): a group's texts are those that name it, most of them about people.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

GROUPS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "women": ("woman", "women", "female", "females", "girl", "girls", "feminist", "feminists"),
        "men": ("man", "men", "male", "males", "boy", "boys"),
        "gay and lesbian": (
            *("gay", "gays", "lesbian", "lesbians", "homosexual", "homosexuals", "homosexuality"),
            *("queer", "queers", "lgbt", "lgbtq"),
        ),
        "bisexual": ("bisexual", "bisexuals"),
        "heterosexual": ("heterosexual", "heterosexuals", "straight"),
        "transgender": ("trans", "transgender", "transsexual", "nonbinary", "non-binary"),
        "Muslim": ("muslim", "muslims", "islam", "islamic"),
        "Jewish": ("jew", "jews", "jewish", "judaism"),
        "Christian": (
            *("christian", "christians", "christianity", "catholic", "catholics"),
            *("protestant", "protestants", "evangelical", "evangelicals"),
        ),
        "other beliefs": (
            *("hindu", "hindus", "buddhist", "buddhists", "sikh", "sikhs", "taoist", "taoists"),
            *("atheist", "atheists"),
        ),
        "Black": (
            *("black", "blacks", "african", "africans", "african american", "african americans"),
        ),
        "white": ("white", "whites", "caucasian", "caucasians"),
        "Asian": (
            "asian",
            "asians",
            "chinese",
            "japanese",
            "korean",
            "koreans",
            "indian",
            "indians",
        ),
        "Latino": (
            *("latino", "latinos", "latina", "latinas", "latinx", "hispanic", "hispanics"),
            *("mexican", "mexicans"),
        ),
        "Arab": ("arab", "arabs", "arabic", "middle eastern"),
        "Roma": ("roma", "romani", "gypsy", "gypsies"),
        "American or European": (
            *("american", "americans", "canadian", "canadians"),
            *("european", "europeans"),
        ),
        "migrants": (
            *("immigrant", "immigrants", "migrant", "migrants", "refugee", "refugees"),
            *("foreigner", "foreigners"),
        ),
        "disabled": (
            *("disabled", "disability", "disabilities", "blind", "deaf", "paralyzed", "autistic"),
            *("wheelchair",),
        ),
        "mental illness": ("mentally ill", "mental illness", "schizophrenic", "bipolar"),
        "old": ("old", "older", "elderly", "middle aged"),
        "young": (
            *("young", "younger", "teenage", "teenager", "teenagers"),
            *("millennial", "millennials"),
        ),
    }
)
"""Group to the words that name it, in lower case."""

_GROUP_OF: Final = {word: group for group, words in GROUPS.items() for word in words}
_WORD: Final = re.compile(
    rf"(?<!\w)(?:{'|'.join(re.escape(w) for w in sorted(_GROUP_OF, key=len, reverse=True))})(?!\w)"
)


def groups_named(text: str) -> frozenset[str]:
    """Name the groups that a text names."""
    return frozenset(_GROUP_OF[word] for word in _WORD.findall(text.lower()))
