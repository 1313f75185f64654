"""``moderation replay`` against a service that we play, over HTTP."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from moderation.cli.app import make_app

KEY = "a key"
TRUTH = {"good": "approved", "so so": "held", "bad": "rejected"}


class Newsroom(ThreadingHTTPServer):
    """Decides each comment by its text; each is pending the first time one asks."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.lock = threading.Lock()
        self.posted: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.asked: set[str] = set()
        self.refusals: list[tuple[int, str]] = []
        self.undecided = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Newsroom

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.headers["Authorization"] != f"Bearer {KEY}":
            return self._answer(401, {"type": "/problems/unauthorized"})
        with self.server.lock:
            if self.server.refusals:
                status, slug = self.server.refusals.pop()
                return self._answer(status, {"type": f"/problems/{slug}"})
            if not body.get("body"):
                return self._answer(422, {"type": "/problems/validation-error"})
            self.server.posted.append(body)
            self.server.keys.append(self.headers["Idempotency-Key"])
            return self._answer(202, {"id": str(len(self.server.posted) - 1), "status": "pending"})

    def do_GET(self) -> None:
        comment_id = self.path.rsplit("/", 1)[-1]
        with self.server.lock:
            known = comment_id in self.server.asked and not self.server.undecided
            self.server.asked.add(comment_id)
            text = self.server.posted[int(comment_id)]["body"]
        self._answer(200, {"id": comment_id, "status": TRUTH[text] if known else "pending"})

    def _answer(self, status: int, document: dict[str, Any]) -> None:
        raw = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(raw)))
        self.send_header("Retry-After", "0")
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    rows = [("good", "clean")] * 6 + [("so so", "clean"), ("so so", "toxic"), ("bad", "toxic")]
    path = tmp_path / "comments.jsonl"
    lines = [json.dumps({"text": text, "label": label, "id": n}) for n, (text, label) in
             enumerate(rows)]  # fmt: skip
    path.write_text("\n".join(lines))
    return path


def replay(*words: str) -> Result:
    return CliRunner().invoke(make_app(), ["replay", *words])


def test_outcomes_are_counted_and_compared_with_the_labels(newsroom: Newsroom, file: Path) -> None:
    result = replay(str(file), "--url", newsroom.url, "--key", KEY, "--json")

    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout) == {
        "outcomes": [
            {"outcome": "approved", "comments": 6, "toxic": 0, "clean": 6},
            {"outcome": "held", "comments": 2, "toxic": 1, "clean": 1},
            {"outcome": "rejected", "comments": 1, "toxic": 1, "clean": 0},
        ],
        "caught": 1.0,
        "false_alarms": pytest.approx(1 / 7),
    }
    assert newsroom.posted[0].keys() == {"body"}
    assert len(set(newsroom.keys)) == len(newsroom.keys) == 9


def test_the_table_is_for_people(newsroom: Newsroom, file: Path) -> None:
    lines = replay(str(file), "--url", newsroom.url, "--key", KEY).stdout.splitlines()

    assert lines[0].split("\t") == ["OUTCOME", "COMMENTS", "TOXIC", "CLEAN"]
    assert lines[-2:] == [
        "held or rejected: 100% of 2 toxic",
        "held or rejected: 14% of 7 clean",
    ]


@pytest.mark.parametrize("refusal", [(429, "rate-limited"), (503, "backlog-full")])
def test_a_service_that_is_busy_is_asked_again(
    refusal: tuple[int, str], newsroom: Newsroom, file: Path
) -> None:
    newsroom.refusals = [refusal] * 5

    result = replay(str(file), "--url", newsroom.url, "--key", KEY, "--json")

    assert result.exit_code == 0
    assert len(newsroom.posted) == 9


def test_a_service_that_stays_away_is_given_up(newsroom: Newsroom, file: Path) -> None:
    newsroom.refusals = [(503, "unavailable")] * 1000

    result = replay(str(file), "--url", newsroom.url, "--key", KEY)

    assert result.exit_code == 1
    assert result.stderr == "moderation: the service keeps answering 503: unavailable\n"


def test_comments_that_are_refused_are_outcomes_too(newsroom: Newsroom, tmp_path: Path) -> None:
    table = tmp_path / "comments.csv"
    table.write_text(
        "body,article.id,form_seconds,toxicity\ngood,a1,2.5,0\n,a1,,1\ngood,a1,soon,\nextra,,,,\n"
    )

    result = replay(str(table), "--url", newsroom.url, "--key", KEY, "--json")

    counted = {each["outcome"]: each["comments"] for each in json.loads(result.stdout)["outcomes"]}
    assert counted == {"approved": 2, "validation-error": 1, "unreadable line": 1}
    sent = sorted(newsroom.posted, key=lambda body: str(body["form_seconds"]))
    assert sent[0] == {"body": "good", "article": {"id": "a1"}, "form_seconds": 2.5}


def test_what_is_not_decided_in_time_is_told_as_pending(newsroom: Newsroom, file: Path) -> None:
    newsroom.undecided = True

    result = replay(str(file), "--url", newsroom.url, "--key", KEY, "--wait", "0.2", "--json")

    assert json.loads(result.stdout)["outcomes"] == [
        {"outcome": "pending", "comments": 9, "toxic": 2, "clean": 7}
    ]
    assert json.loads(result.stdout)["caught"] is None


@pytest.mark.parametrize(
    ("url", "line"),
    [
        ("http://127.0.0.1:1", "does not answer"),
        ("nonsense", "is not an http or https address"),
    ],
)
def test_a_service_that_is_not_there_is_one_line(url: str, line: str, file: Path) -> None:
    result = replay(str(file), "--url", url, "--key", KEY)

    assert result.exit_code == 1
    [told] = result.stderr.splitlines()
    assert line in told


def test_a_key_that_is_not_taken_is_one_line(newsroom: Newsroom, file: Path) -> None:
    result = replay(str(file), "--url", newsroom.url, "--key", "another")

    assert (result.exit_code, result.stderr) == (
        1,
        "moderation: the service does not accept this key\n",
    )


def test_without_a_key_the_demo_sites_key_is_used(
    newsroom: Newsroom, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODERATION_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("MODERATION_KEY", raising=False)
    missing = replay(str(file), "--url", newsroom.url)
    assert missing.exit_code == 1
    assert "give --key" in missing.stderr

    (tmp_path / "demo.key").write_text(f"{KEY}\n")

    assert replay(str(file), "--url", newsroom.url).exit_code == 0


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("nowhere.jsonl", "No such file or directory: {path}"),
        ("nowhere", "No such file or directory: {path}"),
        ("here.txt", "{path} must end in .jsonl or .csv"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_before_a_key_is_missed(
    name: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODERATION_DATA_DIR", str(tmp_path / "nowhere"))
    monkeypatch.delenv("MODERATION_KEY", raising=False)
    path = tmp_path / name
    (tmp_path / "here.txt").touch()

    result = replay(str(path))

    assert (result.exit_code, result.stderr) == (1, f"moderation: {line.format(path=path)}\n")


def test_the_sample_is_labelled_and_names_nobodys_address(newsroom: Newsroom) -> None:
    newsroom.undecided = True

    result = replay("--sample", "--url", newsroom.url, "--key", KEY, "--wait", "0", "--json")

    assert json.loads(result.stdout)["outcomes"] == [
        {"outcome": "pending", "comments": 240, "toxic": 60, "clean": 180}
    ]
    assert not any("@" in body["body"] for body in newsroom.posted)
