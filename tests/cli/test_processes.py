"""The command as people start it: a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from moderation.adapters.sql_store import migrate
from moderation.bootstrap import build_services
from moderation.data_folder import complete
from moderation.settings import Settings
from tests.usecases.given import a_site

SECRET = "a secret for tests, of at least 32 characters"  # noqa: S105 - opens nothing


def moderation(
    *words: str, folder: Path, typed: str = "", secret: str = SECRET
) -> subprocess.CompletedProcess[str]:
    environment = {
        **{name: value for name, value in os.environ.items() if name[:11] != "MODERATION_"},
        "MODERATION_DATA_DIR": str(folder),
        "MODERATION_SECRET": secret,
    }
    return subprocess.run(
        [sys.executable, "-m", "moderation", *words],
        input=typed,
        capture_output=True,
        text=True,
        env=environment,
        check=False,
        timeout=60,
    )


def test_help_lists_every_group_and_imports_neither_store_nor_web() -> None:
    looked = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys\n"
            "from moderation.cli import main\n"
            "sys.argv = ['moderation', '--help']\n"
            "try: main()\n"
            "except SystemExit: pass\n"
            "heavy = {'sqlalchemy', 'flask', 'redis', 'pydantic_settings', 'httpx2'}\n"
            "print(sorted(heavy & sys.modules.keys()))",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    for name in ("site", "key", "moderator", "webhook", "policy", "replay", "import"):
        assert f" {name} " in looked
    assert looked.splitlines()[-1] == "[]"


def test_a_bare_folder_is_migrated_and_then_managed(tmp_path: Path) -> None:
    assert moderation("migrate", folder=tmp_path, secret="").returncode == 0
    added = moderation("site", "add", "Gazette", "--json", folder=tmp_path, secret="")

    assert json.loads(added.stdout)["name"] == "Gazette"
    again = moderation("migrate", folder=tmp_path, secret="")
    assert again.stdout == "the store is up to date\n"


def test_failures_leave_no_traceback(tmp_path: Path) -> None:
    failed = moderation("site", "list", folder=tmp_path / "nowhere")

    assert failed.returncode == 1
    assert failed.stdout == ""
    assert len(failed.stderr.splitlines()) == 1


def test_a_text_is_scored_by_a_process_that_loads_the_model(tmp_path: Path) -> None:
    rude = moderation("score", "You are an idiot", "--json", folder=tmp_path)
    kind = moderation("score", "What a thoughtful article", folder=tmp_path)

    assert json.loads(rude.stdout)["scores"]["toxicity"] > 0.5
    rows = dict(line.split("\t") for line in kind.stdout.splitlines())
    assert float(rows["toxicity"]) < 0.5


def test_lines_are_scored_in_order(tmp_path: Path) -> None:
    typed = '{"text": "Well said."}\n{"text": "You are an idiot"}\n{"text": "Thank you."}\n'

    scored = moderation("score", folder=tmp_path, typed=typed)

    lines = [json.loads(line)["scores"]["toxicity"] for line in scored.stdout.splitlines()]
    assert [score > 0.5 for score in lines] == [False, True, False]


def test_texts_in_a_language_that_the_model_does_not_know_get_no_score_of_it(
    tmp_path: Path,
) -> None:
    typed = '{"text": "Quel idiot"}\n'

    lines = moderation("score", "--language", "fr", folder=tmp_path, typed=typed)
    single = moderation("score", "--language=fr", "Quel idiot", "--json", folder=tmp_path)

    assert lines.returncode == 0
    scores = json.loads(lines.stdout)["scores"]
    assert ("link_density" in scores, "toxicity" in scores) == (True, False)
    assert json.loads(single.stdout) == json.loads(lines.stdout)


@pytest.mark.parametrize("text", ["", "\u200b \u2060"])
def test_a_text_that_shows_nothing_is_refused_in_one_line(text: str, tmp_path: Path) -> None:
    ran = moderation("score", text, folder=tmp_path)

    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == "moderation: text: must have at least one visible character\n"


def test_a_faulty_line_is_answered_and_told_by_the_exit_code(tmp_path: Path) -> None:
    typed = "[" * 100_000 + '\n{"text": "Well said."}\n'

    ran = moderation("score", folder=tmp_path, typed=typed)

    assert ran.returncode == 1
    assert [list(json.loads(line)) for line in ran.stdout.splitlines()] == [
        ["error"],
        ["scores", "spans"],
    ]
    assert ran.stderr == ""


def test_a_model_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    environment = {**os.environ, "MODERATION_MODEL": str(tmp_path / "nowhere")}
    ran = subprocess.run(
        [sys.executable, "-m", "moderation", "score", "hello"],
        capture_output=True,
        text=True,
        env={**environment, "MODERATION_DATA_DIR": str(tmp_path)},
        check=False,
    )

    assert ran.returncode == 1
    assert len(ran.stderr.splitlines()) == 1


def test_decided_comments_are_judged_again(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, secret=SecretStr(SECRET))
    migrate(settings)
    services = build_services(complete(settings))
    a_site(services.open_store)
    services.close()
    history = tmp_path / "history.jsonl"
    row = {"created_at": "2024-05-01T08:30:00Z", "status": "approved", "decided_by": "policy"}
    history.write_text(
        json.dumps(row | {"external_id": "c-1", "body": "You are an idiot"})
        + "\n"
        + json.dumps(row | {"external_id": "c-2", "body": "Well said."})
    )
    assert moderation("import", "Gazette", str(history), folder=tmp_path).returncode == 0

    applied = moderation("rescore", "Gazette", "--apply", "--json", folder=tmp_path)
    told = moderation("rescore", "Gazette", "--since", "2024-01-01", folder=tmp_path)

    flip, summary = (json.loads(line) for line in applied.stdout.splitlines())
    assert (flip["before"], flip["applied"], summary["applied"]) == ("approved", True, 1)
    assert told.stdout.splitlines()[-1] == "2 looked at, 0 flipped, 0 applied, 0 unmeasured"
