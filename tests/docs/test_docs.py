"""The documents say what the code does: nothing can be added without being written down."""

import re
from pathlib import Path

import pytest

from moderation.domain.signal import SIGNALS
from moderation.settings import Settings

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", _FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


@pytest.mark.parametrize("document", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    text = _FENCE.sub("", document.read_text(encoding="utf-8"))
    broken = []
    for target in _LINK.findall(text):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, anchor = target.partition("#")
        page_of = document if not path else (document.parent / path).resolve()
        if not page_of.exists() or (
            anchor and anchor not in anchors(page_of.read_text(encoding="utf-8"))
        ):
            broken.append(target)

    assert broken == []


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented_with_its_default(name: str) -> None:
    rows = [
        line
        for line in page("settings.md").splitlines()
        if line.startswith(f"| `MODERATION_{name.upper()}` |")
    ]

    assert len(rows) == 1
    default = Settings.model_fields[name].default
    shown = "" if default is None or str(default).strip("*") == "" else str(default)
    assert rows[0].split("|")[2].strip().strip("`") == shown


@pytest.mark.parametrize("name", SIGNALS)
def test_every_signal_is_documented(name: str) -> None:
    assert f"| `{name}` |" in page("policies.md")


def test_every_decision_record_is_listed_and_says_what_would_change_our_mind() -> None:
    records = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))
    index = page("decisions/README.md")

    assert records
    for record in records:
        assert f"({record.name})" in index
        text = record.read_text(encoding="utf-8")
        for part in ("**Context.**", "**Decision.**", "**Consequences.**", "**What would change"):
            assert part in text, (record.name, part)
