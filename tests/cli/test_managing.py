"""The commands that manage, run in this process on a real store."""

import json
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from moderation.bootstrap import Services, build_services
from moderation.cli.app import make_app
from moderation.code_version import code_version
from moderation.domain.correction import CorrectionVersion
from moderation.domain.policy import Action
from moderation.domain.policy_document import DEFAULT_DOCUMENT
from moderation.domain.signal import Span
from moderation.settings import Settings
from moderation.usecases.keys import authenticate
from moderation.usecases.review import Review, decide_as_moderator
from tests.builders import a_full_comment
from tests.servers import RedisServer
from tests.usecases.given import NOW, a_comment

Run = Callable[..., Result]
HOOK = "https://gazette.example/hook"


@pytest.fixture
def services(
    sqlite_settings: Settings, redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Services]:
    """Return what the commands reach; their environment names the same servers."""
    environment = {
        "MODERATION_DATA_DIR": str(sqlite_settings.data_dir),
        "MODERATION_DATABASE_URL": sqlite_settings.database_url,
        "MODERATION_SECRET": sqlite_settings.secret.get_secret_value(),
        "MODERATION_REDIS_URL": redis_server.url,
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    root = logging.getLogger()
    before = list(root.handlers)
    opened = build_services(sqlite_settings.model_copy(update={"redis_url": redis_server.url}))
    yield opened
    opened.close()
    root.handlers = before


@pytest.fixture
def run(services: Services) -> Run:  # noqa: ARG001 - it sets the environment
    def invoke(*words: str, typed: str | None = None) -> Result:
        return CliRunner().invoke(make_app(), list(words), input=typed)

    return invoke


def done(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.stdout


def read(result: Result) -> Any:
    return json.loads(done(result))


def facts(result: Result) -> dict[str, str]:
    return dict(line.split(maxsplit=1) for line in done(result).splitlines())


def refused(result: Result, code: int = 1) -> str:
    """Return the one line on standard error of a command that failed as expected."""
    assert result.exit_code == code, result.output
    assert result.stdout == ""
    [line] = result.stderr.splitlines()
    assert line.startswith("moderation: ")
    return line


@pytest.fixture
def site(run: Run) -> dict[str, Any]:
    made: dict[str, Any] = read(run("site", "add", "Gazette", "--json"))
    return made


def test_a_site_is_added_listed_and_its_key_opens_it(run: Run, services: Services) -> None:
    made = facts(run("site", "add", "Gazette"))

    key = authenticate(made["key"], open_store=services.open_store, now=services.now())
    assert key.site_id == made["site"]
    assert [each["name"] for each in read(run("site", "list", "--json"))] == ["Gazette"]
    header, row = done(run("site", "list")).splitlines()
    assert header.split("\t") == ["ID", "NAME", "CREATED"]
    assert row.split("\t")[:2] == [made["site"], "Gazette"]


@pytest.mark.parametrize("holder", ["site", "moderator", "admin"])
@pytest.mark.usefixtures("site")
def test_keys_are_issued_rotated_listed_and_ended(holder: str, run: Run) -> None:
    who = {
        "site": ["--site", "Gazette"],
        "moderator": ["--moderator", "ann@gazette.example"],
        "admin": ["--admin"],
    }[holder]
    done(run("moderator", "add", "ann@gazette.example", "--name", "Ann", "--site", "Gazette"))

    issued = facts(run("key", "issue", *who))
    rotated = read(run("key", "rotate", *who, "--overlap", "15m", "--json"))
    listed = {key["id"]: key for key in read(run("key", "list", *who, "--json"))}
    assert listed[issued["id"]]["expires_at"] is not None
    assert listed[rotated["id"]]["expires_at"] is None
    assert rotated["key"].startswith(listed[rotated["id"]]["prefix"])
    done(run("key", "end", rotated["id"], *who))
    assert rotated["id"] in done(run("key", "list", *who))
    listed = {key["id"]: key for key in read(run("key", "list", *who, "--json"))}
    assert listed[rotated["id"]]["expires_at"] is not None


@pytest.mark.parametrize(
    "words",
    [
        ("key", "list"),
        ("key", "list", "--admin", "--site", "Gazette"),
        ("key", "rotate", "--admin", "--overlap", "soon"),
        ("policy", "rollback", "Gazette", "0"),
        ("replay",),
        ("replay", "file.csv", "--sample"),
        ("nonsense",),
    ],
)
def test_what_is_asked_wrongly_is_explained_and_exits_2(words: tuple[str, ...], run: Run) -> None:
    result = run(*words)

    assert result.exit_code == 2
    assert "Usage:" in result.stderr


@pytest.mark.usefixtures("site")
def test_a_moderator_is_added_changed_and_given_a_password(run: Run, services: Services) -> None:
    done(run("site", "add", "Courier"))
    words = ("moderator", "add", "ann@gazette.example", "--name", "Ann", "--site", "Gazette")
    made = facts(run(*words))

    token = authenticate(made["token"], open_store=services.open_store, now=services.now())
    assert token.moderator_id == made["moderator"]
    with services.open_store(reading=True) as store:
        kept = store.moderator(made["moderator"]).password_hash
    assert services.passwords.matches(made["password"], kept)

    changed = done(run("moderator", "change", made["moderator"], "--site", "Courier", "--inactive"))
    assert "active     no" in changed
    [listed] = read(run("moderator", "list", "--json"))
    assert listed["active"] is False
    assert "ann@gazette.example" in done(run("moderator", "list"))

    typed = run("moderator", "password", made["moderator"], "--password-stdin", typed="x" * 12)
    assert "password" not in done(typed)
    fresh = facts(run("moderator", "password", made["moderator"]))["password"]
    with services.open_store(reading=True) as store:
        kept = store.moderator(made["moderator"]).password_hash
    assert services.passwords.matches(fresh, kept)


def test_a_script_reads_what_each_change_made(
    run: Run, site: dict[str, Any], services: Services
) -> None:
    words = ("moderator", "add", "ann@gazette.example", "--name", "Ann", "--site", "Gazette")
    ann = read(run(*words, "--json"))
    hook = read(run("webhook", "add", "Gazette", HOOK, "--json"))["id"]
    issued = read(run("key", "issue", "--admin", "--json"))

    changed = read(run("moderator", "change", ann["id"], "--name", "Anne", "--json"))
    assert (changed["id"], changed["name"], changed["site_ids"]) == (
        ann["id"],
        "Anne",
        [site["id"]],
    )
    fresh = read(run("moderator", "password", ann["id"], "--json"))
    with services.open_store(reading=True) as store:
        kept = store.moderator(ann["id"]).password_hash
    assert fresh["id"] == ann["id"]
    assert services.passwords.matches(fresh["password"], kept)
    typed = run("moderator", "password", ann["id"], "--password-stdin", "--json", typed="x" * 12)
    assert read(typed) == {"id": ann["id"]}
    disabled = read(run("webhook", "disable", "Gazette", hook, "--json"))
    assert (disabled["id"], disabled["enabled"]) == (hook, False)
    assert read(run("webhook", "enable", "Gazette", hook, "--json"))["enabled"] is True
    assert read(run("webhook", "replay", "Gazette", "--json")) == {"owed_again": 0}
    ended = read(run("key", "end", issued["id"], "--admin", "--json"))
    assert ended["id"] == issued["id"]
    assert ended["expires_at"] is not None
    a_comment(services.open_store, site["id"], risk=None)
    assert read(run("sweep", "--json")) == {
        "owed": True,
        "answers_dropped": 0,
        "deliveries_dropped": 0,
        "traces_dropped": 0,
    }


@pytest.mark.usefixtures("site")
def test_a_password_that_was_read_is_not_printed(run: Run) -> None:
    words = ("moderator", "add", "ann@gazette.example", "--name", "Ann", "--site", "Gazette")

    made = read(run(*words, "--password-stdin", "--json", typed="correct horse battery\n"))

    assert "password" not in made
    assert made["token"].startswith("cmmod_")


@pytest.mark.usefixtures("site")
def test_a_webhook_is_added_rotated_switched_and_deleted(run: Run) -> None:
    made = facts(run("webhook", "add", "Gazette", HOOK))
    name = made["webhook"]

    assert made["secret"].startswith("whsec_")
    fresh = read(run("webhook", "rotate", "Gazette", name, "--json"))
    assert fresh["secret"] != made["secret"]
    assert facts(run("webhook", "rotate", "Gazette", name, "--overlap", "0s"))["webhook"] == name
    assert "disabled" in done(run("webhook", "disable", "Gazette", name))
    [listed] = read(run("webhook", "list", "Gazette", "--json"))
    assert listed["enabled"] is False
    assert "enabled" in done(run("webhook", "enable", "Gazette", name))
    assert done(run("webhook", "list", "Gazette")).splitlines()[1].split("\t")[2] == "yes"
    assert "deleted" in done(run("webhook", "delete", "Gazette", name))
    assert read(run("webhook", "list", "Gazette", "--json")) == []


@pytest.mark.usefixtures("site")
def test_a_given_secret_is_read_from_standard_input(run: Run) -> None:
    secret = "whsec_" + "a2V5" * 8

    made = read(
        run("webhook", "add", "Gazette", HOOK, "--secret-stdin", "--json", typed=secret + "\n")
    )

    assert made["secret"] == secret


def test_deliveries_are_listed_and_owed_again(
    run: Run, site: dict[str, Any], services: Services
) -> None:
    done(run("webhook", "add", "Gazette", HOOK))
    comment = a_comment(services.open_store, site["id"])

    [delivery] = read(run("webhook", "deliveries", "Gazette", "--status", "owed", "--json"))
    assert delivery["comment_id"] == comment.id
    assert delivery["id"] in done(run("webhook", "deliveries", "Gazette"))
    assert done(run("webhook", "replay", "Gazette", delivery["id"])).startswith("1 deliveries")
    assert done(run("webhook", "replay", "Gazette")).startswith("0 deliveries")


@pytest.mark.usefixtures("site")
def test_a_policy_is_shown_set_listed_and_gone_back_from(run: Run, tmp_path: Path) -> None:
    document = read(run("policy", "show", "Gazette"))
    file = tmp_path / "policy.json"
    file.write_text(json.dumps(document | {"required": ["toxicty"]}))

    result = run("policy", "set", "Gazette", str(file))

    assert done(result) == "version 2 is in force\n"
    assert "'toxicty' is no signal" in result.stderr
    assert "version 3, a copy of 1" in done(run("policy", "rollback", "Gazette", "1"))
    assert read(run("policy", "show", "Gazette")) == document
    assert read(run("policy", "show", "Gazette", "--version", "2"))["required"] == ["toxicty"]
    versions = read(run("policy", "versions", "Gazette", "--json"))
    assert [each["version"] for each in versions] == [3, 2, 1]
    assert versions[0]["by"].startswith("cli")
    assert len(done(run("policy", "versions", "Gazette")).splitlines()) == 4
    typed = run("policy", "set", "Gazette", "-", typed=json.dumps(document))
    assert done(typed) == "version 4 is in force\n"


@pytest.mark.usefixtures("site")
def test_what_a_policy_requires_unsaid_is_told_beside_its_document(run: Run) -> None:
    document = {"rules": [{"signal": "threat", "at_least": 0.5, "action": "hold"}]}

    typed = json.dumps(document | {"sections": {"opinion": document}})
    told = read(run("policy", "set", "Gazette", "-", "--json", typed=typed))
    assert (told["version"], told["required"]) == (2, ["threat"])
    assert told["required_in_sections"] == {}
    shown = run("policy", "show", "Gazette")
    assert read(shown)["required"] is None
    assert shown.stderr == "moderation: required is what the rules read: threat\n"
    assert read(run("policy", "rollback", "Gazette", "1", "--json"))["version"] == 3
    assert run("policy", "show", "Gazette").stderr == ""


@pytest.mark.parametrize(
    ("text", "code"), [("{", 1), ("[]", 1), ('{"rules": 1}', 2), ('{"max_links": -1}', 2)]
)
@pytest.mark.usefixtures("site")
def test_what_is_no_policy_is_refused_in_one_line(text: str, code: int, run: Run) -> None:
    refused(run("policy", "set", "Gazette", "-", typed=text), code)


def test_the_words_that_carried_the_score_are_told(
    run: Run, site: dict[str, Any], services: Services
) -> None:
    spans = (Span(7, 13, "toxicity"), Span(19, 25, "toxicity"), Span(15, 18, "toxicity"))
    comment = a_comment(
        services.open_store, site["id"], body="What a turnip. You turnip", spans=spans
    )

    told = done(run("explain", comment.id))

    assert "words\tturnip, You" in re.sub(r"  +|\t", "\t", told)


def test_a_comment_is_explained_with_all_that_befell_it(
    run: Run, site: dict[str, Any], services: Services
) -> None:
    made = facts(
        run("moderator", "add", "ann@gazette.example", "--name", "Ann", "--site", "Gazette")
    )
    done(run("webhook", "add", "Gazette", HOOK))
    hold = min(r["at_least"] for r in DEFAULT_DOCUMENT["rules"] if r["signal"] == "toxicity")
    comment = a_comment(
        services.open_store, site["id"], body="red \x1b[31m alert", risk=hold, external_id="c-1"
    )
    review = Review(
        moderator_id=made["moderator"],
        version=2,
        action=Action.REJECT,
        reason="insult",
        note="a turnip",
    )
    decide_as_moderator(
        comment.id,
        review,
        open_store=services.open_store,
        jobs=services.jobs,
        now=services.now(),
    )

    told = done(run("explain", comment.id))

    for part in ("toxicity>=0.60", "ab" * 32, "0.1.0", "a turnip", made["moderator"], "owed"):
        assert part in told
    assert "\x1b" not in told
    assert f"toxicity\t{hold:.4f}\t{hold:.2f}\thold\tyes" in told
    document = read(run("explain", "c-1", "--site", "Gazette", "--json"))
    assert document["id"] == comment.id
    assert [each["action"] for each in document["decisions"]] == ["hold", "reject"]
    assert document["texts"][0]["body"] == comment.body
    assert len(document["deliveries"]) == 2


def test_a_story_holds_all_that_is_known_of_a_comment(
    run: Run, site: dict[str, Any], services: Services
) -> None:
    parent = a_comment(services.open_store, site["id"])
    with services.open_store() as store:
        known = a_full_comment(store.site(site["id"]), parent_id=parent.id)
        known = replace(known, article=replace(known.article, title="A \x1b[31mstory"))
        store.add_comment(known)

    told, document = done(run("explain", known.id)), read(run("explain", known.id, "--json"))

    assert "\x1b" not in told
    facts_told = dict(re.split("  +", line, maxsplit=1) for line in told.splitlines()[:22])
    assert facts_told["reply to"] == parent.id
    assert (facts_told["section"], facts_told["language"]) == ("world", "en")
    assert (facts_told["author"], facts_told["author is"]) == ("Ann", "id:u1")
    assert (facts_told["honeypot"], facts_told["time on form"]) == ("filled in", "12.5 s")
    assert facts_told["decided last by a moderator"] == "no"
    assert {"Browser/1.0", "https://search.example"} <= set(facts_told.values())
    in_another_form = {"site_id", "body", "ip_hash"}
    assert {field.name for field in fields(known)} - in_another_form <= document.keys()
    for name in ("parent_id", "language", "honeypot", "form_seconds", "user_agent", "moderated"):
        assert document[name] == getattr(known, name)
    assert document["author"] == {
        "key": "id:u1",
        "id": "u1",
        "name": "Ann",
        "url": "https://ann.example",
    }


@pytest.mark.usefixtures("site")
def test_history_is_imported_and_faults_are_told_by_line(run: Run, tmp_path: Path) -> None:
    row = {"body": "Hello", "created_at": "2024-05-01T08:30:00Z", "status": "approved"}
    file = tmp_path / "history.jsonl"
    lines = [json.dumps(row | {"external_id": "c-1"}), "", "{", "[]", json.dumps(row)]
    file.write_text("\n".join(lines))

    result = run("import", "Gazette", str(file), "--json")

    assert result.exit_code == 1
    assert json.loads(result.stdout) == {"added": 1, "present": 0, "faulty": 3}
    faults = [line.split(": ")[1] for line in result.stderr.splitlines()]
    assert faults == ["line 3", "line 4", "line 5"]

    table = tmp_path / "history.csv"
    table.write_text(
        "external_id,body,created_at,decision,author.id\n"
        "c-1,Hello,2024-05-01T08:30:00Z,approve,7\n"
        'c-2,"Good, bye",2024-05-01T08:30:00Z,reject,\n'
    )
    assert facts(run("import", "Gazette", str(table))) == {
        "added": "1",
        "present": "1",
        "faulty": "0",
    }
    assert read(run("explain", "c-2", "--site", "Gazette", "--json"))["status"] == "rejected"


def test_a_sweep_says_what_it_found(run: Run, site: dict[str, Any], services: Services) -> None:
    assert done(run("sweep")).startswith("no comment is owed")

    a_comment(services.open_store, site["id"], risk=None)

    assert done(run("sweep")).startswith("comments are owed")


@pytest.mark.usefixtures("site")
def test_a_redis_that_is_away_is_one_line_and_no_failure(
    run: Run, redis_server: RedisServer
) -> None:
    made = facts(run("webhook", "add", "Gazette", HOOK))
    redis_server.kill()

    result = run("webhook", "enable", "Gazette", made["webhook"])

    assert "is enabled" in done(result)
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("policy", "show", "Nowhere"), 1),
        (("explain", "nonsense"), 1),
        (("site", "add", "two\nlines"), 2),
        (("key", "rotate", "--admin", "--overlap", "99d"), 2),
        (("policy", "set", "Nowhere", "no-such-file.json"), 1),
        (("import", "Nowhere", "history.txt"), 1),
    ],
)
def test_what_cannot_be_done_is_one_line(words: tuple[str, ...], code: int, run: Run) -> None:
    refused(run(*words), code)


