"""The data folder: where the embedded store, Redis and secret live when no servers are named.

Whoever starts a process (``moderation up``, a CLI command in another terminal, a worker) finds
the same files from the same ``MODERATION_DATA_DIR``.
"""

import hashlib
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self
from urllib.parse import quote

from pydantic import SecretStr

from moderation.settings import Settings, SettingsError, read_settings

_LONGEST_SOCKET_PATH: Final = 100
"""Bytes. The kernel's limit is 108 on Linux and 104 on macOS, the final zero included."""


@dataclass(frozen=True, slots=True)
class DataFolder:
    """Names of the files in one data folder; ``root`` is absolute."""

    root: Path

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Find the folder, which need not exist yet.

        Raises:
            SettingsError: Something else is in its place.
        """
        root = settings.data_dir.expanduser().resolve()
        if root.exists() and not root.is_dir():
            raise SettingsError(f"MODERATION_DATA_DIR: {root} is not a folder")
        return cls(root)

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.root / 'moderation.db'}"

    @property
    def secret_file(self) -> Path:
        return self.root / "secret"

    @property
    def demo_key_file(self) -> Path:
        """Where ``moderation up`` keeps the demo site's key, for the curl line that it prints."""
        return self.root / "demo.key"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def redis(self) -> Path:
        """Where Redis keeps its append-only file."""
        return self.root / "redis"

    @property
    def redis_socket(self) -> Path:
        """Redis's socket, in a folder that only its owner may enter.

        A deep data folder would make the path too long for a socket; then it lies in the
        temporary folder, under a name that follows from the data folder's.
        """
        near = self.redis / "redis.sock"
        if len(os.fsencode(near)) <= _LONGEST_SOCKET_PATH:
            return near
        digest = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"moderation-{os.getuid()}-{digest}" / "redis.sock"

    @property
    def redis_url(self) -> str:
        return f"unix://{quote(str(self.redis_socket))}"

    def create(self) -> None:
        """Make the folder, readable by its owner only, and a secret if it has none."""
        for folder in (self.root, self.logs, self.redis, self.redis_socket.parent):
            _make_private(folder)
        if not self.secret_file.exists():
            write_private(self.secret_file, secrets.token_urlsafe(32))


def write_private(path: Path, secret: str) -> None:
    """Write a secret to a file that only its owner may read, from its first moment on."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secret + "\n")


def _make_private(folder: Path) -> None:
    """Create *folder* with mode 0700.

    Raises:
        PermissionError: It is somebody else's, as a trap in the temporary folder would be.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to another user")
    folder.chmod(0o700)


def complete(settings: Settings) -> Settings:
    """Fill in what *settings* leaves to the data folder: store, Redis and secret."""
    folder = DataFolder.of(settings)
    found: dict[str, object] = {}
    if not settings.database_url:
        found["database_url"] = folder.database_url
    if not settings.redis_url:
        found["redis_url"] = folder.redis_url
    if not settings.secret.get_secret_value() and folder.secret_file.exists():
        found["secret"] = SecretStr(folder.secret_file.read_text(encoding="ascii").strip())
    return settings.model_copy(update=found)


def settings_in_force() -> Settings:
    """Return the complete settings of a service that was set up before.

    Raises:
        SettingsError: The environment is unusable, or there is no secret anywhere.
    """
    settings = complete(read_settings())
    if not settings.secret.get_secret_value():
        raise SettingsError(
            f"there is no secret in {DataFolder.of(settings).root}: run `moderation migrate`"
            " or `moderation up` there first, or set MODERATION_SECRET"
        )
    return settings
