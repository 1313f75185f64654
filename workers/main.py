"""``python -m workers``: the command line of every process that is not the API."""

import argparse
import logging
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from moderation.adapters.rq_jobs import LANES, UPKEEP
from moderation.data_folder import complete
from moderation.settings import Settings, SettingsError, read_settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one role and return the exit code.

    What a role needs is imported when it is chosen: a worker starts in a second and holds
    nothing that it does not use.
    """
    options = _parser().parse_args(arguments)
    try:
        settings = complete(read_settings())
    except SettingsError as error:
        return _fail(str(error))
    logging.basicConfig(
        level=settings.log_level.upper(),
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
        stream=sys.stderr,
    )
    code: int = options.run(settings, options)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m workers", description=__doc__)
    roles = parser.add_subparsers(required=True, metavar="ROLE")
    for lane in LANES:
        role = roles.add_parser(lane, help=f"work the {lane} lane until told to end")
        role.set_defaults(run=_serve, lane=lane)
    health = roles.add_parser("health", help="say whether a worker of this host is alive")
    health.add_argument("lane", choices=LANES)
    health.set_defaults(run=_health)
    score = roles.add_parser("score", help='{"text": ...} lines in, {"scores": ...} lines out')
    score.add_argument("--language", help="language tag of the texts, such as en")
    score.set_defaults(run=_score)
    rescore = roles.add_parser("rescore", help="judge decided comments again")
    rescore.add_argument("site", help="id of the site")
    rescore.add_argument("--status", choices=("approved", "held", "rejected"))
    rescore.add_argument("--article", help="id of the article, as the site calls it")
    rescore.add_argument("--since", help="received at or after this ISO 8601 time")
    rescore.add_argument("--until", help="received before this ISO 8601 time")
    rescore.add_argument("--limit", type=int, default=1000, help="look at this many at most")
    rescore.add_argument("--apply", action="store_true", help="write what changed")
    rescore.set_defaults(run=_rescore)
    evaluation = roles.add_parser("eval", help="measure a model on labelled texts")
    evaluation.add_argument("data", type=Path, help="folder with dev, or a CSV or JSONL file")
    evaluation.add_argument("--html", type=Path, required=True, help="file of the report")
    evaluation.add_argument("--limit", type=int, help="most texts of a set")
    evaluation.add_argument("--base-rate", type=float, default=0.1, help="share of positives")
    evaluation.add_argument(
        "--other-half", action="store_true", help="without what calibration is fitted on"
    )
    evaluation.add_argument("--spam", action="store_true", help="measure the spam model instead")
    evaluation.add_argument("--compare", nargs=2, metavar=("A", "B"), help="two models")
    evaluation.set_defaults(run=_evaluate)
    finetune = roles.add_parser("finetune", help="teach the model a site's decisions")
    finetune.add_argument("decisions", type=Path, help="JSONL; - for standard input")
    finetune.add_argument("--data", type=Path, help="further texts to rehearse")
    finetune.set_defaults(run=_finetune)
    models = roles.add_parser("models", help="versions of what the site taught the model")
    models.add_argument("action", choices=("list", "use", "rollback", "delete"))
    models.add_argument("version", nargs="?", help="of use and delete")
    models.set_defaults(run=_models)
    return parser


def _serve(settings: Settings, options: argparse.Namespace) -> int:
    if options.lane == UPKEEP:
        from workers.upkeep import serve_upkeep

        serve_upkeep(settings)
        return 0
    from workers.engines.errors import ModelUnavailable
    from workers.scoring import serve

    try:
        serve(options.lane, settings)
    except ModelUnavailable as error:
        return _fail(str(error))
    return 0


def _health(settings: Settings, options: argparse.Namespace) -> int:
    from redis.exceptions import RedisError

    from moderation.adapters.redis_client import make_worker_redis
    from workers.health import is_alive

    redis = make_worker_redis(settings)
    try:
        alive = is_alive(redis, options.lane)
    except RedisError:
        return _fail("Redis does not answer")
    finally:
        redis.close()
    return 0 if alive else _fail(f"no sign of life from the {options.lane} worker")


def _score(settings: Settings, options: argparse.Namespace) -> int:
    from workers.engines.errors import ModelUnavailable
    from workers.score_lines import score_lines
    from workers.scorers.loading import load_text_scorers

    try:
        loaded = load_text_scorers(settings)
    except ModelUnavailable as error:
        return _fail(str(error))
    threads = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    try:
        return score_lines(
            sys.stdin.buffer,
            sys.stdout.buffer,
            scorers=loaded.scorers,
            recognise=loaded.recognise,
            marker=loaded.marker,
            language=options.language,
            threads=threads,
        )
    except OSError as error:
        # Python would try to write what is left once more, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            return 1  # the reader has seen enough, as head has
        return _fail(f"the scores cannot be written: {error.strerror}")


def _rescore(settings: Settings, options: argparse.Namespace) -> int:
    from moderation.errors import ModerationError
    from workers.engines.errors import ModelUnavailable
    from workers.rescoring import rescore_site

    try:
        return rescore_site(settings, options, sys.stdout)
    except (ModelUnavailable, ModerationError) as error:
        return _fail(str(error))


def _evaluate(settings: Settings, options: argparse.Namespace) -> int:
    from workers.engines.errors import ModelUnavailable
    from workers.evaluation.reading import UnreadableData
    from workers.evaluation.role import UnwritableReport, evaluate_data

    try:
        evaluate_data(settings, options)
    except (ModelUnavailable, UnreadableData, UnwritableReport) as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    return 0


def _finetune(settings: Settings, options: argparse.Namespace) -> int:
    from workers.engines.errors import ModelUnavailable
    from workers.engines.registry import need_extra
    from workers.engines.versions import UnknownVersion
    from workers.evaluation.reading import UnreadableData

    try:
        need_extra("moderation finetune")
        from workers.finetuning import Unfinished, finetune_site
        from workers.training.decisions import UnusableDecisions
    except ModelUnavailable as error:
        return _fail(str(error))
    try:
        return finetune_site(settings, options, sys.stdout)
    except (
        ModelUnavailable,
        Unfinished,
        UnknownVersion,
        UnreadableData,
        UnusableDecisions,
    ) as error:
        return _fail(str(error))
    except OSError as error:
        said = error.strerror or type(error).__name__
        return _fail(f"the figures cannot be written: {said}; see `moderation model list`")
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def _models(settings: Settings, options: argparse.Namespace) -> int:
    from workers.engines.errors import ModelUnavailable
    from workers.engines.versions import UnknownVersion
    from workers.model_versions import manage

    try:
        manage(settings, options, sys.stdout)
    except (ModelUnavailable, UnknownVersion) as error:
        return _fail(str(error))
    except OSError as error:
        return _fail(f"nothing was changed: {error.strerror or type(error).__name__}")
    return 0


def _fail(message: str) -> int:
    sys.stderr.write(f"{message}\n")
    return 1
