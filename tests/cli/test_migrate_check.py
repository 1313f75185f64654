"""``moderation migrate-check``: an old service and ours, both over real HTTP."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from moderation.cli import old_endpoint
from moderation.cli.app import make_app
from moderation.settings import Settings
from tests.cli.old_service import KEY, PAIRS, OldService, old_service
from tests.compat.served import Service, serving
from tests.conftest import SECRET
from tests.servers import free_port

Check = Callable[..., Result]


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory, _migrated_file: Path) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("data")
    shutil.copy(_migrated_file, folder / "moderation.db")
    with serving(Settings(data_dir=folder, secret=SECRET)) as service:
        yield service


@pytest.fixture
def old() -> Iterator[OldService]:
    with old_service() as service:
        yield service


@pytest.fixture
def check(ours: Service, old: OldService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """Return what types the command, with keys in the environment, in an empty folder."""
    ours.begin_again()
    monkeypatch.setenv("MODERATION_OLD_KEY", KEY)
    monkeypatch.setenv("MODERATION_KEY", ours.key)
    monkeypatch.setattr(old_endpoint, "_FIRST_PAUSE_S", 0.0)
    monkeypatch.chdir(tmp_path)
    lines = "\n".join(each["text"] for each in PAIRS)
    (tmp_path / "texts.txt").write_text(lines + "\n\n", encoding="utf-8")

    def typed(file: str = "texts.txt", *words: object, asking: bool = True) -> Result:
        sent = ["--old", old.url, "--rate", "1000"] if asking else []
        given = ["migrate-check", file, *sent, "--service", ours.url, *map(str, words)]
        return CliRunner().invoke(make_app(), given)

    return typed


def read(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_agreement_is_told_for_each_attribute(check: Check) -> None:
    told = read(check("texts.txt", "--at", 0.7, "--json"))

    toxicity = next(each for each in told["attributes"] if each["attribute"] == "TOXICITY")
    assert (toxicity["texts"], toxicity["without_old_score"]) == (4, 1)
    assert toxicity["pearson"] == pytest.approx(0.438, abs=0.001)
    [row] = toxicity["thresholds"]
    assert row["flagged"] == 0.75
    assert row["here"] == 0.125
    assert row["flagged_here"] == 1.0
    assert (row["only_old"], row["only_here"]) == (0, 1)
    assert row["unchanged"] == 0.5


def test_where_texts_go_is_said_first_and_they_go_nowhere_else(
    check: Check, old: OldService, ours: Service
) -> None:
    told = check()

    host = old.url.removeprefix("http://")
    first = told.stderr.splitlines()[0]
    assert first == (
        f"moderation: 5 texts are sent to {host} and to {ours.url.removeprefix('http://')},"
        " and nowhere else"
    )
    assert len(old.asked) == 5
    for message in old.asked:
        assert message["doNotStore"] is True
        assert sorted(message["requestedAttributes"])[-1] == "TOXICITY"


def test_the_report_is_one_page_without_scripts_and_links(check: Check, tmp_path: Path) -> None:
    assert check("texts.txt", "--attribute", "toxicity", "--html", "moved.html").exit_code == 0

    page = (tmp_path / "moved.html").read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert not re.search(r"<(script|link|img|iframe|a)\b|\b(src|href|on\w+)=|url\(", page)
    assert "&lt;b&gt;really&lt;/b&gt;" in page
    assert KEY not in page
    assert "SEVERE_TOXICITY" not in page


def test_the_texts_that_differ_most_come_first(check: Check) -> None:
    told = read(check("texts.txt", "--attribute", "TOXICITY", "--most", 1, "--json"))

    [differing] = told["attributes"][0]["differing"]
    assert differing["text"] == "Idiots, see http://gazette.example"
    assert (differing["old"], differing["here"]) == (0.95, 0.125)


def test_scores_that_were_kept_make_the_same_report_after_the_shutdown(
    check: Check, tmp_path: Path
) -> None:
    asked = read(check("texts.txt", "--keep", "kept.csv", "--json"))

    stored = read(check("kept.csv", "--json", asking=False))

    assert stored["attributes"] == asked["attributes"]
    assert stored["old_scores"] == "stored, from kept.csv"
    assert KEY not in (tmp_path / "kept.csv").read_text("utf-8")


def test_a_busy_service_is_asked_again(check: Check, old: OldService) -> None:
    old.busy = 3

    assert read(check("texts.txt", "--limit", 1, "--json"))["texts"] == 1
    assert len(old.asked) == 1


def test_a_refused_key_ends_it_in_one_line_that_does_not_quote_it(
    check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODERATION_OLD_KEY", "a wrong key")

    told = check()

    assert told.exit_code == 1
    assert told.stderr.splitlines()[-1].endswith("refuses the key, or this address: 400")
    assert "a wrong key" not in told.stderr


def test_a_service_that_is_gone_is_said_to_be(check: Check, old: OldService) -> None:
    old.url = f"http://127.0.0.1:{free_port()}"

    told = check()

    assert told.exit_code == 1
    assert "does not answer" in told.stderr


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.txt", "\n"),
        ("texts.xml", "<a/>"),
        ("none.csv", "words\nA fair point.\n"),
        ("broken.jsonl", "{\n"),
        ("blank.jsonl", '{"text": "\\u200b"}\n'),
        ("score.csv", "text,TOXICITY\nA fair point.,1.5\n"),
        ("long.jsonl", json.dumps({"text": "a" * 20_001}) + "\n"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_before_anything_is_sent(
    check: Check, old: OldService, tmp_path: Path, name: str, content: str
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")

    told = check(name)

    assert told.exit_code == 1, told.output
    assert len(told.stderr.splitlines()) == 1
    assert not old.asked


def test_a_file_without_old_scores_is_no_comparison(check: Check) -> None:
    told = check("texts.txt", asking=False)

    assert told.exit_code == 1
    assert "no text has an old score" in told.stderr


@pytest.mark.parametrize(
    "words", [("--attribute", "FLIRTATION"), ("--keep", "kept.csv"), ("--at", "1.5")]
)
def test_what_makes_no_sense_is_asked_wrongly(check: Check, words: tuple[str, ...]) -> None:
    assert check("texts.txt", *words, asking=False).exit_code == 2


@pytest.mark.parametrize("name", ["MODERATION_OLD_KEY", "MODERATION_KEY"])
def test_a_key_that_is_missing_is_named(
    check: Check, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.delenv(name)

    told = check()

    assert told.exit_code == 2
    assert name in told.stderr
