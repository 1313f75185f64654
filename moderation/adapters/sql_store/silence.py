"""Connections to PostgreSQL that give up on a server which has gone silent.

A server that is dead closes its connections. One that hangs (stopped, swapping, its disk
stuck) keeps them open and its kernel confirms every packet, so that neither keepalives nor
``tcp_user_timeout`` nor the server's own time-outs end the waiting. Here the client ends it.
"""

import time
from collections.abc import Generator
from typing import Any, TypeVar

import psycopg
from sqlalchemy import Engine, event

from moderation.adapters.sql_store.patience import Patience

_Asked = TypeVar("_Asked")
_Gained = TypeVar("_Gained")


def give_up_on_silence(engine: Engine, patience: Patience) -> None:
    """Let *engine* connect to PostgreSQL with this much patience.

    A connection that stayed silent is closed, and its error is a disconnection.
    """

    class Connection(psycopg.Connection[Any]):
        @classmethod
        def _connect_gen(cls, *args: Any, **kwargs: Any) -> Any:
            # psycopg's own limit cannot be less than 2 s.
            return _heard(super()._connect_gen(*args, **kwargs), patience.hello_s)

        def wait(self, gen: Any, *args: Any, **kwargs: Any) -> Any:
            # Only the pool's question whether it still answers goes out in this mode.
            silence_s = patience.hello_s if self.autocommit else patience.answer_s
            try:
                return super().wait(_heard(gen, silence_s), *args, **kwargs)
            except Silent:
                self.close()
                raise

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: object, _record: object, args: Any, options: Any) -> Connection:
        return Connection.connect(*args, **options)


class Silent(psycopg.OperationalError):
    """Nothing came from the server for as long as one waits. What it did is not known."""


def _heard(
    steps: Generator[_Asked, Any, _Gained], silence_s: float
) -> Generator[_Asked, Any, _Gained]:
    """Pass on psycopg's steps, each of which asks to be woken when the socket is ready.

    It is woken every tenth of a second as well, with nothing ready.

    Raises:
        Silent: Nothing was ready for *silence_s*.
    """
    ready = None
    heard_at = time.monotonic()
    while True:
        try:
            asked = steps.send(ready)
        except StopIteration as ended:
            return ended.value  # type: ignore[no-any-return]
        ready = yield asked
        now = time.monotonic()
        if ready:
            heard_at = now
        elif now - heard_at > silence_s:
            raise Silent("the server stays silent")
