"""``moderation up``: run the whole service from one command, and nothing of it afterwards."""

import os

from rich.console import Console

from moderation.errors import ModerationError
from moderation.settings import Settings
from moderation.supervisor.front import behind_front
from moderation.supervisor.lock import FolderInUse
from moderation.supervisor.programs import cores
from moderation.supervisor.redis_server import NoRedisServer
from moderation.supervisor.service import CannotStart, Service


def up(settings: Settings, *, port: int, console: Console, scorers: int | None = None) -> int:
    """Start everything, keep it running, end it on a signal.

    Call it before this process starts any thread: it forks. It returns in both processes, the
    front that was called and the supervisor behind it; each should leave with what it returns.
    Under ``make`` it also ends when ``make`` dies.

    Args:
        settings: As read; addresses that it does not give mean the data folder.
        port: Where the API listens, on loopback.
        console: For the table, and for a line whenever something ends.
        scorers: Scoring workers; None: one a core.

    Returns:
        The exit code: 0 after a signal, 1 if the service could not start.
    """

    def body() -> int:
        service = Service(settings, port=port, scorers=scorers or cores(), console=console)
        try:
            return service.run()
        except (CannotStart, FolderInUse, NoRedisServer, ModerationError, PermissionError) as error:
            console.print(f"Cannot start: {error}", soft_wrap=True, markup=False)
            return 1

    return behind_front(body, follow_parent="MAKELEVEL" in os.environ)
