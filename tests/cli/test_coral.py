"""``moderation coral``, in this process on a real store."""

import json
from collections.abc import Callable

import pytest
from typer.testing import CliRunner, Result

from moderation.adapters.sql_store import sql_store
from moderation.cli.app import make_app
from moderation.settings import Settings
from tests.usecases.given import a_site

Run = Callable[..., Result]
GIVEN = "a secret that Coral made and showed"


@pytest.fixture
def run(
    sqlite_settings: Settings, engines: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> Run:
    monkeypatch.setenv("MODERATION_DATA_DIR", str(sqlite_settings.data_dir))
    monkeypatch.setenv("MODERATION_SECRET", sqlite_settings.secret.get_secret_value())
    a_site(sql_store(engines(sqlite_settings)))  # type: ignore[arg-type]

    def typed(*words: str, given: str | None = None) -> Result:
        return CliRunner().invoke(make_app(), ["coral", *words], input=given)

    return typed


def test_a_secret_is_added_listed_and_deleted_and_never_shown(run: Run) -> None:
    added = run("add", "Gazette", "--json", given=f"{GIVEN}\n")
    document = json.loads(added.stdout)
    listed = run("list", "Gazette")
    as_json = run("list", "Gazette", "--json")
    deleted = run("delete", "Gazette", document["id"])

    assert document["path"].startswith("/coral/moderation/")
    assert document["id"] in listed.stdout
    assert [each["id"] for each in json.loads(as_json.stdout)] == [document["id"]]
    assert deleted.stdout == f"secret {document['id']} is deleted\n"
    assert json.loads(run("list", "Gazette", "--json").stdout) == []
    assert GIVEN not in added.output + listed.output + as_json.output


def test_the_path_for_coral_is_shown_beside_the_id(run: Run) -> None:
    told = run("add", "Gazette", given=GIVEN)

    assert [line.split()[0] for line in told.stdout.splitlines()] == ["secret", "path"]


@pytest.mark.parametrize(("given", "code"), [("", 2), ("short", 2)])
def test_what_is_no_secret_is_refused(run: Run, given: str, code: int) -> None:
    assert run("add", "Gazette", given=given).exit_code == code


def test_a_secret_that_is_not_there_cannot_be_deleted(run: Run) -> None:
    assert run("delete", "Gazette", "0199f3a0-5b7c-7d10-a1c4-0f3f6f6a9a11").exit_code == 1
