"""docker-compose.yml read as data, and its services run as processes without an engine."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]


def read_compose() -> dict[str, Any]:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    compose: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    return compose


@dataclass(frozen=True)
class Elsewhere:
    """What stands in a process for what a container has: files, hosts and ports.

    ``instead_of`` maps texts of the compose file to those of this machine. Longer ones win.
    """

    instead_of: Mapping[str, str]

    def translate(self, text: str) -> str:
        longest_first = sorted(self.instead_of, key=len, reverse=True)
        originals = re.compile("|".join(map(re.escape, longest_first)))
        return originals.sub(lambda found: self.instead_of[found[0]], text.replace("$$", "$"))

    def command(self, service: Mapping[str, Any]) -> list[str]:
        return [self.translate(word) for word in service["command"]]

    def health_command(self, service: Mapping[str, Any]) -> list[str]:
        kind, *words = service["healthcheck"]["test"]
        assert kind in {"CMD", "CMD-SHELL"}
        translated = [self.translate(word) for word in words]
        return ["sh", "-c", shlex.join(translated)] if kind == "CMD" else ["sh", "-c", *translated]

    def environment(self, service: Mapping[str, Any]) -> dict[str, str]:
        """Return the service's own environment, with nothing of ours but where programs are."""
        inherited = {
            name: value
            for name, value in os.environ.items()
            if name.startswith("COVERAGE") or name in {"HOME", "LANG", "TMPDIR"}
        }
        own = {n: self.translate(str(v)) for n, v in service.get("environment", {}).items()}
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        return {**inherited, **own, "PATH": path}


@dataclass(frozen=True)
class Container:
    """A service of the compose file, as a process."""

    process: subprocess.Popen[bytes]
    service: Mapping[str, Any]
    elsewhere: Elsewhere
    folder: Path

    @classmethod
    def start(cls, service: Mapping[str, Any], elsewhere: Elsewhere, folder: Path) -> "Container":
        with (folder / "log").open("ab") as log:
            process = subprocess.Popen(
                elsewhere.command(service),
                env=elsewhere.environment(service),
                cwd=folder,
                stdout=log,
                stderr=log,
            )
        return cls(process, service, elsewhere, folder)

    def healthy(self) -> bool:
        """Run the service's own health check."""
        return self._run(self.elsewhere.health_command(self.service)).returncode == 0

    def exec(self, *command: str) -> str:
        """Run a command as ``docker compose exec`` would; return what it printed."""
        done = self._run([*command])
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")

    def _run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            env=self.elsewhere.environment(self.service),
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
