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
    if isinstance(error, typer.BadParameter):  # what was typed wrongly is shown with its usage
        return ASKED_WRONGLY if _from_environment(error) else None
    if isinstance(error, Failed | ModerationError | PermissionError):
        return FAILED
    if isinstance(error, OSError) and error.filename is not None:
        return FAILED  # a file is not there, is a folder, lies on a full disk: not a lost socket
    return None


def _one_line(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.strerror}: {error.filename}"
    if isinstance(error, typer.BadParameter):
        return " ".join(error.format_message().split())
    return " ".join(str(error).split())


def _from_environment(error: typer.BadParameter) -> bool:
    if error.ctx is None or error.param is None or error.param.name is None:
        return False
    source = error.ctx.get_parameter_source(error.param.name)
    return source is not None and source.name == "ENVIRONMENT"
