"""Versions of what a site taught: nothing half-written, broken or unknown is ever served."""

import errno
import json
import shutil
from pathlib import Path
from typing import Never

import pytest

from tests.engines.conftest import Convert
from workers.engines import versions as module
from workers.engines.errors import ModelUnavailable
from workers.engines.folder import CARD, WEIGHTS, ModelFolder, seal
from workers.engines.onnx import OnnxEngine
from workers.engines.versions import KEPT, UnknownVersion, Versions


@pytest.fixture
def versions(converted: Convert, tmp_path: Path) -> Versions:
    """Return versions of a tiny model, none made yet."""
    _, base = converted("bert")
    made = Versions(tmp_path / "site", base)
    with made.held():
        pass
    return made


def added(versions: Versions) -> str:
    """Add a version with a card of its own."""
    with versions.scratch() as scratch:
        finished = scratch / "finished"
        shutil.copytree(versions.folder("compact"), finished)
        recarded(finished, version=f"1+site.{int(versions.next_name)}")
        return versions.add(finished)


def recarded(folder: Path, **told: object) -> None:
    """Let a card tell something else, and seal the folder again."""
    card = json.loads((folder / CARD).read_text())
    (folder / CARD).write_text(json.dumps(card | told))
    seal(folder)


def spoil(versions: Versions, name: str) -> None:
    weights = versions.folder(name) / WEIGHTS
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")


def names(versions: Versions) -> list[str]:
    return [each.name for each in versions.listed()]


def test_before_anything_was_taught_the_model_that_ships_is_served(versions: Versions) -> None:
    assert versions.served == "compact"
    assert versions.open_served().path == versions.folder("compact")
    assert [(each.name, each.served) for each in versions.listed()] == [("compact", True)]


def test_an_added_version_is_served_until_it_is_rolled_back(versions: Versions) -> None:
    first, second = added(versions), added(versions)

    assert (first, second, versions.served) == ("0001", "0002", "0002")
    assert versions.open_served().card.version == "1+site.2"
    assert [versions.roll_back(), versions.roll_back()] == ["0001", "compact"]
    with pytest.raises(UnknownVersion, match="nothing was served before"):
        versions.roll_back()
    assert versions.served == "compact"


def test_rolling_back_returns_to_what_was_served_not_to_the_number_before(
    versions: Versions,
) -> None:
    for _ in range(3):
        added(versions)

    versions.use("1")

    assert versions.served == "0001"
    assert versions.roll_back() == "0003"


def test_using_what_is_served_changes_nothing(versions: Versions) -> None:
    added(versions)

    versions.use("0001")

    assert versions.roll_back() == "compact"


def test_a_broken_version_is_listed_but_neither_used_nor_rolled_back_to(
    versions: Versions,
) -> None:
    for _ in range(3):
        added(versions)
    spoil(versions, "0002")

    with pytest.raises(ModelUnavailable, match=WEIGHTS):
        versions.use("0002")

    assert versions.served == "0003"
    assert [each.name for each in versions.listed() if each.fault] == ["0002"]
    assert versions.roll_back() == "0001"


def test_a_served_version_that_broke_is_told_with_the_way_back(versions: Versions) -> None:
    added(versions)
    spoil(versions, "0001")

    with pytest.raises(ModelUnavailable, match="moderation model rollback"):
        versions.open_served()

    assert versions.roll_back() == "compact"


@pytest.mark.parametrize("content", [b"", b"../../elsewhere\n", b"0001\n\xff", b"1\n"])
def test_a_broken_list_of_what_was_served_is_not_guessed_at(
    versions: Versions, content: bytes
) -> None:
    (versions.root / "served").write_bytes(content)

    with pytest.raises(ModelUnavailable, match="served"):
        versions.open_served()


@pytest.mark.parametrize("name", ["0009", "", "..", "served", "compact2"])
def test_a_version_that_is_not_there_is_refused(versions: Versions, name: str) -> None:
    for change in (versions.use, versions.delete):
        with pytest.raises(UnknownVersion, match="no version"):
            change(name)


