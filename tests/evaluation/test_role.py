"""What goes wrong with an evaluation is one line, and leaves nothing behind."""

import json
from pathlib import Path

import pytest

from tests.evaluation.given import comments, jsonl
from workers.evaluation import role
from workers.main import main


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MODERATION_DATA_DIR", str(tmp_path / "kept"))
    monkeypatch.chdir(tmp_path)
    return jsonl(tmp_path / "news.jsonl", *comments()[:6])


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["nowhere.csv", "--html=report.html"], "nowhere.csv cannot be read: FileNotFoundError"),
        (["broken.csv", "--html=report.html"], "broken.csv, row 1: there is no text"),
        (["news.jsonl", "--html=no/report.html"], "report.html cannot be written: No such file"),
        (["news.jsonl", "--html=report.html", "--compare", "compact", "x"], "no model 'x'"),
    ],
)
def test_a_failure_is_one_line_and_leaves_no_report(
    options: list[str], told: str, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data.parent / "broken.csv").write_text("words\nprivate\n")

    assert main(["eval", *options]) == 1

    out, error = capsys.readouterr()
    assert out == ""
    [line] = error.splitlines()
    assert told in line
    assert "private" not in line
    assert not list(data.parent.glob("*.html"))


def test_an_old_report_survives_a_failure_and_is_replaced_by_a_success(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = data.parent / "report.html"
    report.write_text("an old report, longer than nothing")

    assert main(["eval", "nowhere.csv", "--html=report.html"]) == 1
    assert report.read_text() == "an old report, longer than nothing"
    assert main(["eval", "news.jsonl", "--html=report.html", "--limit=2"]) == 0
    assert report.read_text().startswith("<!doctype html>")
    assert json.loads(capsys.readouterr().out)["sets"]["news"]["texts"] == 2


def test_whoever_grows_impatient_gets_no_traceback(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def impatient(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(role, "evaluate", impatient)

    assert main(["eval", str(data), "--html=report.html"]) == 130
    assert not (data.parent / "report.html").exists()
