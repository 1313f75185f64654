"""Failures that an operator can do something about are one line, never a traceback."""

from typing import Any, Final

import typer
from typer.core import TyperGroup

FAILED: Final = 1
"""Exit code when the service could not do what was asked."""

ASKED_WRONGLY: Final = 2
"""Exit code when the question or the environment is wrong, as with an unknown option."""


class Failed(Exception):
    """The command cannot go on; the message is one line for whoever typed it."""


class OneLineErrors(TyperGroup):
    """A group of commands that tells expected failures on standard error and exits."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise typer.Exit(128 + 2) from None
        except Exception as error:
            code = exit_code(error)
            if code is None:
                raise
            typer.echo(f"moderation: {_one_line(error)}", err=True)
            raise typer.Exit(code) from None


def exit_code(error: Exception) -> int | None:
    """Return the exit code of a failure that is expected; None for a fault of ours."""
    from moderation.errors import Invalid, ModerationError
    from moderation.settings import SettingsError

    if isinstance(error, Invalid | SettingsError):
        return ASKED_WRONGLY
    if isinstance(error, Failed | ModerationError | PermissionError | FileNotFoundError):
        return FAILED
    return None


def _one_line(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{error.strerror}: {error.filename}"
    return " ".join(str(error).split())
