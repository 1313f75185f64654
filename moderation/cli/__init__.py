"""The ``moderation`` command. What a command needs is imported when it runs."""


def main() -> None:
    """Run the command line of this process and leave with its exit code."""
    from moderation.cli.app import make_app

    make_app()()