@pytest.mark.parametrize(
    "words",
    [
        ("import", "Gazette", "folder.jsonl"),
        ("replay", "--key", "k", "folder.jsonl"),
        ("policy", "set", "Gazette", "folder.jsonl"),
        ("policy", "set", "Gazette", "latin.json"),
    ],
)
@pytest.mark.usefixtures("site")
def test_a_file_that_cannot_be_read_is_one_line_that_names_it(
    words: tuple[str, ...], run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder.jsonl").mkdir()
    Path("latin.json").write_bytes(b'{"word_lists": "\xe9"}')

    assert words[-1] in refused(run(*words))


@pytest.mark.parametrize("port", ["abc", "99999"])
def test_a_port_that_is_none_is_one_line(
    port: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", port)

    assert "'PORT'" in refused(run("up"), 2)


@pytest.mark.parametrize("words", [("up",), ("migrate",), ("site", "list"), ("sweep",)])
def test_an_unusable_environment_is_one_line_that_names_every_fault(
    words: tuple[str, ...], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("MODERATION_DATABASE_URL", "MODERATION_REDIS_URL", "MODERATION_RATE_LIMIT")
    for name in names:
        monkeypatch.setenv(name, "nonsense")

    told = refused(run(*words), 2)

    assert all(name in told for name in names)


def test_the_version_is_told(run: Run) -> None:
    assert done(run("--version")) == f"moderation {code_version()}\n"


def test_without_a_secret_the_environment_is_at_fault(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("MODERATION_SECRET")
    monkeypatch.setenv("MODERATION_DATA_DIR", str(tmp_path))

    assert "there is no secret" in refused(run("site", "list"), 2)


def test_a_malformed_setting_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODERATION_LEASE_S", "soon")

    assert "MODERATION_LEASE_S" in refused(run("site", "list"), 2)


def test_a_store_that_is_away_is_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MODERATION_DATABASE_URL", f"sqlite:///{tmp_path}/nowhere/m.db")

    assert "store cannot be reached" in refused(run("site", "list"))


def test_what_a_site_taught_is_listed_and_rolled_back(services: Services, run: Run) -> None:
    site = json.loads(done(run("site", "add", "Gazette", "--json")))["id"]
    assert "taught nothing" in run("spam", "rollback", "Gazette").stderr
    made = CorrectionVersion(version=0, made_at=NOW, by="learning", learnt=7, refused=2)
    with services.open_store() as store:
        for after in (0, 1):
            store.add_correction(site, made, b"weights", after=after, keep=5)

    told = done(run("spam", "rollback", "Gazette"))
    assert told == "version 3, a copy of 1, is in force; set aside for good: 0 opinions\n"
    to_nothing = json.loads(done(run("spam", "rollback", site, "0", "--json")))
    assert to_nothing == {"version": 4, "copy_of": 0, "set_aside": 0}
    assert "which corrects nothing" in done(run("spam", "rollback", site, "0"))

    listed = json.loads(done(run("spam", "versions", "Gazette", "--json")))
    assert [(each["version"], each["copy_of"]) for each in listed] == [
        (5, 0), (4, 0), (3, 1), (2, None), (1, None)
    ]  # fmt: skip
    assert (listed[-1]["learnt"], listed[-1]["refused"], listed[-1]["by"]) == (7, 2, "learning")
    table = done(run("spam", "versions", "Gazette")).splitlines()
    assert table[-1].split("\t")[0] == "1"
    assert run("spam", "rollback", "Gazette", "9").exit_code == 2
