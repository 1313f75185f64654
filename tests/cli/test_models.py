"""What `finetune` and `model` tell: the workers' answers stand in for workers."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from moderation.cli.app import make_app

Answer = Callable[..., list[tuple[str, ...]]]

TRIED: dict[str, Any] = {
    "version": "0002",
    "served_by_workers": True,
    "not_good_enough": [],
    "parent": {"name": "compact", "version": "1+site.1", "model_hash": "ab" * 32},
    "auc": {
        "before": 0.81,
        "after": 0.9,
        "difference": {"value": 0.09, "low": 0.05, "high": 0.13},
    },
    "words": {"texts": 90, "agree": 0.948, "lexicon_agrees": 0.742, "marked_by": "model"},
    "before": {"recall": 0.5, "false_alarms": 0.1},
    "after": {"recall": 0.75, "false_alarms": 0.05},
    "guard": {"before": {"auc": 0.98}, "after": {"auc": 0.975}},
    "decisions": {"taught": 800, "held_out": 200, "passed_over": {"held": 7}},
}


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Answer:
    """Let workers answer with a document and a code; return what they were asked."""

    def prepare(document: Any, code: int = 0) -> list[tuple[str, ...]]:
        asked: list[tuple[str, ...]] = []

        def run(command: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
            asked.append(tuple(command[3:]))
            told = b"" if document is None else json.dumps(document).encode()
            return subprocess.CompletedProcess(command, code, told)

        monkeypatch.setattr("moderation.cli.models.subprocess.run", run)
        return asked

    return prepare


def run(*words: object) -> Result:
    return CliRunner().invoke(make_app(), list(map(str, words)))


def rows(result: Result) -> dict[str, str]:
    return {line[:14].strip(): line[14:].strip() for line in result.stdout.splitlines()}


def test_a_better_model_is_told_with_its_figures_and_what_is_left_to_do(answer: Answer) -> None:
    asked = answer(TRIED)

    told = run("finetune", "decisions.jsonl")

    assert told.exit_code == 0
    assert asked == [("finetune", "decisions.jsonl")]
    for each in (
        "0002",
        "800 learned, 200 held out",
        "7 held",
        "0.8100 -> 0.9000",
        "+0.0900 [+0.0500, +0.1300]",
        "0.9800 -> 0.9750",
        "the model, the model agreeing 0.95 with before and the lexicon 0.74 on 90 held texts",
        "50% -> 75% of rejected, 10% -> 5% of approved",
    ):
        assert each in told.stdout
    assert told.stderr.startswith("moderation: restart the scoring and live workers")


def test_a_model_that_is_not_better_ends_with_1_and_both_figures(answer: Answer) -> None:
    why = "AUC on held-out decisions 0.810 -> 0.805"
    answer({**TRIED, "version": None, "not_good_enough": [why]}, code=1)

    told = run("finetune", "decisions.jsonl")

    assert told.exit_code == 1
    assert told.stderr == f"moderation: not good enough, nothing was replaced: {why}\n"
    assert "as before, 1+site.1" in told.stdout


def test_it_is_told_when_workers_serve_another_model(answer: Answer, tmp_path: Path) -> None:
    asked = answer({**TRIED, "served_by_workers": False})

    told = run("finetune", "-", "--data", tmp_path, "--json")

    assert "set MODERATION_MODEL=site" in told.stderr
    assert asked == [("finetune", "-", f"--data={tmp_path}")]
    assert json.loads(told.stdout)["version"] == "0002"


def test_what_the_workers_say_is_the_commands_failure(answer: Answer) -> None:
    answer(None, code=1)

    for words in (["finetune", "x.jsonl"], ["model", "list"], ["model", "use", "0009"]):
        told = run(*words)
        assert (told.exit_code, told.stdout, told.stderr) == (1, "", "")


def test_versions_are_listed_with_their_figures_and_faults(answer: Answer) -> None:
    shipped = {"version": "compact", "served": False, "fault": None, "model_hash": "cd" * 32}
    answer(
        [
            {**shipped, "date": None, "decisions": None, "auc": None},
            {**shipped, **TRIED, "version": "0001", "date": "2026-11-24", "served": True},
            {"version": "0002", "served": False, "fault": "it lacks model.onnx"},
        ]
    )

    told = run("model", "list")

    assert [line.split("\t") for line in told.stdout.splitlines()[1:]] == [
        ["compact", "no", "-", "-", "-", "-", "cdcdcdcdcdcd"],
        ["0001", "yes", "2026-11-24", "800", "0.81", "0.9", "cdcdcdcdcdcd"],
        ["0002", "no", "-", "-", "-", "-", "broken"],
    ]
    assert told.stderr == "moderation: 0002 is broken: it lacks model.onnx\n"


@pytest.mark.parametrize(
    ("words", "asked", "restart"),
    [
        (["use", "0001"], ("models", "use", "0001"), True),
        (["rollback"], ("models", "rollback"), True),
        (["delete", "0001"], ("models", "delete", "0001"), False),
    ],
)
def test_what_is_served_after_a_change_is_told(
    words: list[str], asked: tuple[str, ...], *, restart: bool, answer: Answer
) -> None:
    heard = answer({"served": "0003", "model_hash": "ab" * 32, "served_by_workers": True})

    told = run("model", *words)

    assert heard == [asked]
    assert told.stdout.split() == ["served", "0003", "model", "hash", "ab" * 32]
    assert ("restart" in told.stderr) == restart
    assert json.loads(run("model", *words, "--json").stdout)["served"] == "0003"
