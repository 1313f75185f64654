"""What ``moderation up`` prints when everything answers: one table."""

from rich import box
from rich.console import Console
from rich.table import Table

from moderation.data_folder import DataFolder
from moderation.supervisor.demo_site import Demo


def announce(console: Console, *, base_url: str, folder: DataFolder, demo: Demo) -> None:
    """Print where things are, and the secrets that are shown only once."""
    table = Table(box=box.ROUNDED, show_header=False, title="Comment moderation is up")
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in _rows(base_url, folder, demo):
        table.add_row(name, value)
    console.print(table)
    # Outside the table and never wrapped, so that it can be copied.
    console.print("Send a comment:", style="bold")
    console.print(_curl(base_url, folder), soft_wrap=True, highlight=False, markup=False)
    console.print("Ctrl-C stops everything.", style="dim")


def _rows(base_url: str, folder: DataFolder, demo: Demo) -> list[tuple[str, str]]:
    rows = [
        ("Demo article", f"{base_url}/demo"),
        ("API docs", f"{base_url}/docs"),
        ("Console", "later (held comments: GET /v1/review)"),
        ("Metrics", f"{base_url}/metrics"),
        ("Data, logs", f"{folder.root}, {folder.logs}"),
        ("Demo site", demo.site_id),
        ("Its key", f"{demo.site_key} (kept in {folder.demo_key_file})"),
    ]
    if demo.credentials is None:
        return [
            *rows,
            ("Moderator", demo.moderator_email),
            ("", "Password and token were shown at the first start."),
            ("", "New ones: moderation moderator --help, moderation key --help"),
        ]
    return [
        *rows,
        ("Moderator", demo.moderator_email),
        ("Password", f"{demo.credentials.password} (shown once)"),
        ("Token", f"{demo.credentials.token} (shown once)"),
    ]


def _curl(base_url: str, folder: DataFolder) -> str:
    return (
        f"curl -sS {base_url}/v1/comments"
        f' -H "Authorization: Bearer $(cat {folder.demo_key_file})"'
        " -H 'Content-Type: application/json' -H 'Prefer: wait=5'"
        ' -d \'{"body": "What a thoughtful article!", "article": {"id": "1"}}\''
    )
