"""``python -m workers.training``: train, convert, calibrate, rebuild and measure models."""

import argparse
import json
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from workers.engines.engine import Engine
from workers.engines.errors import ModelUnavailable
from workers.engines.lexicon import FILE
from workers.engines.registry import SHIPPED, load_engine, resolve
from workers.spam.model import SHIPPED_SPAM
from workers.training.evaluate import as_text as figures_as_text
from workers.training.evaluate import report
from workers.training.rule_sets import HOLD
from workers.training.scored import DEV_SETS, ScoredSet, as_comments_are_read, score_set

_WORK = Path(".training")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    logging.getLogger("transformers").setLevel(logging.ERROR)
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except ModelUnavailable as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m workers.training", description=__doc__)
    commands = parser.add_subparsers(required=True)

    reproduce = commands.add_parser("reproduce", help="train the shipped model from the data")
    reproduce.set_defaults(run=_reproduce)
    reproduce.add_argument("--data", type=Path, required=True, help="folder with train and dev")
    reproduce.add_argument("--work", type=Path, default=_WORK / "compact", help="state to resume")
    reproduce.add_argument("--into", type=Path, default=SHIPPED, help="model folder to write")
    reproduce.add_argument("--share", type=float, default=1.0, help="part of the texts to take")
    reproduce.add_argument("--limit", type=int, help="most rows to measure of each dev set")

    convert = commands.add_parser("convert", help="make a model folder from a checkpoint")
    convert.set_defaults(run=_convert)
    convert.add_argument("model", help="a name of Detoxify's or the path of a checkpoint")
    convert.add_argument("--into", type=Path, required=True, help="model folder to write")
    convert.add_argument("--cache", type=Path, required=True, help="where checkpoints are kept")

    dequantise = commands.add_parser("dequantise", help="make a checkpoint from a model folder")
    dequantise.set_defaults(run=_dequantise)
    dequantise.add_argument("--from", dest="folder", type=Path, default=SHIPPED)
    dequantise.add_argument("--into", type=Path, required=True, help="folder to write")

    left_out = commands.add_parser("left-out", help="measure each source without teaching it")
    left_out.set_defaults(run=_left_out)
    left_out.add_argument("--data", type=Path, required=True, help="folder with train and dev")
    left_out.add_argument("--work", type=Path, required=True, help="state to resume, and results")
    left_out.add_argument("--share", type=float, default=0.1, help="part of the texts to take")

    calibrate = commands.add_parser("calibrate", help="fit scores to probabilities, on half of dev")
    calibrate.set_defaults(run=_calibrate)
    calibrate.add_argument("--data", type=Path, required=True, help="folder with dev")
    calibrate.add_argument("--model", default="compact", help="as MODERATION_MODEL")
    calibrate.add_argument("--cache", type=Path, default=_WORK / "models")
    calibrate.add_argument("--limit", type=int, help="most rows of each dev set")

    lexicon = commands.add_parser("lexicon", help="weigh the words of labelled comments")
    lexicon.set_defaults(run=_lexicon)
    lexicon.add_argument("--data", type=Path, required=True, help="folder with train and dev")
    lexicon.add_argument("--into", type=Path, default=FILE, help="file to write")

    spam = commands.add_parser("spam", help="train and measure the spam model")
    spam.set_defaults(run=_spam)
    spam.add_argument("--data", type=Path, required=True, help="folder with train and dev")
    spam.add_argument("--into", type=Path, default=SHIPPED_SPAM, help="model folder to write")

    bar = commands.add_parser("spans-threshold", help="choose the bar for words to be marked")
    bar.set_defaults(run=_spans_threshold)
    bar.add_argument("--data", type=Path, required=True, help="folder with train and dev")
    bar.add_argument("--into", type=Path, default=SHIPPED, help="model folder with the card")

    _add_spam_learning(commands)
    for name, run, about in (
        ("evaluate", _evaluate, "measure AUC, bias and false alarms on the dev sets"),
        ("thresholds", _thresholds, "show what thresholds would do, as a table"),
        ("recommend", _recommend, "work out thresholds for the default policy"),
    ):
        measuring = commands.add_parser(name, help=about)
        measuring.set_defaults(run=run)
        measuring.add_argument("--data", type=Path, required=True, help="folder with dev")
        measuring.add_argument("--model", default="compact", help="as MODERATION_MODEL")
        measuring.add_argument("--engine", choices=("onnx", "detoxify"), default="onnx")
        measuring.add_argument("--cache", type=Path, default=_WORK / "models")
        measuring.add_argument("--limit", type=int, help="most rows of each dev set")
        measuring.add_argument("--hold", type=float, default=HOLD, help="toxicity that holds")
    return parser


def _add_spam_learning(commands: Any) -> None:
    learning = commands.add_parser("spam-learning", help="measure what sites and liars teach")
    learning.set_defaults(run=_spam_learning)
    learning.add_argument("--data", type=Path, required=True, help="folder with train")
    learning.add_argument("--sites", nargs="+", help="origins that play a site; else all")
    learning.add_argument("--seeds", type=int, default=2, help="draws of each")

    rehearsed = commands.add_parser("spam-examples", help="draw what sites rehearse as they learn")
    rehearsed.set_defaults(run=_spam_examples)
    rehearsed.add_argument("--data", type=Path, required=True, help="folder with train")


