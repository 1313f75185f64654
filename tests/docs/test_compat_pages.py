"""The pages under docs/compat say what the dialects do."""

import re
from pathlib import Path

import pytest

from moderation.compat.perspective.analyze import MAX_COMMENT_BYTES
from moderation.compat.perspective.attributes import MEANINGS, UNMEASURED
from moderation.compat.perspective.spans import MOST_SENTENCES
from moderation.domain.signal import SIGNALS

PAGE = (Path(__file__).parents[2] / "docs/compat/perspective.md").read_text(encoding="utf-8")
_ROW = re.compile(r"^\| (`[A-Z_`, ]+`) \| (.*?) ?\| (.+) \|$", re.MULTILINE)
ROWS = {
    name: (signal.strip("`"), how)
    for names, signal, how in _ROW.findall(PAGE)
    for name in re.findall(r"`([A-Z_]+)`", names)
}


@pytest.mark.parametrize("attribute", MEANINGS)
def test_every_attribute_is_told_with_its_signal(attribute: str) -> None:
    meaning = MEANINGS[attribute]
    signal, how = ROWS[attribute]

    assert signal == meaning.signal
    assert how.startswith(meaning.kind.value)


def test_no_attribute_is_told_that_is_not_there() -> None:
    assert ROWS.keys() == MEANINGS.keys() | UNMEASURED
    assert {name for name, (signal, _) in ROWS.items() if not signal} == UNMEASURED


@pytest.mark.parametrize("attribute", MEANINGS)
def test_every_attribute_stands_for_a_signal_of_the_service(attribute: str) -> None:
    meaning = MEANINGS[attribute]

    assert (meaning.signal in SIGNALS) is not meaning.only_some_models


def test_the_limits_are_told() -> None:
    assert f"{MAX_COMMENT_BYTES:,} bytes" in PAGE
    assert f"more than {MOST_SENTENCES} sentences" in PAGE
