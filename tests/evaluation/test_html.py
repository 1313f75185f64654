"""The report is one page that needs nothing else and quotes no comment."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.evaluation.given import TODAY, Bars, Counting, comments, jsonl
from workers.evaluation.comparing import compare
from workers.evaluation.evaluate import evaluate
from workers.evaluation.html import comparison_page, report_page

WITHOUT_END = {"meta", "circle", "rect", "path", "!doctype"}


class Outline(HTMLParser):
    """Checks that what is opened is closed, and remembers tags, attributes and texts."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.update(name for name, _ in attrs)
        if tag not in WITHOUT_END or not self.get_starttag_text().endswith("/>"):  # type: ignore[union-attr]
            self.open += [tag] if tag != "meta" else []

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.update(name for name, _ in attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data.strip())


def outline(page: str) -> Outline:
    found = Outline()
    found.feed(page)
    assert found.open == []
    return found


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("data")
    odd = {"text": "Ann is a kind <b>reader</b>", "toxicity": 0, "template": "name_adj"}
    return {
        "news": jsonl(folder / "news.jsonl", *comments() * 2),
        "<i>odd</i> & ends": jsonl(folder / "odd.jsonl", odd),
        "unlabelled": jsonl(folder / "unlabelled.jsonl", {"text": "hm"}),
    }


@pytest.fixture(scope="module")
def report(files: dict[str, Path]) -> str:
    options = {"base_rate": 0.1, "limit": None, "begin": Bars().begin, "today": TODAY}
    return report_page(evaluate(Counting(), files, **options))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def comparison(files: dict[str, Path]) -> str:
    options = {"base_rate": 0.1, "limit": 40, "begin": Bars().begin, "today": TODAY}
    found = compare((Counting("council"), Counting()), files, **options)  # type: ignore[arg-type]
    json.dumps(found, allow_nan=False)
    return comparison_page(found)


@pytest.fixture(params=["report", "comparison"])
def page(request: pytest.FixtureRequest) -> str:
    given: str = request.getfixturevalue(request.param)
    return given


def test_the_page_is_well_formed_and_draws(page: str) -> None:
    found = outline(page)

    assert "svg" in found.tags
    assert found.tags.count("html") == found.tags.count("h1") == 1


def test_the_page_needs_no_script_and_nothing_from_elsewhere(page: str) -> None:
    found = outline(page)

    assert not {"script", "link", "img", "iframe", "use"} & set(found.tags)
    assert not {"src", "href"} & found.attributes
    assert not any(name.startswith("on") for name in found.attributes)
    assert not re.search(r"https?:|url\(|@import", page)


def test_the_page_knows_the_dark(page: str) -> None:
    assert 'content="light dark"' in page
    assert "prefers-color-scheme: dark" in page


def test_no_text_of_a_comment_is_in_the_page(page: str) -> None:
    assert not re.search("idiot|wrote letter|these people|Ann is", page)


def test_names_are_escaped(page: str) -> None:
    assert "<i>odd" not in page
    assert "<b>reader" not in page


def test_every_part_of_an_evaluation_is_drawn_or_listed(report: str) -> None:
    words = outline(report).words

    for part in ("Ranking", "The default policy", "Evasion", "Bias", "Identity terms", "Each set"):
        assert part in words
    assert {"news", "unlabelled", "women", "homoglyphs", "1.0000"} <= set(words)
    # Of two labels three drawings each, one of a set that has one kind only, evasion and terms.
    assert outline(report).tags.count("svg") == 6 + 2 + 2


def test_differences_beyond_chance_stand_out(comparison: str) -> None:
    assert '<b class="key-b">better</b>' in comparison
    assert "no more than chance" in comparison
    assert "false alarms" in outline(comparison).words
