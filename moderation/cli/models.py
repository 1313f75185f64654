"""``moderation finetune`` and ``moderation model``: a model that learned from the site's own."""

import json
import subprocess
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from moderation.cli.engine import WORKERS
from moderation.cli.output import Json, show_facts, show_json, show_table, warn

_RESTART: Final = "restart the scoring and live workers: each loads the model when it starts"
_NOT_ASKED_FOR: Final = "set MODERATION_MODEL=site, or workers go on with another model"

Version = Annotated[str, typer.Argument(metavar="VERSION", help="As `moderation model list` says.")]


def make_group() -> typer.Typer:
    """Return the commands under ``moderation model``."""
    group = typer.Typer(help="Versions of the model that the site taught.", no_args_is_help=True)
    group.command("list")(list_versions)
    group.command("use")(use)
    group.command("rollback")(rollback)
    group.command("delete")(delete)
    return group


def finetune(
    decisions: Annotated[
        Path,
        typer.Argument(help="JSONL of decided comments; - for standard input.", allow_dash=True),
    ],
    data: Annotated[
        Path | None,
        typer.Option(
            "--data", exists=True, help="More texts to rehearse: a folder, or a CSV or JSONL file."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Teach the model the site's decisions; serve it only if it is better on held-out ones."""
    code, found = _ask("finetune", str(decisions), *([] if data is None else [f"--data={data}"]))
    if as_json:
        show_json(found)
    else:
        show_facts(_facts(found))
    for complaint in found["not_good_enough"]:
        warn(f"not good enough, nothing was replaced: {complaint}")
    if code == 0:
        _tell_what_is_left(found)
    raise typer.Exit(code)


def list_versions(as_json: Json = False) -> None:
    """List all versions, the shipped model first, with the figures of each."""
    _, found = _ask("models", "list")
    if as_json:
        show_json(found)
    else:
        columns = ("VERSION", "SERVED", "DATE", "DECISIONS", "AUC BEFORE", "AFTER", "MODEL HASH")
        show_table(columns, map(_row, found))
    for each in found:
        if each["fault"]:
            warn(f"{each['version']} is broken: {each['fault']}")


def use(version: Version, as_json: Json = False) -> None:
    """Put a version in force, once its sums are checked."""
    _change("use", version, as_json=as_json)


def rollback(as_json: Json = False) -> None:
    """Put in force what was served before."""
    _change("rollback", as_json=as_json)


def delete(version: Version, as_json: Json = False) -> None:
    """Remove a version for good; not the one that is served."""
    _change("delete", version, as_json=as_json)


def _change(*words: str, as_json: bool) -> None:
    _, found = _ask("models", *words)
    if as_json:
        show_json(found)
    else:
        show_facts((("served", found["served"]), ("model hash", found["model_hash"])))
    if words[0] != "delete":
        _tell_what_is_left(found)


def _ask(*words: str) -> tuple[int, Any]:
    """Let a worker do it; return its exit code and document."""
    ran = subprocess.run([*WORKERS, *words], stdout=subprocess.PIPE, check=False)  # noqa: S603
    if not ran.stdout:
        raise typer.Exit(ran.returncode)  # it has said why on standard error
    return ran.returncode, json.loads(ran.stdout)


def _tell_what_is_left(found: dict[str, Any]) -> None:
    warn(_RESTART if found["served_by_workers"] else f"{_NOT_ASKED_FOR}; then {_RESTART}")


def _facts(found: dict[str, Any]) -> list[tuple[str, object]]:
    auc, decisions = found["auc"], found["decisions"]
    difference, guard = auc["difference"], found["guard"]
    interval = f"[{difference['low']:+.4f}, {difference['high']:+.4f}]"
    passed_over = ", ".join(f"{n} {why}" for why, n in decisions["passed_over"].items())
    return [
        ("served now", found["version"] or f"as before, {found['parent']['version']}"),
        ("decisions", f"{decisions['taught']} learned, {decisions['held_out']} held out"),
        ("passed over", passed_over or "none"),
        ("AUC held out", f"{auc['before']:.4f} -> {auc['after']:.4f}"),
        ("difference", f"{difference['value']:+.4f} {interval}"),
        ("guard AUC", f"{guard['before']['auc']:.4f} -> {guard['after']['auc']:.4f}"),
        ("policy holds", _held(found)),
        *([("words marked by", _marked(found["words"]))] if "words" in found else []),
    ]


def _held(found: dict[str, Any]) -> str:
    before, after = found["before"], found["after"]
    return (
        f"{before['recall']:.0%} -> {after['recall']:.0%} of rejected, "
        f"{before['false_alarms']:.0%} -> {after['false_alarms']:.0%} of approved"
    )


def _marked(words: dict[str, Any]) -> str:
    if not words["texts"]:
        return f"the {words['marked_by']}, as no text was held to compare them on"
    return (
        f"the {words['marked_by']}, the model agreeing {words['agree']:.2f} with before and the "
        f"lexicon {words['lexicon_agrees']:.2f} on {words['texts']} held texts"
    )


def _row(each: dict[str, Any]) -> tuple[object, ...]:
    decisions, auc = each.get("decisions") or {}, each.get("auc") or {}
    return (
        each["version"],
        each["served"],
        each.get("date"),
        decisions.get("taught"),
        auc.get("before"),
        auc.get("after"),
        each.get("model_hash", "broken")[:12],
    )