def test_what_is_served_or_ships_cannot_be_deleted(versions: Versions) -> None:
    added(versions)

    with pytest.raises(UnknownVersion, match="served"):
        versions.delete("0001")
    with pytest.raises(UnknownVersion, match="ships"):
        versions.delete("compact")


def test_a_deleted_version_is_passed_over_when_rolling_back(versions: Versions) -> None:
    for _ in range(3):
        added(versions)

    versions.delete("2")

    assert names(versions) == ["compact", "0001", "0003"]
    assert versions.roll_back() == "0001"


def test_the_oldest_versions_are_dropped_and_their_numbers_not_used_again(
    versions: Versions,
) -> None:
    for _ in range(KEPT + 2):
        added(versions)

    assert names(versions) == ["compact", *(f"{n:04}" for n in range(3, KEPT + 3))]


def test_an_old_version_that_cannot_be_dropped_does_not_undo_the_new_one(
    versions: Versions, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(KEPT):
        added(versions)

    def stuck(_: Versions, name: str) -> Never:
        raise OSError(errno.EACCES, "Permission denied", name)

    with monkeypatch.context() as patch:
        patch.setattr(Versions, "delete", stuck)
        new = added(versions)

    assert (new, versions.served) == ("0006", "0006")
    assert "0001 could not be removed (Permission denied)" in caplog.text
    assert len(names(versions)) == 1 + KEPT + 1
    added(versions)
    assert names(versions) == ["compact", *(f"{n:04}" for n in range(3, KEPT + 3))]


def test_dropping_a_version_leaves_the_scratch_folder_that_is_in_use(versions: Versions) -> None:
    for _ in range(2):
        added(versions)

    with versions.scratch() as scratch:
        versions.delete("0001")
        assert scratch.is_dir()

    assert names(versions) == ["compact", "0002"]
    assert not any(versions.root.glob(".unfinished*"))


def test_a_version_is_listed_by_the_hash_that_decisions_name_it_by(versions: Versions) -> None:
    calibrated = {
        "form": "beta",
        "signals": {"toxicity": {"low": 1.0, "high": 0.5, "offset": 0.0, "base_rate": 0.1}},
    }
    added(versions)
    recarded(versions.folder("0001"), calibration=calibrated)
    added(versions)
    recarded(versions.folder("0002"), calibration={**calibrated, "form": "unheard of"})

    [_, one, other] = versions.listed()

    assert one.card is not None
    assert one.model_hash == OnnxEngine(versions.folder("0001")).model_hash != one.card.sha256
    assert (other.card, other.model_hash) == (None, None)
    assert "unheard of" in (other.fault or "")


def test_a_folder_that_is_not_complete_is_never_put_in_force(versions: Versions) -> None:
    with versions.scratch() as scratch:
        shutil.copytree(versions.folder("compact"), scratch / "finished")
        (scratch / "finished" / WEIGHTS).write_bytes(b"half")
        with pytest.raises(ModelUnavailable):
            versions.add(scratch / "finished")

    assert names(versions) == ["compact"]


def test_a_full_disk_leaves_what_was_served(
    versions: Versions, monkeypatch: pytest.MonkeyPatch
) -> None:
    added(versions)

    def full(path: Path) -> Never:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(module, "_flush", full)
        with pytest.raises(OSError, match="No space"):
            added(versions)
        with pytest.raises(OSError, match="No space"):
            versions.use("compact")

    assert (versions.served, names(versions)) == ("0001", ["compact", "0001"])
    assert ModelFolder.open(versions.folder("0001"))


def test_what_a_crash_left_is_cleared(versions: Versions) -> None:
    left = versions.root / ".unfinished-crashed"
    (left / "finished").mkdir(parents=True)

    added(versions)

    assert not left.exists()
    assert names(versions) == ["compact", "0001"]


def test_two_commands_do_not_change_versions_at_once(versions: Versions) -> None:
    with (
        versions.held(),
        pytest.raises(UnknownVersion, match="another command"),
        versions.held(),
    ):
        pytest.fail("both hold it")
