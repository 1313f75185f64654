"""What the compose file and the Dockerfile promise, read off them."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from moderation.settings import Settings
from tests.operations.compose import ROOT, read_compose

COMPOSE = read_compose()
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = sorted(name for name, service in SERVICES.items() if "build" in service)
LASTING = sorted(SERVICES.keys() - {"migrate"})
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
BIN = Path(sys.executable).parent


def stages() -> dict[str, str]:
    """Return the text of each stage of the Dockerfile by its name."""
    parts = re.split(r"^FROM \S+ AS (\S+)$", DOCKERFILE, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def seconds(duration: str) -> int:
    assert duration.endswith("s")
    return int(duration[:-1])


@pytest.mark.parametrize("page", ["README.md", "docs/operations.md"])
def test_the_pages_make_every_secret_before_they_start_anything(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    [made] = re.findall(r"^for name in ([a-z_ ]+); do$", text, re.MULTILINE)

    assert sorted(made.split()) == sorted(COMPOSE["secrets"])
    assert text.index("for name in") < text.index("docker compose up")


@pytest.mark.parametrize(
    "command",
    [
        ["check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"],
        ["hadolint", "Dockerfile"],
    ],
    ids=["compose schema", "hadolint"],
)
def test_a_checker_finds_no_fault(command: list[str]) -> None:
    done = subprocess.run(
        [BIN / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_every_worker_can_be_scaled() -> None:
    for service in SERVICES.values():
        assert "container_name" not in service
    for name in ("worker", "live", "upkeep"):
        assert "ports" not in SERVICES[name]


@pytest.mark.parametrize("name", SERVICES)
def test_nothing_may_do_more_than_it_must(name: str) -> None:
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["user"] not in {"root", "0", "0:0"}
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", LASTING)
def test_what_lasts_is_watched(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", OURS)
def test_what_is_being_done_can_be_finished(name: str) -> None:
    job_timeout_s = int(SERVICES[name]["environment"]["MODERATION_JOB_TIMEOUT_S"])

    assert seconds(SERVICES[name]["stop_grace_period"]) == job_timeout_s + 10


@pytest.mark.parametrize("name", OURS)
def test_it_sets_only_what_is_a_setting(name: str) -> None:
    known = {f"MODERATION_{field.upper()}" for field in Settings.model_fields}
    for variable in SERVICES[name]["environment"]:
        if variable.startswith("MODERATION_"):
            assert variable.removesuffix("_FILE") in known


def test_secrets_come_by_file_only() -> None:
    words = json.dumps([service.get("environment") for service in SERVICES.values()])

    assert set(COMPOSE["secrets"]) == {"database_password", "redis_password", "moderation_secret"}
    assert all("file" in secret for secret in COMPOSE["secrets"].values())
    assert "PASSWORD" in words
    assert not re.search(r'"[A-Z_]*(PASSWORD|SECRET)":', words)


def test_only_the_api_is_reached_from_outside_and_only_on_loopback() -> None:
    published = {n: s["ports"] for n, s in SERVICES.items() if "ports" in s}

    assert published == {"api": ["127.0.0.1:8000:8000"]}


def test_redis_keeps_what_it_accepted() -> None:
    command = " ".join(SERVICES["redis"]["command"])

    for flags in ("--appendonly yes", "--maxmemory-policy noeviction", "requirepass"):
        assert flags in command


@pytest.mark.parametrize("name", ["api", "worker", "upkeep"])
def test_an_image_does_by_itself_what_its_service_does(name: str) -> None:
    stage = stages()[SERVICES[name]["build"]["target"]]
    [command] = re.findall(r"^CMD (\[.*\])$", stage, re.MULTILINE)

    assert json.loads(command) == SERVICES[name]["command"]


def test_torch_is_in_the_detoxify_image_alone() -> None:
    with_torch = {name for name, text in stages().items() if "torch" in text.lower()}
    copied_from = {name: re.findall(r"COPY --from=(\S+)", text) for name, text in stages().items()}

    assert with_torch == {"builder-detoxify"}
    assert [n for n, sources in copied_from.items() if "builder-detoxify" in sources] == [
        "worker-detoxify"
    ]
    assert copied_from["base"] == ["builder"]


def test_every_stage_that_runs_gives_up_root() -> None:
    for name in ("worker-detoxify", "base"):
        assert "USER 10001:10001" in stages()[name]


def test_what_is_copied_is_not_ignored() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    for line in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE):
        for source in line.split():
            assert f"!{source}" in ignored
            assert (ROOT / source).exists()
