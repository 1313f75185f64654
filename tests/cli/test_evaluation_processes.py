"""``moderation eval`` as people start it: the model runs in a process of its own."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from moderation.cli.app import make_app
from workers.engines.registry import SHIPPED

HARMLESS = ("Thank you for the report.", "The council met on Tuesday.", "Well said, Ann.")
HOSTILE = ("You are a stupid idiot.", "What a bunch of morons.", "Shut up, you worthless liar.")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "news.csv"
    rows = [f"{text}\t{label}" for texts, label in ((HARMLESS, 0), (HOSTILE, 1)) for text in texts]
    lines = ['"{}",{}'.format(*row.split("\t")) for row in rows]
    path.write_text("text,toxicity\n" + "\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where the command is typed."""
    monkeypatch.setenv("MODERATION_DATA_DIR", str(tmp_path / "kept"))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def evaluate(*words: object) -> Result:
    return CliRunner().invoke(make_app(), ["eval", *map(str, words)])


def test_figures_are_told_in_tables_and_the_report_is_written(folder: Path, data: Path) -> None:
    told = evaluate(data)

    assert told.exit_code == 0, told.output
    rows = [line.split("\t") for line in told.stdout.splitlines()]
    assert ["news", "6", "1.0000", "1.0000", *["-"] * 5] in rows
    assert ["news", "0.50", "100.0%", "0.0%", "100.0%", "10.0%"] in rows
    assert ["fullwidth", "100.0%", "+0.0 points"] in rows
    assert told.stderr == "moderation: the report is in report.html\n"
    page = (folder / "report.html").read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert not any(text in page for text in HOSTILE + HARMLESS)


def test_two_models_are_compared(folder: Path, data: Path) -> None:
    told = evaluate(data, "--compare", "compact", SHIPPED, "--html", folder / "both.html")

    assert told.exit_code == 0, told.output
    rows = [line.split("\t") for line in told.stdout.splitlines()]
    whole = "1.0000 [1.0000, 1.0000]"
    nought = "+0.0000 [+0.0000, +0.0000]"
    assert ["news", "recall", "default policy", whole, whole, nought, "-"] in rows
    assert "no more than chance" in (folder / "both.html").read_text("utf-8")


@pytest.mark.usefixtures("folder")
def test_without_data_the_sample_is_measured() -> None:
    told = evaluate("--limit", 4, "--base-rate", 0.25, "--other-half", "--json")

    assert "sample" in told.stderr
    found = json.loads(told.stdout)
    assert (found["limit"], found["base_rate"], found["other_half"]) == (4, 0.25, True)
    assert found["sets"]["news_comments"]["texts"] == 4


def test_what_the_process_says_is_the_commands_failure(
    folder: Path, data: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    data.write_text("words\nprivate\n")

    assert evaluate(data).exit_code == 1
    assert capfd.readouterr().err.count("\n") == 1
    assert not (folder / "report.html").exists()


def test_data_that_is_not_there_is_asked_wrongly() -> None:
    assert evaluate("nowhere.csv").exit_code == 2


def test_the_spam_model_is_measured_on_what_is_labelled_so(folder: Path) -> None:
    data = folder / "videos.csv"
    data.write_text('text,spam\n"Please subscribe to my new channel!",1\n"A lovely song.",0\n')

    told = evaluate(data, "--spam", "--html", folder / "spam.html")

    assert told.exit_code == 0, told.output
    rows = [line.split("\t") for line in told.stdout.splitlines()]
    assert ["videos", "no", "2", "1", "1.0000", "1.0000", "100.0%", "100.0%", "1.0000"] in rows
    page = (folder / "spam.html").read_text("utf-8")
    assert "KatyPerry" in page
    assert "lovely" not in page


@pytest.mark.usefixtures("folder", "data")
@pytest.mark.parametrize("beside", [(), ("news.csv", "--other-half")])
def test_spam_is_not_measured_without_data_or_by_halves(
    beside: tuple[str, ...],
) -> None:
    told = evaluate(*beside, "--spam")

    assert told.exit_code == 2
    assert "--spam" in told.stderr
