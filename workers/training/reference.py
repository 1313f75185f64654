"""The checkpoint behind a model folder, in a place where the detoxify library loads it offline."""

from pathlib import Path

from workers.engines.catalogue import PUBLISHED
from workers.engines.folder import ModelFolder, sha256_of
from workers.training.dequantise import CHECKPOINT, dequantise, save_beside
from workers.training.library import read_checkpoint


def checkpoint_for(model: str, folder: Path, cache: Path) -> Path:
    """Find or make the checkpoint of a model.

    A published or given checkpoint keeps its weights as they are; the shipped eight-bit
    weights are put back into the format. Made once under *cache*, and again when the
    weights change.

    Args:
        model: As for ``load_engine``.
        folder: Its model folder.
        cache: Where checkpoints are kept.

    Returns:
        ``Detoxify(checkpoint=path, huggingface_config_path=path.parent)`` loads it.

    Raises:
        ModelUnavailable: The folder or the checkpoint cannot be read.
    """
    published = PUBLISHED.get(model)
    given = cache / published.file if published else Path(model)
    sha256 = sha256_of(given) if given.is_file() else ModelFolder.open(folder).card.sha256
    made = cache / f"checkpoint-{sha256[:16]}"
    if (made / CHECKPOINT).is_file():
        return made / CHECKPOINT
    if not given.is_file():
        return dequantise(folder, made)
    trusted = published is not None and sha256.startswith(published.sha256_starts)
    checkpoint = read_checkpoint(given, trusted=trusted)
    return save_beside(checkpoint.state, folder, made)
