"""docs/scorers/spam.md says what the card says."""

import re
from pathlib import Path
from typing import Final

from workers.engines.card import ScorerCard
from workers.engines.folder import CARD
from workers.spam.model import SHIPPED_SPAM

PAGE: Final = (Path(__file__).parents[2] / "docs" / "scorers" / "spam.md").read_text("utf-8")
SHIPPED: Final = ScorerCard.read(SHIPPED_SPAM / CARD)


def cells(first: str) -> list[str]:
    """Return the further cells of the row that begins so."""
    row = re.search(rf"^\| {re.escape(first)} \|(.*)\|$", PAGE, re.MULTILINE)
    assert row, first
    return [cell.strip() for cell in row[1].split("|")]


def test_the_page_tells_every_weight_and_the_hash() -> None:
    assert SHIPPED.sha256 in PAGE
    for name, weight in SHIPPED.combination["weights"].items():
        assert cells(f"`{name}`")[0] == str(weight)


def test_the_page_tells_how_each_video_was_judged() -> None:
    found = SHIPPED.figures["across_videos"]

    for name, told in found["videos"].items():
        held, even = told["at"]["hold"], told["at"]["base_rate"]
        assert cells(name)[2:] == [
            *(str(told["auc"]), str(held["f1"]), str(held["recall"]), str(held["precision"])),
            str(even["f1"]),
        ]
    assert f"**{found['mean_auc']}**" in PAGE
    assert f"**{found['mean_f1']['hold']}**" in PAGE


def test_the_page_tells_the_false_alarms() -> None:
    for name, told in SHIPPED.figures["false_alarms"].items():
        shares = [told["reaching"][at] for at in ("0.10", "0.30", "0.50", "0.60", "0.70", "0.90")]
        assert cells(name)[1:] == [f"{share:.2%}" for share in (*shares, told["at"]["reject"])]
