"""Versions of the model that a site has taught: kept, served one at a time, rolled back.

Under the folder of models lies ``site/``: a sealed model folder for each version, ``0001`` and
on, and the file ``served``, a line for each version that was ever put in force, the last being
the one that is. Whatever is made is made under another name and put in place by one renaming,
so that a crash or a full disk leaves what was there before.
"""

import fcntl
import logging
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from workers.engines.calibrated import Calibration
from workers.engines.card import ScorerCard
from workers.engines.catalogue import COMPACT
from workers.engines.errors import ModelUnavailable
from workers.engines.folder import ModelFolder

log = logging.getLogger(__name__)

KEPT: Final = 5
"""Versions that stay; the one that is served and the one before it stay in any case."""

_SERVED: Final = "served"
_NUMBER: Final = re.compile(r"\d{4}")
_UNFINISHED: Final = ".unfinished-"


class UnknownVersion(Exception):
    """There is no such version, or not in a state to be asked for; the message says which."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version as it lies there.

    ``card`` and ``model_hash``, which decisions name it by, are None if it is broken, as
    ``fault`` tells.
    """

    name: str
    card: ScorerCard | None
    model_hash: str | None
    fault: str | None
    served: bool


class Versions:
    """All versions, the model that ships being the first, by the name ``compact``."""

    def __init__(self, root: Path, base: Path) -> None:
        """Keep versions in *root*, which need not be there; *base* is the model that ships."""
        self.root = root
        self._base = base

    @property
    def served(self) -> str:
        """The name of the version in force; ``compact`` before there is any.

        Raises:
            ModelUnavailable: Nobody can say, as the file that tells is broken.
        """
        return self._line()[-1]

    @property
    def next_name(self) -> str:
        """What the next version will be called. A number is not used twice while it is known."""
        known = [*self._numbers(), *(name for name in self._line() if name != COMPACT)]
        return f"{max(map(int, known), default=0) + 1:04}"

    def folder(self, name: str) -> Path:
        """Return the folder of a version that need not exist."""
        return self._base if name == COMPACT else self.root / name

    def open_served(self) -> ModelFolder:
        """Check the version in force and open it.

        Raises:
            ModelUnavailable: It is broken. No other takes its place by itself: its scores
                would not be those that the site chose.
        """
        name = self.served
        try:
            return ModelFolder.open(self.folder(name))
        except ModelUnavailable as error:
            raise ModelUnavailable(f"{error}: `moderation model rollback` goes back") from error

    def listed(self) -> list[Version]:
        """Return every version, oldest first, each checked."""
        return [self._look_at(name, self.served) for name in (COMPACT, *self._numbers())]

    def use(self, name: str) -> ModelFolder:
        """Put a version in force, once its sums are checked.

        Raises:
            ModelUnavailable: It is broken; what was served before is served still.
            UnknownVersion: There is none by that name.
        """
        name = self._known(name)
        opened = ModelFolder.open(self.folder(name))
        if name != self.served:
            self._serve([*self._line(), name])
        return opened

    def roll_back(self) -> str:
        """Put in force what was served before, passing over what is gone or broken.

        Raises:
            UnknownVersion: Nothing was served before.
        """
        line = self._line()
        while len(line) > 1:
            line.pop()
            if self._look_at(line[-1], "").card is not None:
                self._serve(line)
                return line[-1]
        raise UnknownVersion("nothing was served before")

    def delete(self, name: str) -> None:
        """Remove a version for good.

        Raises:
            UnknownVersion: There is none by that name, it ships, or it is served.
        """
        name = self._known(name)
        if name == COMPACT:
            raise UnknownVersion("the model that ships cannot be deleted")
        if name == self.served:
            raise UnknownVersion(f"{name} is served: put another in force first")
        line = [each for each in self._line() if each != name]
        self._serve([each for i, each in enumerate(line) if i == 0 or each != line[i - 1]])
        self._remove(name)

    def add(self, finished: Path) -> str:
        """Give a complete model folder the next number, put it in force, drop the oldest.

        An old version that cannot be dropped is told in the log: the new one serves anyhow.

        Args:
            finished: A folder inside ``scratch``; it is moved.

        Raises:
            ModelUnavailable: The folder is not complete.
            OSError: The disk is full; what was served before is served still.
        """
        ModelFolder.open(finished)
        for path in finished.iterdir():
            _flush(path)
        name = self.next_name
        finished.rename(self.root / name)
        _flush(self.root)
        self._serve([*self._line(), name])
        self._drop_oldest()
        return name

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """Lend a folder on the same disk that is gone at the end, and clear what crashes left."""
        for left in self.root.glob(f"{_UNFINISHED}*"):
            shutil.rmtree(left, ignore_errors=True)
        with tempfile.TemporaryDirectory(
            dir=self.root, prefix=_UNFINISHED, ignore_cleanup_errors=True
        ) as folder:
            yield Path(folder)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep others from changing anything until the block or the process ends.

        Raises:
            UnknownVersion: Somebody else is at it.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.root / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError:
            raise UnknownVersion(f"another command changes {self.root} right now") from None
        finally:
            os.close(descriptor)

    def _line(self) -> list[str]:
        path = self.root / _SERVED
        try:
            line = path.read_text("ascii").split()
        except FileNotFoundError:
            return [COMPACT]
        except (OSError, UnicodeDecodeError) as error:
            raise ModelUnavailable(f"{path} cannot be read: {type(error).__name__}") from error
        if not line or not all(each == COMPACT or _NUMBER.fullmatch(each) for each in line):
            raise ModelUnavailable(f"{path} is broken: it should name a version a line")
        return line

    def _serve(self, line: list[str]) -> None:
        partial = self.root / f"{_SERVED}.partial"
        partial.write_text("".join(f"{name}\n" for name in line), "ascii")
        _flush(partial)
        partial.replace(self.root / _SERVED)
        _flush(self.root)

    def _numbers(self) -> list[str]:
        if not self.root.is_dir():
            return []
        return sorted(each.name for each in self.root.iterdir() if _NUMBER.fullmatch(each.name))

    def _known(self, name: str) -> str:
        name = name.zfill(4) if name.isascii() and name.isdecimal() else name
        if name != COMPACT and name not in self._numbers():
            raise UnknownVersion(f"there is no version {name!r}")
        return name

    def _look_at(self, name: str, served: str) -> Version:
        try:
            card = ModelFolder.open(self.folder(name)).card
            model_hash = Calibration.of(card).model_hash(card.sha256)
        except ModelUnavailable as error:
            return Version(name, None, None, str(error), name == served)
        return Version(name, card, model_hash, None, name == served)

    def _drop_oldest(self) -> None:
        keep = {*self._line()[-2:], *self._numbers()[-KEPT:]}
        for old in self._numbers():
            if old in keep:
                continue
            try:
                self.delete(old)
            except OSError as error:
                log.warning(
                    "the old version %s could not be removed (%s): `moderation model delete %s`",
                    old,
                    error.strerror or type(error).__name__,
                    old,
                )

    def _remove(self, name: str) -> None:
        """Rename first: a version half removed must not look like one that broke."""
        aside = Path(tempfile.mkdtemp(dir=self.root, prefix=_UNFINISHED))
        try:
            self.folder(name).rename(aside / name)
        finally:
            shutil.rmtree(aside, ignore_errors=True)  # what stays goes with what crashes left


def _flush(path: Path) -> None:
    """Wait until the disk has a file, or a folder's names."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
