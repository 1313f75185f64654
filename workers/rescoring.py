"""``python -m workers rescore``: what the present model and policy would decide otherwise."""

import argparse
import json
from datetime import UTC, datetime
from typing import IO

from moderation.bootstrap import build_services
from moderation.domain.comment import Status
from moderation.ports.store import CommentFilter
from moderation.settings import Settings
from moderation.usecases.rescore import Rescored, rescore
from workers.scorers.loading import load_scorers
from workers.scoring import judge_of
from workers.spam.stored_corrections import StoredCorrections
from workers.spam.text_model import FEATURES


def rescore_site(settings: Settings, options: argparse.Namespace, out: IO[str]) -> int:
    """Write a JSON line for each comment whose status would change, then a summary line.

    Raises:
        ModelUnavailable: There is no model to score with; nothing was written.
        NothingMeasured: There is, but it does not measure. The summary was written.
    """
    where = CommentFilter(
        article_id=options.article,
        status=Status(options.status) if options.status else None,
        since=_time(options.since),
        until=_time(options.until),
    )
    corrections = StoredCorrections(features=FEATURES)
    loaded = load_scorers(settings, corrections=corrections)
    services = build_services(settings)
    corrections.read_from(services.open_store)
    summary = dict.fromkeys(("looked_at", "flipped", "applied", "unmeasured"), 0)
    try:
        for one in rescore(
            judge_of(services, loaded),
            options.site,
            where,
            limit=options.limit,
            apply=options.apply,
        ):
            summary["looked_at"] += 1
            summary["flipped"] += one.flipped
            summary["applied"] += one.applied
            summary["unmeasured"] += one.unmeasured
            if one.flipped:
                out.write(json.dumps(_flip(one)) + "\n")
    finally:
        services.close()
        out.write(json.dumps(summary) + "\n")
    return 0


def _flip(one: Rescored) -> dict[str, object]:
    return {
        "id": one.comment_id,
        "before": one.before,
        "after": one.after,
        "reasons": list(one.reasons),
        "moderated": one.moderated,
        "applied": one.applied,
    }


def _time(text: str | None) -> datetime | None:
    """Read a time; one without an offset is UTC."""
    if text is None:
        return None
    time = datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=UTC)
