"""Decisions tell which code made them, in a checkout and in an image."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import moderation.code_version
from moderation import __version__
from moderation.code_version import code_version


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    """Let each test ask anew."""
    code_version.cache_clear()
    yield
    code_version.cache_clear()


def test_an_image_knows_its_commit_from_its_build(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODERATION_COMMIT", "d0953ce1b2c3d4e5f6")

    assert code_version() == f"{__version__}+gd0953ce1b2"


def test_a_checkout_is_told_by_its_commit(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("MODERATION_COMMIT", raising=False)
    monkeypatch.setattr(moderation.code_version, "_ROOT", tmp_path)
    git = ["git", "-C", str(tmp_path), "-c", "user.name=A", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "First"]):
        subprocess.run([*git, *command], check=True)
    head = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True)

    assert code_version() == f"{__version__}+g{head.stdout[:10]}"


@pytest.mark.parametrize("made", [True, False])
def test_elsewhere_it_is_the_release(
    made: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("MODERATION_COMMIT", raising=False)
    monkeypatch.setattr(moderation.code_version, "_ROOT", tmp_path)
    if made:
        (tmp_path / ".git").mkdir()  # not a repository, or one that git will not read

    assert code_version() == __version__


def test_without_git_it_is_the_release(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("MODERATION_COMMIT", raising=False)
    monkeypatch.setattr(moderation.code_version, "_ROOT", tmp_path)
    (tmp_path / ".git").mkdir()
    monkeypatch.setenv("PATH", "")

    assert code_version() == __version__
