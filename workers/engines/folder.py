"""The folder that a served model lives in, checked before anything in it is trusted."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from workers.engines.card import ScorerCard
from workers.engines.errors import ModelUnavailable

WEIGHTS: Final = "model.onnx"
TOKENIZER: Final = "tokenizer.json"
CARD: Final = "card.json"
CONFIG: Final = "config.json"
TOKENIZER_CONFIG: Final = "tokenizer_config.json"
SUMS: Final = "SHA256SUMS.txt"
LOGITS: Final = "logits"
"""The graph's output of shape (batch, signals)."""
WORD_LOGITS: Final = "word_logits"
"""Its output of shape (batch, tokens), where the model was taught to tell toxic words."""
_NEEDED: Final = (WEIGHTS, TOKENIZER, CARD)


def sha256_of(path: Path) -> str:
    """Hash a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def seal(folder: Path) -> None:
    """Write the sums of every other file, in the format of ``sha256sum --check``."""
    files = sorted(p for p in folder.iterdir() if p.is_file() and p.name != SUMS)
    lines = [f"{sha256_of(path)}  {path.name}\n" for path in files]
    (folder / SUMS).write_text("".join(lines), "utf-8")


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A folder whose files are all there and are those that were written."""

    path: Path
    card: ScorerCard

    @classmethod
    def open(cls, path: Path) -> "ModelFolder":
        """Check a folder's sums and read its card.

        Raises:
            ModelUnavailable: A file is missing or altered; the message names it.
        """
        for name in (*_NEEDED, SUMS):
            if not (path / name).is_file():
                raise ModelUnavailable(f"the model folder {path} lacks {name}")
        sums = {}
        for line in (path / SUMS).read_text("utf-8").splitlines():
            digest, _, name = line.partition("  ")
            sums[name] = digest
        for name in _NEEDED:
            if sums.get(name) != sha256_of(path / name):
                raise ModelUnavailable(f"{path / name} is not the file that {SUMS} lists")
        card = ScorerCard.read(path / CARD)
        if card.sha256 != sums[WEIGHTS]:
            raise ModelUnavailable(f"{path / CARD} describes other weights than {WEIGHTS}")
        return cls(path, card)
