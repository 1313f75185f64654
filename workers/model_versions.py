"""The role behind ``moderation model``: versions of what the site taught the model."""

import argparse
import json
from typing import IO, Any

from moderation.settings import Settings
from workers.engines.calibrated import Calibration
from workers.engines.catalogue import SITE
from workers.engines.registry import site_versions
from workers.engines.versions import Version, Versions
from workers.scorers.loading import model_cache


def manage(settings: Settings, options: argparse.Namespace, out: IO[str]) -> None:
    """Do what is asked and write a document about it.

    Raises:
        ModelUnavailable: The version is broken; nothing was changed.
        UnknownVersion: There is no such version, or it cannot be so treated.
    """
    versions = site_versions(model_cache(settings))
    if options.action == "list":
        found: Any = [_told(each) for each in versions.listed()]
    else:
        with versions.held():
            _change(versions, options)
        card = versions.open_served().card
        found = {
            "served": versions.served,
            "model_hash": Calibration.of(card).model_hash(card.sha256),
            "served_by_workers": settings.model == SITE,
        }
    out.write(json.dumps(found) + "\n")


def _change(versions: Versions, options: argparse.Namespace) -> None:
    if options.action == "use":
        versions.use(options.version or "")
    elif options.action == "rollback":
        versions.roll_back()
    else:
        versions.delete(options.version or "")


def _told(version: Version) -> dict[str, Any]:
    about: dict[str, Any] = {
        "version": version.name,
        "served": version.served,
        "fault": version.fault,
    }
    if version.card is not None:
        site = version.card.figures.get("site_decisions", {})
        about |= {
            "model_hash": version.model_hash,
            "sha256": version.card.sha256,
            "card_version": version.card.version,
            "date": site.get("date"),
            "parent": site.get("parent"),
            "decisions": site.get("decisions"),
            "auc": site.get("auc"),
        }
    return about
