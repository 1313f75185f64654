"""The figures of ``moderation eval --spam`` as tables; the report and ``--json`` hold all."""

from collections.abc import Iterator, Mapping
from typing import Any

import typer

from moderation.cli.output import show_table

Found = Mapping[str, Any]
Row = tuple[object, ...]


def show_spam(found: Found) -> None:
    """Print what was measured of the spam model."""
    model, at = found["model"], found["at"]
    typer.echo(
        f"{model['name']} {model['version']}, {model['sha256'][:12]}; calibrated at "
        f"{model['base_rate']:.1%} spam; the default policy holds from {at['hold']:.2f} and "
        f"rejects from {at['reject']:.2f}"
    )
    _table("LABELLED", ("SET", "TAUGHT", *_COLUMNS), _labelled(found["labelled"]))
    _table("NOT TAUGHT, FROM THE CARD", ("SET", *_COLUMNS), _not_taught(found["not_taught"]))
    _table(
        "FALSE ALARMS", ("SET", "TEXTS", "HELD", "REJECTED", "AT BASE RATE"), _clean(found["clean"])
    )
    _table("WEIGHTS", ("INPUT", "WEIGHT"), ((n, f"{w:.2f}") for n, w in model["weights"].items()))


_COLUMNS = ("TEXTS", "SPAM", "AUC", "F1 HELD", "RECALL", "PRECISION", "F1 AT BASE RATE")


def _table(title: str, columns: tuple[str, ...], rows: Iterator[Row]) -> None:
    listed = list(rows)
    if listed:
        typer.echo(f"\n{title}")
        show_table(columns, listed)


def _labelled(sets: Found) -> Iterator[Row]:
    for name, told in sets.items():
        yield name, "yes" if told["taught"] else "no", *_judged(told)


def _not_taught(told: Found) -> Iterator[Row]:
    for name, each in told["across_videos"].get("videos", {}).items():
        yield name, *_judged(each)
    for name, each in told["across_domains"].items():
        yield f"all of {name}", *_judged(each)


def _judged(told: Found) -> Row:
    held, even = told["at"]["hold"], told["at"]["base_rate"]
    return (
        *(told["texts"], told["spam"], _figure(told["auc"]), _figure(held["f1"])),
        *(_share(held["recall"]), _share(held["precision"]), _figure(even["f1"])),
    )


def _clean(sets: Found) -> Iterator[Row]:
    for name, told in sets.items():
        shares = (told["at"][key] for key in ("hold", "reject", "base_rate"))
        yield name, told["texts"], *(f"{share:.2%}" for share in shares)


def _figure(value: float | None) -> str | None:
    return None if value is None else f"{value:.4f}"


def _share(value: float | None) -> str | None:
    return None if value is None else f"{value:.1%}"
