"""Measuring what sites and liars teach, on a made-up data folder."""

import csv
import gzip
import io
import json
from pathlib import Path

import pytest

from workers.spam.examples import shipped_examples
from workers.training.spam_examples import draw_examples, write_examples
from workers.training.spam_learning import Towns, as_markdown, learning_curve, poisoned
from workers.training.spam_texts import spam_texts

HARMLESS = ("I liked the {} in part {}", "The {} reminds me of year {}", "Who else saw the {} {}")
SPAM = ("Subscribe to my {} channel {}", "Win free {} today, text {}", "Cheap {} for sale {} euro")
THINGS = ("song", "dance", "bridge", "singer", "story", "ending", "colour", "drum")


def write(file: Path, **columns: list[str]) -> None:
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(columns)
    rows.writerows(zip(*columns.values(), strict=True))
    file.write_bytes(gzip.compress(text.getvalue().encode()))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    train = tmp_path / "train"
    train.mkdir()
    numbers = range(96)

    def texts(kinds: tuple[str, ...], name: str) -> list[str]:
        return [f"{kinds[n % 3].format(THINGS[n % 8], n)} {name}" for n in numbers]

    for name, more in (("youtube_comment_spam", "video"), ("telegram_spam", "lang"),
                       ("sms_spam", "id")):  # fmt: skip
        both = [text for pair in zip(texts(HARMLESS, name), texts(SPAM, name), strict=True)
                for text in pair]  # fmt: skip
        columns = {"text": both, "spam": ["0", "1"] * len(numbers)}
        write(train / f"{name}.csv.gz", **columns, **{more: ["a", "a", "b", "b"] * 48})
    for name in ("civil_news", "jigsaw_wikipedia"):
        write(train / f"{name}.csv.gz", text=texts(HARMLESS, name), toxicity=["0", "1"] * 48)
    return tmp_path


def test_texts_are_read_with_where_they_come_from(data: Path) -> None:
    texts = spam_texts(data)

    assert {each.origin for each in texts} == {
        "youtube:a", "youtube:b", "telegram:a", "telegram:b", "sms", "civil_news",
        "jigsaw_wikipedia",
    }  # fmt: skip
    assert sum(each.origin == "civil_news" for each in texts) == 48


def test_examples_are_drawn_the_same_each_time_and_read_back(data: Path, tmp_path: Path) -> None:
    texts = spam_texts(data)
    drawn = draw_examples(texts)
    assert drawn == draw_examples(texts)

    write_examples(drawn, tmp_path / "examples.jsonl")

    kept = shipped_examples(tmp_path / "examples.jsonl")
    assert [(comment.body, spam) for comment, spam in kept] == [(e.text, e.spam) for e in drawn]
    lines = (tmp_path / "examples.jsonl").read_text().splitlines()
    assert not any(digit in json.loads(line)["text"] for line in lines for digit in "123456789")


def test_both_tables_are_measured(data: Path) -> None:
    towns = Towns(data)

    errors = learning_curve(towns, ["sms"], [0])
    moved = poisoned(towns, ["sms"], [0])

    assert [each.taken for each in errors] == [0, 10, 50, 96]
    assert errors[-1].wrong <= errors[0].wrong + 0.02
    assert {each.history for each in moved} == {0}  # a hundred decisions are more than it has
    assert len(moved) == 8
    table = as_markdown(errors, moved)
    assert "| sms | 96 |" in table
    assert "| two liars together | 0 |" in table
