"""How gunicorn serves the API, under ``moderation up`` and in the image alike.

A file in gunicorn's own form, evaluated when gunicorn starts; name it as
``-c python:moderation.supervisor.gunicorn_conf`` and say where to listen with ``--bind``.
``PROMETHEUS_MULTIPROC_DIR``, where set, is the folder through which the processes add up
their metrics.
"""

import gc
import importlib
import os
import socket
import struct
from pathlib import Path
from typing import Protocol

from prometheus_client import multiprocess

from moderation.data_folder import settings_in_force

_settings = settings_in_force()

wsgi_app = "moderation.api.app:create_app()"
worker_class = "moderation.supervisor.fair_worker.FairWorker"
workers = _settings.api_workers
threads = _settings.api_threads
timeout = 30
graceful_timeout = 30
keepalive = 5
loglevel = _settings.log_level
# A read-only file system has no place for the control socket, nor for heartbeat files on disk.
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - unlinked files

_METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_LONGEST_SILENCE_S = 10
"""After this long without a byte, a client in the middle of a request has lost its thread."""


class _Worker(Protocol):
    pid: int


class _Listener(Protocol):
    sock: socket.socket


class _Server(Protocol):
    LISTENERS: list[_Listener]


def on_starting(server: object) -> None:  # noqa: ARG001 - gunicorn's hook
    """Forget the metrics of earlier processes, and import what all workers will need.

    Their counters ended with those processes. Imported here, the code is read once and its
    memory shared; the application itself is built by each worker, as it holds connections.
    """
    folder = os.environ.get(_METRICS_FOLDER)
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        for file in Path(folder).glob("*.db"):
            file.unlink()
    importlib.import_module("moderation.api.app")
    gc.freeze()


def when_ready(server: _Server) -> None:
    """Let no client hold a thread for ever by saying nothing, or by not listening.

    Connections take these time-outs over from the socket that they come by.
    """
    patience = struct.pack("@ll", _LONGEST_SILENCE_S, 0)
    for listener in server.LISTENERS:
        for direction in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            listener.sock.setsockopt(socket.SOL_SOCKET, direction, patience)


def child_exit(server: object, worker: _Worker) -> None:  # noqa: ARG001 - gunicorn's hook
    """Take the gauges of a worker that ended out of the sums."""
    if os.environ.get(_METRICS_FOLDER):
        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
