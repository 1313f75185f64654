import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
LOCKS = ["requirements.txt", "requirements-detoxify.txt", "requirements-test.txt"]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())


def pinned(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ]+)", (ROOT / lock).read_text(), re.MULTILINE))


def tracked(*folders: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *folders],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [Path(name) for name in listed.split("\0") if name and (ROOT / name).exists()]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    logical = text.replace("\\\n", " ")
    pins = [line for line in logical.splitlines() if line and not line.startswith("#")]

    assert pins
    assert all("--hash=sha256:" in pin for pin in pins)
    assert not re.search(r"://|@ ", text)


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_names_torch_or_what_it_brings(lock: str) -> None:
    assert not re.search(r"^(torch|nvidia-|triton)", (ROOT / lock).read_text(), re.MULTILINE)


def test_serving_needs_neither_detoxify_nor_transformers() -> None:
    assert not {"detoxify", "transformers", "sentence-transformers"} & pinned(LOCKS[0]).keys()


def test_the_locks_agree() -> None:
    serving, detoxify, everything = map(pinned, LOCKS)

    assert serving.items() - {"setuptools": serving["setuptools"]}.items() <= everything.items()
    assert detoxify.items() <= everything.items()


def test_every_wanted_package_is_pinned() -> None:
    wanted = [*PROJECT["project"]["dependencies"]]
    for extra in PROJECT["project"]["optional-dependencies"].values():
        wanted += extra
    names = {re.match(r"[\w.-]+", line)[0].replace(".", "-").lower() for line in wanted}  # type: ignore[index]

    assert names - {"comment-moderation"} <= pinned("requirements-test.txt").keys()


def test_the_wheel_holds_every_file_of_the_packages(tmp_path: Path) -> None:
    for name in tracked("moderation", "workers", "pyproject.toml", "README.md", "LICENSE"):
        (tmp_path / "source" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / "source" / name)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--wheel-dir", tmp_path, tmp_path / "source"], check=True)
    [wheel] = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())

    assert {str(name) for name in tracked("moderation", "workers")} <= held


def test_every_target_of_make_says_what_it_is() -> None:
    makefile = (ROOT / "Makefile").read_text()
    [phony] = re.findall(r"^\.PHONY: (help .*)$", makefile, re.MULTILINE)
    said = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert phony.split() == [line.split()[1] for line in said.splitlines()]


def test_hooks_fetch_nothing() -> None:
    hooks = YAML(typ="safe", pure=True).load((ROOT / ".pre-commit-config.yaml").read_text())

    assert [repository["repo"] for repository in hooks["repos"]] == ["local"]


def test_without_a_browser_make_says_so_before_it_runs_any_test(tmp_path: Path) -> None:
    for program in ("bash", "id", "python3"):
        (tmp_path / program).symlink_to(shutil.which(program) or "")
    make = shutil.which("make")
    assert make is not None

    said = subprocess.run(
        [make, "--no-print-directory", "test"],
        cwd=ROOT,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert said.returncode == 2
    assert [line for line in said.stdout.splitlines() if "apt-get install chromium" in line]
    assert len(said.stdout.splitlines()) == 1
