"""Reach the service's database and Redis from a command, as its settings say."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from moderation.bootstrap import Services
    from moderation.settings import Settings


def settings_with_folder() -> "Settings":
    """Return the settings; make the data folder if they leave anything to it.

    Raises:
        SettingsError: The environment is unusable.
    """
    from moderation.data_folder import DataFolder, complete
    from moderation.settings import read_settings

    settings = read_settings()
    if not (settings.database_url and settings.secret.get_secret_value()):
        DataFolder.of(settings).create()
    return complete(settings)


@contextmanager
def services() -> Iterator["Services"]:
    """Open the service for one command and let go of it afterwards.

    Raises:
        SettingsError: The environment is unusable, or there is no secret anywhere.
    """
    from moderation.bootstrap import build_services
    from moderation.data_folder import settings_in_force

    settings = settings_in_force()
    _log_in_one_line()
    opened = build_services(settings)
    try:
        yield opened
    finally:
        opened.close()


def _log_in_one_line() -> None:
    """Let warnings (Redis is away, say) reach the terminal without their tracebacks."""
    handler = logging.StreamHandler()
    handler.setFormatter(_OneLine())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


class _OneLine(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return f"moderation: {record.getMessage()}"
