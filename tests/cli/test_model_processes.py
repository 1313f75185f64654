"""`finetune` and `model` as people start them: a worker's process does the work."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from moderation.cli.app import make_app
from workers.engines.catalogue import SITE
from workers.engines.registry import SHIPPED, load_engine, site_versions


@pytest.fixture(autouse=True)
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where models are kept; commands are typed beside it."""
    monkeypatch.setenv("MODERATION_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("MODERATION_MODEL", SITE)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "models"


def moderation(*words: str) -> Result:
    return CliRunner().invoke(make_app(), list(words))


def a_version(models: Path) -> None:
    versions = site_versions(models)
    with versions.held(), versions.scratch() as scratch:
        shutil.copytree(SHIPPED, scratch / "finished")
        versions.add(scratch / "finished")


def test_versions_are_listed_rolled_back_and_deleted(models: Path) -> None:
    a_version(models)

    listed = json.loads(moderation("model", "list", "--json").stdout)
    assert [(each["version"], each["served"]) for each in listed] == [
        ("compact", False),
        ("0001", True),
    ]
    # The name that decisions bear, not that of the weights: calibration is part of it.
    hashes = {each["model_hash"] for each in listed}
    assert hashes == {load_engine(SITE, cache=models).model_hash}
    assert moderation("model", "rollback").stdout.split()[:2] == ["served", "compact"]
    assert moderation("model", "use", "1", "--json").exit_code == 0
    assert moderation("model", "rollback").exit_code == 0
    assert moderation("model", "delete", "0001").exit_code == 0
    assert [each.name for each in site_versions(models).listed()] == ["compact"]


def test_what_cannot_be_done_is_one_line(capfd: pytest.CaptureFixture[str]) -> None:
    assert moderation("model", "use", "0007").exit_code == 1
    assert capfd.readouterr().err == "there is no version '0007'\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"text": "secret", "action": "publish"}', "line 1: the action is none of"),
        ('{"text": "secret", "action": "approve"}', "1 decisions, 200 are needed"),
        (None, "decisions.jsonl: No such file or directory"),
    ],
)
def test_decisions_that_will_not_do_are_one_line_without_their_words(
    content: str | None, said: str, models: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    if content is not None:
        Path("decisions.jsonl").write_text(content)

    assert moderation("finetune", "decisions.jsonl").exit_code == 1

    [line] = capfd.readouterr().err.splitlines()
    assert said in line
    assert "secret" not in line
    assert not models.exists()
