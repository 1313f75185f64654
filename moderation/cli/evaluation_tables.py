"""The figures of ``moderation eval`` as tables; the report and ``--json`` hold all of them."""

from collections.abc import Iterator, Mapping
from typing import Any

import typer

from moderation.cli.output import show_table

Found = Mapping[str, Any]
Row = tuple[object, ...]

_TOLD = ("0.30", "0.50", "0.70", "0.80", "0.90", "0.95")


def show_evaluation(found: Found) -> None:
    """Print what was measured of one model."""
    model = found["model"]
    typer.echo(
        f"{model['name']} {model['version']}, {model['model_hash'][:12]}; precision and share held "
        f"for {found['base_rate']:.1%} toxic comments{_halved(found)}"
    )
    rates = ", ".join(f"{s} {rate:.1%}" for s, rate in model["calibrated_at"].items())
    typer.echo(f"calibrated at {rates}" if rates else "not calibrated")
    _table("AUC", ("SET", "TEXTS", "MEAN", *model["signals"]), _aucs(found))
    _table("CALIBRATION ERROR", ("SET", *model["signals"]), _calibration(found))
    _table(
        "DEFAULT POLICY",
        ("SET", "TEXTS", "HELD", "RECALL", "FALSE ALARMS", "PRECISION", "SHARE HELD"),
        _policy(found),
    )
    _table(
        "TOXICITY BY THRESHOLD",
        ("SET", "AT", "RECALL", "FALSE ALARMS", "PRECISION", "SHARE HELD"),
        _thresholds(found),
    )
    _table(
        "BIAS",
        ("SET", "GROUP", "TOXIC", "HARMLESS", "SUBGROUP", "BPSN", "BNSP", "FALSE ALARMS"),
        _groups(found),
    )
    _table("FALSE ALARMS BY TERM", ("SET", "TERM", "RATE", "FROM THE MEAN"), _terms(found))
    _table("WORDS MARKED", ("SET", "TEXTS", "F1"), _spans(found))
    _table("EVASION", ("DISGUISE", "INVARIANCE", "MORE HARMLESS HELD"), _evasion(found))


def show_comparison(found: Found) -> None:
    """Print how two models differ."""
    for place in ("first", "second"):
        model = found[place]
        typer.echo(f"{place}: {model['name']} {model['version']}, {model['model_hash'][:12]}")
    typer.echo(
        f"in brackets: {found['level']:.0%} of {found['resamples']} resamples; "
        f"calibration at the base rates that both models state, else for "
        f"{found['base_rate']:.1%} positives{_halved(found)}"
    )
    _table(
        "DIFFERENCES",
        ("SET", "FIGURE", "OF", "FIRST", "SECOND", "DIFFERENCE", "SECOND IS"),
        _differences(found),
    )


def _halved(found: Found) -> str:
    return "; without the half that calibration is fitted on" if found["other_half"] else ""


def _differences(found: Found) -> Iterator[Row]:
    for name, each in found["sets"].items():
        for told in each["figures"]:
            yield (
                *(name, _words(told["figure"]), told["of"]),
                *(_bounds(told[place], "") for place in ("first", "second")),
                *(_bounds(told["difference"], "+"), told["second_is"]),
            )


def _bounds(told: Found, sign: str) -> str:
    value, low, high = (f"{told[key]:{sign}.4f}" for key in ("value", "low", "high"))
    return f"{value} [{low}, {high}]"


def _table(title: str, columns: tuple[str, ...], rows: Iterator[Row]) -> None:
    listed = list(rows)
    if listed:
        typer.echo(f"\n{title}")
        show_table(columns, listed)


def _aucs(found: Found) -> Iterator[Row]:
    for name, each in found["sets"].items():
        labels = each.get("labels", {})
        if any(label["auc"] is not None for label in labels.values()):
            aucs = [_figure(labels.get(s, {}).get("auc")) for s in found["model"]["signals"]]
            yield name, each["texts"], _figure(each["mean_auc"]), *aucs


def _calibration(found: Found) -> Iterator[Row]:
    for name, each in found["sets"].items():
        curves = [each.get("labels", {}).get(s) for s in found["model"]["signals"]]
        errors = [None if c is None or not c["calibration"] else c["calibration"]["error"]
                  for c in curves]  # fmt: skip
        if any(error is not None for error in errors):
            yield name, *map(_figure, errors)


def _policy(found: Found) -> Iterator[Row]:
    for name, each in found["sets"].items():
        told = each.get("policy", {})
        shares = [told.get(key) for key in ("recall", "false_alarms", "precision", "held")]
        yield name, each["texts"], _share(each["held"]), *map(_share, shares)


def _thresholds(found: Found) -> Iterator[Row]:
    for name, each in found["sets"].items():
        for line in each.get("labels", {}).get("toxicity", {}).get("thresholds", []):
            if f"{line['at']:.2f}" in _TOLD:
                shares = [line[key] for key in ("recall", "false_alarms", "precision", "held")]
                yield name, f"{line['at']:.2f}", *map(_share, shares)


def _groups(found: Found) -> Iterator[Row]:
    for name, each in found["sets"].items():
        for group, told in each.get("groups", {}).items():
            aucs = [told[key] for key in ("subgroup_auc", "bpsn_auc", "bnsp_auc")]
            yield (
                *(name, group, told["toxic"], told["harmless"]),
                *(*map(_figure, aucs), _share(told["false_alarms"])),
            )


def _terms(found: Found) -> Iterator[Row]:
    for name, each in found["sets"].items():
        rates: dict[str, float] = each.get("terms", {})
        mean = sum(rates.values()) / len(rates) if rates else 0.0
        for term, rate in sorted(rates.items(), key=lambda pair: -pair[1])[:10]:
            yield name, term, _share(rate), f"{rate - mean:+.3f}"


def _spans(found: Found) -> Iterator[Row]:
    for name, each in found["sets"].items():
        if told := each.get("spans"):
            yield name, told["texts"], _figure(told["f1"])


def _evasion(found: Found) -> Iterator[Row]:
    told = found["evasion"]
    if told is None:
        return
    for name, each in told["transforms"].items():
        yield _words(name), _share(each["invariance"]), _points(each["more_held"])
    yield "mean", _share(told["invariance"]), _points(told["more_held"])


def _words(name: str) -> str:
    return "AUC" if name == "auc" else name.replace("_", " ")


def _figure(value: float | None) -> str | None:
    return None if value is None else f"{value:.4f}"


def _share(value: float | None) -> str | None:
    return None if value is None else f"{value:.1%}"


def _points(value: float | None) -> str | None:
    return None if value is None else f"{100 * value:+.1f} points"
