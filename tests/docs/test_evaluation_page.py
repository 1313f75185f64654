"""docs/evaluation.md lists the groups, words and disguises that are measured."""

import re
from pathlib import Path

from workers.evaluation.groups import GROUPS
from workers.evaluation.transforms import TRANSFORMS

PAGE = (Path(__file__).parents[2] / "docs" / "evaluation.md").read_text(encoding="utf-8")


def test_every_group_is_listed_with_its_words() -> None:
    for group, words in GROUPS.items():
        assert f"| {group} | {', '.join(words)} |" in PAGE


def test_every_disguise_is_described() -> None:
    assert re.findall(r"^\| `(\w+)` \| [A-Z]", PAGE, re.MULTILINE) == list(TRANSFORMS)
