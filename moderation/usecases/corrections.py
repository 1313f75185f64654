"""What sites have taught the spam score: list its versions, and go back to an earlier one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from moderation.domain.correction import CorrectionVersion
from moderation.errors import Invalid
from moderation.ports.store import OpenStore

KEPT: Final = 20
"""Versions of a correction kept beside the one in force."""


@dataclass(frozen=True, slots=True)
class RolledBack:
    """The version now in force, whose weights it has (0: none), and what is unlearnt."""

    version: int
    copy_of: int
    set_aside: int


def list_corrections(site_id: str, *, open_store: OpenStore) -> list[CorrectionVersion]:
    """Return the versions of the site's correction, newest first; the first is in force.

    Raises:
        NotFound: There is no such site.
    """
    with open_store(reading=True) as store:
        store.site(site_id)
        return store.corrections(site_id)


def roll_back_correction(
    site_id: str, version: int | None = None, *, by: str, open_store: OpenStore, now: datetime
) -> RolledBack:
    """Put a copy of an earlier version in force, as a new one.

    Feedback that was learnt after it is set aside for good, so that nothing brings back what
    was rolled back: the next version is learnt from what comes from now on and what stays.

    Args:
        site_id: The site.
        version: The version to go back to; 0 corrects nothing. None: the one before that in
            force.
        by: Who does it.
        open_store: Opens the store.
        now: The present.

    Raises:
        Invalid: Nothing is in force that one could go back from, or the version is not an
            earlier one.
        NotFound: There is no such site, or the version is no longer kept.
    """
    with open_store() as store:
        store.site(site_id)
        listed = store.corrections(site_id)
        if not listed:
            raise Invalid("site", "has taught nothing yet")
        current = listed[0].original
        wanted = max(current - 1, 0) if version is None else version
        if not 0 <= wanted <= listed[0].version:
            raise Invalid("version", f"must be between 0 and {listed[0].version}")
        original = next((each.original for each in listed if each.version == wanted), wanted)
        weights = store.correction_weights(site_id, wanted) if wanted else b""
        made = CorrectionVersion(
            version=0, made_at=now, by=by, learnt=0, refused=0, copy_of=original
        )
        number = store.add_correction(site_id, made, weights, after=listed[0].version, keep=KEPT)
        if number is None:
            raise Invalid("version", "another one came into force meanwhile: look again")
        set_aside = store.set_feedback_aside(site_id, since=original)
    return RolledBack(number, original, set_aside)
