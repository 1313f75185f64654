"""Tables on a terminal, and what a terminal must never be sent."""

import io
import sys

import pytest

from moderation.cli.durations import duration
from moderation.cli.output import show_facts, show_table


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_is_shown_a_drawn_table(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)

    show_table(("NAME", "ON"), [("[red]Gazette[/red]", True), ("Courier", None)])

    drawn = terminal.getvalue()
    assert "─" in drawn
    assert "[red]Gazette[/red]" in drawn  # markup in data is data
    assert "\t" not in drawn


def test_a_pipe_gets_one_line_a_row_whatever_a_cell_holds(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show_table(("A", "B"), [("two\nlines", "a\ttab"), (False, None)])

    assert capsys.readouterr().out == "A\tB\ntwo lines\ta tab\nno\t-\n"


def test_facts_stand_under_one_another(capsys: pytest.CaptureFixture[str]) -> None:
    show_facts([("site", "Gazette"), ("created by", None)])

    assert capsys.readouterr().out == "site        Gazette\ncreated by  -\n"


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("15m", 900), ("2h", 7200), (" 7D ", 604_800)]
)
def test_spans_of_time_are_read_as_people_type_them(text: str, seconds: int) -> None:
    assert duration(text).total_seconds() == seconds
