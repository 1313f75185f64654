import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from moderation.data_folder import DataFolder
from moderation.supervisor.announcement import typed
from moderation.supervisor.children import pause_s
from moderation.supervisor.healthcheck import answers
from moderation.supervisor.lock import FolderInUse, lock
from moderation.supervisor.ports import free_ports, is_free


def test_the_command_is_told_as_it_can_be_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / ".venv" / "bin"
    folder.mkdir(parents=True)
    python, program = folder / "python", folder / "moderation"

    assert typed(python=python, here=tmp_path) == f"{python} -m moderation"
    program.touch(mode=0o755)
    assert typed(python=python, here=tmp_path) == ".venv/bin/moderation"
    assert typed(python=python, here=tmp_path / "elsewhere") == str(program)
    monkeypatch.setenv("PATH", str(folder))
    assert typed(python=python, here=tmp_path) == "moderation"


@contextmanager
def listening() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_the_pause_doubles_up_to_half_a_minute() -> None:
    assert [pause_s(failures) for failures in (1, 2, 3, 7, 8, 100)] == [0.5, 1, 2, 30, 30, 30]


def test_a_port_in_use_is_not_free_and_is_passed_over() -> None:
    with listening() as port:
        assert not is_free(port)
        assert port not in free_ports(3, after=port - 1)
    assert is_free(port)


def test_a_folder_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    with (
        lock(folder),
        pytest.raises(FolderInUse, match="MODERATION_DATA_DIR"),
        lock(folder, patience_s=0.2),
    ):
        pytest.fail("held twice")
    with lock(folder):
        pass


class _Answering(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/well" else 503)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def base_url() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), _Answering) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_health_is_an_answer_of_200(base_url: str) -> None:
    assert answers(f"{base_url}/well")
    assert not answers(f"{base_url}/unwell")
    with listening() as port:
        pass
    assert not answers(f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize(("path", "code"), [("well", 0), ("unwell", 1)])
def test_health_is_an_exit_code(base_url: str, path: str, code: int) -> None:
    command = [sys.executable, "-m", "moderation.supervisor.healthcheck", f"{base_url}/{path}"]

    assert subprocess.run(command, check=False).returncode == code
