"""Convert a checkpoint by name or path: the command that a worker runs as a process."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from torch.hub import download_url_to_file

from workers.engines.card import ScorerCard
from workers.engines.catalogue import PUBLISHED, Published
from workers.engines.errors import ModelUnavailable
from workers.engines.folder import sha256_of
from workers.training.convert import convert
from workers.training.library import Loaded, build, read_checkpoint

Fetch = Callable[[str, Path], None]

_TOKENS: Final = 512
"""What Detoxify's own models read at once."""


def convert_named(model: str, folder: Path, cache: Path, fetch: Fetch | None = None) -> ScorerCard:
    """Convert a published model or a checkpoint file into a model folder.

    Args:
        model: A name in the catalogue or the path of a checkpoint.
        folder: The model folder to write.
        cache: Where a published checkpoint is kept, or was put by hand. Its configuration
            and tokenizer may lie in the folder beside it that bears the name of the
            Hugging Face model; those of a checkpoint given by path lie in its own folder.
        fetch: Downloads an address to a path; replaced in tests.

    Raises:
        ModelUnavailable: The message names all files to bring, and where to put them.
    """
    published = PUBLISHED.get(model)
    if published is None:
        path = Path(model)
        loaded = build(read_checkpoint(path), path.parent)
        return convert(loaded, _card(path.stem, (), loaded), folder)
    path = obtain(published, cache, fetch or _download)
    beside = cache / published.configured_by
    try:
        loaded = build(read_checkpoint(path, trusted=True), beside if beside.is_dir() else None)
    except ModelUnavailable as error:
        raise ModelUnavailable(f"{error}: bring {_configuration(published, beside)}") from error
    return convert(loaded, _card(published.name, published.languages, loaded), folder)


def obtain(published: Published, cache: Path, fetch: Fetch) -> Path:
    """Have the checkpoint in *cache*, its hash checked before anything opens it.

    Raises:
        ModelUnavailable: It is neither here nor to be had, or it is another file.
    """
    path = cache / published.file
    if not path.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial")
        try:
            fetch(published.url, partial)
        except OSError as error:
            beside = cache / published.configured_by
            more = "" if beside.is_dir() else f"; bring also {_configuration(published, beside)}"
            raise ModelUnavailable(
                f"{published.file} cannot be downloaded: bring it from {published.url} "
                f"and put it into {cache}{more}"
            ) from error
        partial.replace(path)
    if not sha256_of(path).startswith(published.sha256_starts):
        raise ModelUnavailable(f"{path} is not the file that was published: remove it")
    return path


def _configuration(published: Published, folder: Path) -> str:
    return (
        f"config.json, tokenizer.json and tokenizer_config.json of {published.configured_by} "
        f"and put them into {folder}"
    )


def _download(url: str, path: Path) -> None:
    download_url_to_file(url, str(path), progress=False)


def _card(name: str, languages: tuple[str, ...], loaded: Loaded) -> ScorerCard:
    published = name in PUBLISHED
    return ScorerCard(
        name=name,
        version="as published" if published else "as given",
        sha256="",
        signals=loaded.signals,
        languages=languages,
        licence="Apache-2.0" if published else "not stated",
        token_limit=min(_TOKENS, positions(loaded)),
        credits=("Laura Hanu and Unitary team: Detoxify",) if published else (),
        known_biases=("Nothing was measured here; see the model card of its makers.",),
    )


def positions(loaded: Loaded) -> int:
    """Count the tokens that a model has positions for; RoBERTa starts after its padding."""
    config = loaded.model.config
    counted: int = config.max_position_embeddings
    return counted - config.pad_token_id - 1 if "roberta" in config.model_type else counted
