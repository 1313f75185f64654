"""What ``moderation up`` prints when everything answers: one table."""

import shlex
import shutil
import sys
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from moderation.data_folder import DataFolder
from moderation.supervisor.demo_site import Demo


def announce(console: Console, *, base_url: str, folder: DataFolder, demo: Demo) -> None:
    """Print where things are, and the secrets that are shown only once.

    No vertical lines, so that a key fits on one line of 80 columns and can be copied whole.
    """
    table = Table(
        box=box.HORIZONTALS, show_header=False, pad_edge=False, title="Comment moderation is up"
    )
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in _rows(base_url, folder, demo):
        table.add_row(name, value)
    console.print(table)
    console.print("Send a comment:", style="bold")
    console.print(_curl(base_url, folder), soft_wrap=True, highlight=False, markup=False)
    console.print("Ctrl-C stops everything.", style="dim")


def typed(*, python: Path, here: Path) -> str:
    """Return how the ``moderation`` command is typed that belongs to *python*.

    By its bare name only if the shell would find that very one; in the folder *here* or below,
    as after ``make run``, by its path from there.
    """
    program = python.with_name("moderation")
    if shutil.which("moderation") == str(program):
        return "moderation"
    if not program.exists():
        return f"{shlex.quote(str(python))} -m moderation"
    return shlex.quote(str(program.relative_to(here) if program.is_relative_to(here) else program))


def _rows(base_url: str, folder: DataFolder, demo: Demo) -> list[tuple[str, str]]:
    command = typed(python=Path(sys.executable), here=Path.cwd())
    rows = [
        ("Demo article", f"{base_url}/demo"),
        ("API docs", f"{base_url}/docs"),
        ("Console", "later; until then GET /v1/review lists what is held"),
        ("Metrics", f"{base_url}/metrics"),
        ("Data", str(folder.root)),
        ("Logs", str(folder.logs)),
        ("Commands", f"{command} --help"),
        ("Site", demo.site_id),
        ("Site key", demo.site_key),
        ("Moderator", demo.moderator_email),
    ]
    if demo.credentials is None:
        return [
            *rows,
            ("", "Password and token were shown at the first start."),
            ("New password", f"{command} moderator password {demo.moderator_email}"),
            ("New token", f"{command} key issue --moderator {demo.moderator_email}"),
        ]
    return [
        *rows,
        ("Password", demo.credentials.password),
        ("Token", demo.credentials.token),
        ("", "Password and token are shown only now."),
    ]


def _curl(base_url: str, folder: DataFolder) -> str:
    return (
        f"curl -sS {base_url}/v1/comments"
        f' -H "Authorization: Bearer $(cat {shlex.quote(str(folder.demo_key_file))})"'
        " -H 'Content-Type: application/json' -H 'Prefer: wait=5'"
        ' -d \'{"body": "What a thoughtful article!", "article": {"id": "1"}}\''
    )
