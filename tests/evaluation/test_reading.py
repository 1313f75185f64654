"""Labelled texts come from folders, tables and lines; what is broken is told without quoting."""

import gzip
from pathlib import Path

import pytest

from tests.evaluation.given import SIGNALS, jsonl
from tests.training.given import write
from workers.evaluation.halves import is_fitted_on
from workers.evaluation.reading import (
    LabelledText,
    UnreadableData,
    count_rows,
    data_sets,
    read_texts,
)

TABLE = 'id,text,toxicity,insult\n1,hello,0,\n2,"a, b",1,0.6\n3,  ,1,1\n4,hm,,\n'
TEXTS = [
    LabelledText("hello", {"toxicity": 0}),
    LabelledText("a, b", {"toxicity": 1, "insult": 0.6}),
    LabelledText("hm", {}),
]


def test_a_folder_holds_a_set_in_each_file_of_dev(tmp_path: Path) -> None:
    write(tmp_path / "dev" / "news.csv.gz", [{"text": "hm"}])
    jsonl(tmp_path / "dev" / "talk.jsonl", {"text": "hm"})
    (tmp_path / "dev" / "README.md").write_text("not data")

    assert list(data_sets(tmp_path)) == ["news", "talk"]
    assert data_sets(tmp_path / "dev") == data_sets(tmp_path)
    assert list(data_sets(tmp_path / "dev" / "talk.jsonl")) == ["talk"]


def test_a_folder_without_data_and_a_file_of_another_kind_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableData, match="holds no"):
        data_sets(tmp_path)
    (tmp_path / "a.txt").touch()
    with pytest.raises(UnreadableData, match="must end in"):
        data_sets(tmp_path / "a.txt")


def test_a_table_is_read_plain_and_compressed_and_blank_texts_are_left_out(tmp_path: Path) -> None:
    plain, packed = tmp_path / "a.csv", tmp_path / "a.csv.gz"
    plain.write_text(TABLE, encoding="utf-8-sig")
    packed.write_bytes(gzip.compress(TABLE.encode()))

    assert list(read_texts(plain, SIGNALS)) == list(read_texts(packed, SIGNALS)) == TEXTS
    assert count_rows(packed) == 4


def test_lines_may_name_body_and_label_as_a_replay_does(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"body": "hello", "label": "clean"},
        {"text": "you", "label": "toxic", "insult": True},
        {"text": "hm", "toxicity": None, "label": ""},
    ]

    assert list(read_texts(jsonl(tmp_path / "a.jsonl", *rows), SIGNALS)) == [
        LabelledText("hello", {"toxicity": 0}),
        LabelledText("you", {"toxicity": 1, "insult": 1}),
        LabelledText("hm", {}),
    ]


def test_a_limit_draws_the_same_texts_every_time_from_the_whole_file(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", *({"text": f"text {i}"} for i in range(200)))

    drawn = [each.text for each in read_texts(path, SIGNALS, limit=50)]

    assert drawn == [each.text for each in read_texts(path, SIGNALS, limit=50)]
    assert len(set(drawn)) == 50
    assert any(int(text.split()[1]) >= 150 for text in drawn)
    assert len(list(read_texts(path, SIGNALS, limit=500))) == 200


def test_a_sentence_of_a_template_keeps_its_term(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", {"body": "Ann is a kind deaf", "template": "name_adj"})

    assert [each.term for each in read_texts(path, SIGNALS)] == ["deaf"]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.jsonl", b'{"text": "private"}\n[1]\n', "line 2: not a JSON object"),
        ("a.jsonl", b"private", "line 1: not a JSON object"),
        ("a.jsonl", b'{"words": "private"}', "row 1: there is no text"),
        ("a.csv", b"words\nprivate\n", "row 1: there is no text"),
        ("a.csv", b"text,toxicity\nprivate,7\n", "row 1: the label toxicity is not in"),
        ("a.csv", b"text,insult\nprivate,private\n", "row 1: the label insult is not in"),
        ("a.csv", b"text\nprivate \xff\n", "is broken: UnicodeDecodeError"),
        ("a.csv.gz", b"private", "cannot be read: BadGzipFile"),
        ("a.csv.gz", gzip.compress(b"text\nprivate\n", mtime=0)[:-9], "cannot be read: EOFError"),
    ],
)
def test_what_is_broken_is_named_and_not_quoted(
    name: str, content: bytes, told: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(UnreadableData, match=told) as raised:
        list(read_texts(path, SIGNALS))

    assert "private" not in str(raised.value)
    assert count_rows(path) >= 0


def test_a_row_stays_in_its_half_whatever_else_the_file_holds(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [{"id": f"row-{i}", "text": f"text {i}"} for i in range(40)]
    whole = jsonl(tmp_path / "whole.jsonl", *rows)
    part = jsonl(tmp_path / "part.jsonl", *reversed(rows[:20]))

    halves = [
        {each.text for each in read_texts(path, SIGNALS, other_half=True)} for path in (whole, part)
    ]

    assert halves[1] == halves[0] & {f"text {i}" for i in range(20)}
    assert count_rows(whole, other_half=True) == len(halves[0])
    assert 0 < len(halves[0]) < 40


def test_a_row_without_an_id_is_known_by_its_text() -> None:
    assert is_fitted_on({"text": "hm"}) == is_fitted_on({"body": "hm", "id": ""})
    assert len({is_fitted_on({"text": f"text {i}"}) for i in range(20)}) == 2
    assert is_fitted_on({"id": "a", "text": "one"}) == is_fitted_on({"id": "a", "text": "two"})