# The commands import what they need: converting needs no training data, measuring no torch.


def _reproduce(options: argparse.Namespace) -> None:
    from workers.training.reproduce import reproduce  # noqa: PLC0415

    card = reproduce(
        options.data, options.work, options.into, share=options.share, limit=options.limit
    )
    sys.stdout.write(figures_as_text(card.figures))


def _convert(options: argparse.Namespace) -> None:
    from workers.training.checkpoint import convert_named  # noqa: PLC0415

    convert_named(options.model, options.into, options.cache)


def _dequantise(options: argparse.Namespace) -> None:
    from workers.training.dequantise import dequantise  # noqa: PLC0415

    sys.stdout.write(f"{dequantise(options.folder, options.into)}\n")


def _left_out(options: argparse.Namespace) -> None:
    from workers.training.left_out import as_markdown, leave_one_out  # noqa: PLC0415
    from workers.training.left_out_recipe import sources, teaching  # noqa: PLC0415
    from workers.training.train import Recipe  # noqa: PLC0415

    recipe = Recipe(threads=os.cpu_count() or 1)
    pools = sources(options.data, recipe.seed, options.share)
    found = leave_one_out(pools, teaching(recipe), options.work)
    sys.stdout.write(as_markdown(found))


def _calibrate(options: argparse.Namespace) -> None:
    from workers.training.calibrate import as_markdown, calibrate  # noqa: PLC0415

    folder = resolve(options.model, options.cache)
    card = calibrate(folder, options.data, threads=os.cpu_count() or 1, limit=options.limit)
    sys.stdout.write(as_markdown(card))


def _lexicon(options: argparse.Namespace) -> None:
    from workers.training.lexicon import make_lexicon  # noqa: PLC0415

    sys.stdout.write(f"{make_lexicon(options.data, options.into)} words\n")


def _spam(options: argparse.Namespace) -> None:
    from workers.training.spam_card import train_spam  # noqa: PLC0415

    sys.stdout.write(f"{json.dumps(train_spam(options.data, options.into).figures, indent=2)}\n")


def _spans_threshold(options: argparse.Namespace) -> None:
    from workers.training.spans import write_spans  # noqa: PLC0415

    sys.stdout.write(f"{dict(write_spans(options.into, options.data).spans)}\n")


def _spam_learning(options: argparse.Namespace) -> None:
    from workers.training.spam_learning import (  # noqa: PLC0415
        SITES,
        Towns,
        as_markdown,
        learning_curve,
        poisoned,
    )

    towns, sites, seeds = Towns(options.data), options.sites or SITES, range(options.seeds)
    errors, moved = learning_curve(towns, sites, seeds), poisoned(towns, sites, seeds)
    sys.stdout.write(as_markdown(errors, moved))


def _spam_examples(options: argparse.Namespace) -> None:
    from workers.spam.examples import EXAMPLES  # noqa: PLC0415
    from workers.training.spam_examples import draw_examples, write_examples  # noqa: PLC0415
    from workers.training.spam_texts import spam_texts  # noqa: PLC0415

    write_examples(draw_examples(spam_texts(options.data)), EXAMPLES)


def _engine(options: argparse.Namespace) -> Engine:
    return load_engine(
        options.model, cache=options.cache, engine=options.engine, threads=os.cpu_count() or 1
    )


def _evaluate(options: argparse.Namespace) -> None:
    engine = _engine(options)
    sets = (score_set(engine, options.data, name, limit=options.limit) for name in DEV_SETS)
    sys.stdout.write(figures_as_text(report(sets, hold=options.hold)))


def _thresholds(options: argparse.Namespace) -> None:
    from workers.training import rule_sets  # noqa: PLC0415
    from workers.training.thresholds import SETS, as_markdown, table  # noqa: PLC0415

    engine = _engine(options)
    sets = _scored(engine, options, SETS)
    sys.stdout.write(as_markdown(table(sets, engine.signals)))
    sys.stdout.write(f"\n{rule_sets.as_markdown(sets)}")


def _recommend(options: argparse.Namespace) -> None:
    from workers.training.recommend import as_text, recommend  # noqa: PLC0415
    from workers.training.thresholds import SETS  # noqa: PLC0415

    engine = _engine(options)
    sets = _scored(engine, options, SETS)
    sys.stdout.write(as_text(recommend(sets, engine.signals), sets))


def _scored(
    engine: Engine, options: argparse.Namespace, names: Sequence[str]
) -> dict[str, ScoredSet]:
    """Score dev sets as comments are scored."""
    return {
        name: score_set(
            engine, options.data, name, limit=options.limit, reading=as_comments_are_read
        )
        for name in names
    }


if __name__ == "__main__":
    sys.exit(main())
