"""Spans of time as people type them."""

import re
from datetime import timedelta
from typing import Final

import typer

_FORM: Final = re.compile(r"(\d{1,6})([smhd])")
_UNIT: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def duration(text: str | timedelta) -> timedelta:
    """Read ``90s``, ``15m``, ``24h`` or ``7d``; a default comes as a span already.

    Raises:
        BadParameter: It is none of these.
    """
    if isinstance(text, timedelta):
        return text
    form = _FORM.fullmatch(text.strip().lower())
    if form is None:
        raise typer.BadParameter("write it as 90s, 15m, 24h or 7d")
    return timedelta(**{_UNIT[form[2]]: int(form[1])})
