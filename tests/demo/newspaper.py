"""The demo as a stranger finds it: a server, Redis, a worker, and a browser to look with."""

import gzip
import hashlib
import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from moderation.api.app import create_app
from moderation.bootstrap import Services, build_services
from moderation.settings import Settings
from moderation.supervisor.demo_site import DEMO_SITE
from moderation.usecases.sites import create_site
from tests.chaos.programs import Program, environment

AXE: Final = Path(__file__).parent / "vendor" / "axe.min.js.gz"
AXE_SHA256: Final = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
_QUIET: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class _Silent(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        """Say nothing."""


@dataclass
class Newspaper:
    url: str
    services: Services
    worker: Program


@contextmanager
def a_newspaper(settings: Settings, log: Path) -> Iterator[Newspaper]:
    """Serve the demo at a free port, with a worker behind it."""
    services = build_services(settings)
    create_site(DEMO_SITE, open_store=services.open_store, now=services.now())
    app = create_app(services)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Silent)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    worker = Program(["-m", "tests.demo.worker"], environment(settings), log)
    worker.start()
    try:
        yield Newspaper(f"http://127.0.0.1:{server.server_port}/demo", services, worker)
    finally:
        worker.close()
        server.shutdown()
        server.server_close()
        thread.join()
        services.close()


def launch(playwright: Playwright) -> Browser:
    """Start the installed Chromium, which asks nobody on the internet anything."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    assert found is not None, "install chromium: the demo is tested in a real browser"
    return playwright.chromium.launch(executable_path=found, args=list(_QUIET))


class Reader:
    """Somebody at a browser of their own."""

    def __init__(self, context: BrowserContext, paper: Newspaper, slug: str = "") -> None:
        self.context = context
        self.page: Page = context.new_page()
        self.dialogs: list[str] = []
        self.faults: list[str] = []
        self.page.on("dialog", self._dismiss)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._console)
        self.page.goto(paper.url + slug)

    def _dismiss(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def _console(self, message: Any) -> None:
        if message.type == "error" and "status of 4" not in message.text:
            self.faults.append(message.text)

    def write(self, text: str, *, name: str = "Ada", email: str = "ada@mail.example") -> None:
        """Fill in the form and send it."""
        self.page.fill("#name", name)
        self.page.fill("#email", email)
        self.page.fill("#text", text)
        self.page.click("text=Post comment")

    def await_status(self, status: str) -> None:
        """Wait until the newest own comment has this status."""
        self.page.wait_for_selector(f"#yours article:first-of-type.{status}", timeout=15_000)

    def newest(self) -> str:
        return self.page.inner_text("#yours article:first-of-type")

    def thread(self) -> str:
        return self.page.inner_text("#thread")

    def accessibility_faults(self) -> list[str]:
        """Return what axe finds, as readable lines."""
        script = gzip.decompress(AXE.read_bytes())
        assert hashlib.sha256(script).hexdigest() == AXE_SHA256
        self.page.evaluate(script.decode())
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{each['id']}: {json.dumps([node['target'] for node in each['nodes']])}"
            for each in found["violations"]
        ]

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than its window."""
        width: int = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return width
