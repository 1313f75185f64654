"""docs/cli.md and docs/policies.md say what the code does."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from moderation.cli.app import make_app
from moderation.domain.policy import Action
from moderation.domain.policy_document import DEFAULT_DOCUMENT, read_policy
from moderation.domain.review import REVIEW_REASONS

DOCS = Path(__file__).parents[2] / "docs"
CLI = (DOCS / "cli.md").read_text(encoding="utf-8")
POLICIES = (DOCS / "policies.md").read_text(encoding="utf-8")
POLICY_EXAMPLES = re.findall(r"```json\n(.*?)```", POLICIES, re.DOTALL)


def commands(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield every command that can be typed, with its path."""
    inner = getattr(command, "commands", None)
    if inner is None:
        yield path, command
        return
    for name, each in inner.items():
        yield from commands(each, f"{path} {name}")


ALL = dict(commands(typer.main.get_command(make_app()), "moderation"))


def test_every_command_has_a_heading_and_every_heading_a_command() -> None:
    assert re.findall(r"^### `(.+)`$", CLI, re.MULTILINE) == sorted(
        ALL, key=lambda path: CLI.find(f"### `{path}`")
    )


@pytest.mark.parametrize("path", ALL)
def test_every_command_has_an_example_whose_options_exist(path: str) -> None:
    section = CLI.split(f"### `{path}`\n", 1)[1].split("\n#", 1)[0]
    lines = [
        line
        for block in re.findall(r"```console\n(.*?)```", section, re.DOTALL)
        for line in block.splitlines()
        if path in line
    ]
    known = {option for parameter in ALL[path].params for option in parameter.opts}
    known |= {option for parameter in ALL[path].params for option in parameter.secondary_opts}

    assert lines
    for line in lines:
        words = shlex.split(line.split(path, 1)[1])
        assert {word for word in words if word.startswith("--")} <= known, line


def test_the_default_policy_is_shown_as_it_is() -> None:
    assert json.loads(POLICY_EXAMPLES[-1]) == DEFAULT_DOCUMENT


@pytest.mark.parametrize("example", POLICY_EXAMPLES)
def test_the_policies_shown_can_be_put_in_force(example: str) -> None:
    assert read_policy(json.loads(example), version=1).rules


def test_every_field_of_a_policy_is_described() -> None:
    described = re.findall(r"^\| `(\w+)` \| `.*?` \|", POLICIES, re.MULTILINE)

    assert sorted(described) == sorted(
        {"rules", "required", "sections", "premoderate", "word_lists"}
        | {"max_links", "hold_first", "trusted_authors", "languages", "base_rates", "akismet"}
    )


@pytest.mark.parametrize("code", REVIEW_REASONS)
def test_every_reason_of_a_moderator_is_described(code: str) -> None:
    reason = REVIEW_REASONS[code]
    only = next(iter(reason.actions)).name.lower() if len(reason.actions) == 1 else "both"

    assert f"| `{code}` | {only} | {reason.text} |" in POLICIES
    assert Action.HOLD not in reason.actions
