"""The models that can be named, and the files that each is made from."""

from dataclasses import dataclass
from typing import Final

COMPACT: Final = "compact"
"""The model that ships with the service."""

SITE: Final = "site"
"""What the site's own moderators taught the model that ships; itself before they did."""

_RELEASES: Final = "https://github.com/unitaryai/detoxify/releases/download/"
_SEVEN: Final = ("en", "fr", "es", "it", "pt", "tr", "ru")


@dataclass(frozen=True, slots=True)
class Published:
    """A checkpoint that the Detoxify project publishes.

    ``sha256_starts``: the part of its hash that the publishers put into its name.
    ``configured_by``: the Hugging Face model whose configuration and tokenizer it uses.
    """

    name: str
    url: str
    configured_by: str
    languages: tuple[str, ...]

    @property
    def file(self) -> str:
        """The file's own name."""
        return self.url.rpartition("/")[2]

    @property
    def sha256_starts(self) -> str:
        """The first eight hexadecimal digits of the file's hash."""
        return self.file.removesuffix(".ckpt").rpartition("-")[2]


PUBLISHED: Final = {
    each.name: each
    for each in (
        Published(
            "original",
            f"{_RELEASES}v0.1-alpha/toxic_original-c1212f89.ckpt",
            "bert-base-uncased",
            ("en",),
        ),
        Published(
            "unbiased",
            f"{_RELEASES}v0.3-alpha/toxic_debiased-c7548aa0.ckpt",
            "roberta-base",
            ("en",),
        ),
        Published(
            "multilingual",
            f"{_RELEASES}v0.4-alpha/multilingual_debiased-0b549669.ckpt",
            "xlm-roberta-base",
            _SEVEN,
        ),
        Published(
            "original-small",
            f"{_RELEASES}v0.1.2/original-albert-0e1d6498.ckpt",
            "albert-base-v2",
            ("en",),
        ),
        Published(
            "unbiased-small",
            f"{_RELEASES}v0.1.2/unbiased-albert-c8519128.ckpt",
            "albert-base-v2",
            ("en",),
        ),
    )
}
