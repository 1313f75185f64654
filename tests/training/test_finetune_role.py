"""What the disk says while a site teaches the model, told so that somebody can act on it."""

import argparse
import errno
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from moderation.settings import Settings, read_settings
from tests.training.test_finetune import a_site_that_bans_a_word
from workers.engines.registry import site_versions
from workers.engines.versions import Versions
from workers.finetuning import Unfinished, finetune_site
from workers.training.finetune import STATE

FULL: Final = OSError(errno.ENOSPC, "No space left on device", STATE)

Before = Callable[[Versions], None]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("MODERATION_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("MODERATION_MODEL_CACHE_DIR", str(tmp_path / "models"))
    return read_settings()


def told(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: Before
) -> str:
    """Teach on a disk that fails once *before* is done, and return what is said of it."""
    path = tmp_path / "decisions.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in a_site_that_bans_a_word()))

    def fail(versions: Versions, *_: object, **__: object) -> Any:
        before(versions)
        raise FULL

    monkeypatch.setattr("workers.training.finetune.finetune", fail)
    with pytest.raises(Unfinished) as raised:
        finetune_site(settings, argparse.Namespace(decisions=path, data=None), io.StringIO())
    return str(raised.value)


def test_a_full_disk_is_told_with_what_is_kept_and_what_to_do(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert told(settings, tmp_path, monkeypatch, lambda _: None) == (
        f"nothing was replaced: {STATE}: No space left on device; make room on the disk, then "
        "repeat the command, which begins anew: nothing learned was saved yet"
    )
    assert told(
        settings, tmp_path, monkeypatch, lambda versions: (versions.root / STATE).touch()
    ).endswith("then repeat the command, which goes on from what was last saved")


def test_a_version_that_is_served_already_is_not_said_to_be_refused(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def serve(versions: Versions) -> None:
        (versions.root / "served").write_text("compact\n0001\n")

    said = told(settings, tmp_path, monkeypatch, serve)

    assert said == f"0001 is served, but afterwards: {STATE}: No space left on device"
    assert site_versions(tmp_path / "models").served == "0001"
