"""A small server that speaks Perspective, out of recorded pairs."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

PAIRS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "perspective_pairs.json").read_text(encoding="utf-8")
)
KEY = "an old key"
_BAD_KEY = {
    "error": {
        "code": 400,
        "message": "API key not valid. Please pass a valid API key.",
        "status": "INVALID_ARGUMENT",
        "details": [
            {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}
        ],
    }
}


@dataclass
class OldService:
    """What it was asked; *busy* times it first says that there were too many requests."""

    url: str = ""
    busy: int = 0
    asked: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, path: str, message: dict[str, Any]) -> tuple[int, Any]:
        parts = urlsplit(path)
        if parts.path != "/v1alpha1/comments:analyze":
            return 404, {"error": {"code": 404}}
        if parse_qs(parts.query).get("key") != [KEY]:
            return 400, _BAD_KEY
        if self.busy:
            self.busy -= 1
            return 429, {"error": {"code": 429, "status": "RESOURCE_EXHAUSTED"}}
        self.asked.append(message)
        [pair] = [each for each in PAIRS if each["text"] == message["comment"]["text"]]
        return pair["status"], pair["answer"]


@contextmanager
def old_service() -> Iterator[OldService]:
    """Serve it at a free port."""
    service = OldService()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            status, told = service.answer(self.path, json.loads(raw))
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=UTF-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
