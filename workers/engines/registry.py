"""From the name of a model to an engine that runs it."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal, cast

from workers.engines.catalogue import COMPACT, PUBLISHED, SITE
from workers.engines.engine import Engine
from workers.engines.errors import ModelUnavailable
from workers.engines.folder import SUMS, WEIGHTS, ModelFolder
from workers.engines.onnx import OnnxEngine
from workers.engines.versions import Versions

SHIPPED: Final = Path(__file__).parent.parent / "models" / COMPACT
_SLOWEST_CONVERSION_S: Final = 1800
_EXTRA: Final = "docs/scorers/detoxify.md says how to install it"

Run = Callable[[Sequence[str]], None]


def load_engine(
    model: str, *, cache: Path, engine: Literal["onnx", "detoxify"] = "onnx", threads: int = 1
) -> Engine:
    """Load a model by name or path.

    Args:
        model: ``compact``, ``site``, a name of Detoxify's, a model folder or a Detoxify
            checkpoint.
        cache: Where converted models are kept; created when it is needed.
        engine: What runs the model; ``detoxify`` runs the library itself.
        threads: Of one run.

    Raises:
        ModelUnavailable: There is no such model here and none can be made.
    """
    if engine == "onnx":
        return OnnxEngine(resolve(model, cache), threads=threads)
    need_extra("MODERATION_ENGINE=detoxify")
    library = import_module("workers.engines.detoxify")
    return cast("Engine", library.load(model, resolve(model, cache), cache, threads=threads))


def resolve(model: str, cache: Path, run: Run | None = None) -> Path:
    """Find the folder of a model, converting it first where that was not done yet.

    Conversion runs in a process of its own: it needs a gigabyte that a worker should
    not hold for ever after.

    Args:
        model: As for ``load_engine``.
        cache: Where converted models are kept.
        run: Runs ``python -m workers.training`` with arguments; replaced in tests.

    Raises:
        ModelUnavailable: The message names what is missing and where to put it.
    """
    run = run or _run
    if model == COMPACT:
        return SHIPPED
    if model == SITE:
        return site_versions(cache).open_served().path
    if model in PUBLISHED:
        folder = cache / model
        if not _complete(folder):
            need_extra(f"MODERATION_MODEL={model}")
            run(["convert", model, "--into", str(folder), "--cache", str(cache)])
        return folder
    path = Path(model)
    if (path / WEIGHTS).is_file():
        return path
    if path.is_file():
        folder = cache / f"{path.stem}-{path.stat().st_size}-{path.stat().st_mtime_ns}"
        if not _complete(folder):
            need_extra(f"MODERATION_MODEL={model}")
            run(["convert", str(path), "--into", str(folder), "--cache", str(cache)])
        return folder
    names = ", ".join([COMPACT, SITE, *PUBLISHED])
    raise ModelUnavailable(f"no model {model!r}: it is neither one of {names} nor a path here")


def site_versions(cache: Path) -> Versions:
    """Return the versions of what a site taught, kept where converted models are."""
    return Versions(cache / SITE, SHIPPED)


def _complete(folder: Path) -> bool:
    """Say whether a conversion was finished; what an interrupted one left is removed."""
    try:
        ModelFolder.open(folder)
    except ModelUnavailable:
        if (folder / SUMS).exists() or (folder / WEIGHTS).exists():
            shutil.rmtree(folder)
        return False
    return True


def need_extra(wanted_by: str) -> None:
    """Stop here unless the library is installed.

    Raises:
        ModelUnavailable: It is not; the message says what wants it.
    """
    if find_spec("detoxify") is None:
        raise ModelUnavailable(f"{wanted_by} needs the extra 'detoxify': {_EXTRA}")


def _run(arguments: Sequence[str]) -> None:
    command = [sys.executable, "-m", "workers.training", *arguments]
    try:
        # Our own module with a model's name or path, no shell.
        done = subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, timeout=_SLOWEST_CONVERSION_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ModelUnavailable("the model could not be converted in half an hour") from error
    if done.returncode != 0:
        said = done.stderr.strip().splitlines()
        raise ModelUnavailable(said[-1] if said else "the model could not be converted")
