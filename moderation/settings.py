"""Configuration, read once from the environment by whoever starts a process."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

_PREFIX: Final = "MODERATION_"
_MIN_SECRET_CHARS: Final = 32
_WHICH_DATABASES: Final = "must be postgresql://USER@HOST:PORT/NAME or sqlite:////FOLDER/FILE"
_WHICH_LIMITS: Final = "must be COUNT/UNIT, such as 200/second or 1000/minute"
_WHICH_REDIS: Final = "must be redis://HOST:PORT/NUMBER, rediss://… or unix:///FOLDER/SOCKET"


class SettingsError(Exception):
    """The environment is unusable; the message lists every fault at once."""


# The three checks below import what will read the value later, and only if it is set: a command
# that needs no database should not wait for SQLAlchemy. None of them quotes a value, since
# addresses hold passwords.


def _database_url(url: str) -> str:
    """Let the usual spellings of a PostgreSQL address mean the driver that is installed."""
    if not url:
        return url
    for usual in ("postgres://", "postgresql://"):
        if url.startswith(usual):
            url = "postgresql+psycopg://" + url.removeprefix(usual)
    from sqlalchemy import make_url  # noqa: PLC0415 - see above
    from sqlalchemy.exc import ArgumentError  # noqa: PLC0415 - see above

    try:
        named = make_url(url)
    except (ArgumentError, ValueError):  # the second for a port that is no number
        raise ValueError(_WHICH_DATABASES) from None
    in_a_file = named.drivername == "sqlite" and named.database not in {None, "", ":memory:"}
    if not in_a_file and named.drivername != "postgresql+psycopg":
        raise ValueError(_WHICH_DATABASES)
    return url


def _redis_url(url: str) -> str:
    if not url:
        return url
    from redis.connection import parse_url  # noqa: PLC0415 - see above

    try:
        named = parse_url(url)  # type: ignore[no-untyped-call]
    except ValueError:
        raise ValueError(_WHICH_REDIS) from None
    if not {"host", "path"} & named.keys():
        raise ValueError(_WHICH_REDIS)
    return url


def _rate_limit(limit: str) -> str:
    from limits import parse_many  # noqa: PLC0415 - see above

    try:
        [named] = parse_many(limit)
    except ValueError:
        raise ValueError(_WHICH_LIMITS) from None
    if named.amount < 1:
        raise ValueError(_WHICH_LIMITS)
    return limit


def _long_enough(secret: SecretStr) -> SecretStr:
    length = len(secret.get_secret_value())
    if 0 < length < _MIN_SECRET_CHARS:
        raise ValueError(f"has {length} characters, needs {_MIN_SECRET_CHARS}")
    return secret


DatabaseUrl = Annotated[str, AfterValidator(_database_url)]
RedisUrl = Annotated[str, AfterValidator(_redis_url)]
RateLimit = Annotated[str, AfterValidator(_rate_limit)]
Secret = Annotated[SecretStr, AfterValidator(_long_enough)]


class Settings(BaseSettings):
    """Every knob, with its unit in its name; each is ``MODERATION_<NAME>`` in the environment.

    Each may also be given by file: ``MODERATION_<NAME>_FILE`` names one that holds the value,
    which is how secrets reach a container.
    """

    model_config = SettingsConfigDict(env_prefix=_PREFIX, extra="ignore", frozen=True)

    data_dir: Path = Path("data")
    """Where the embedded store, Redis and secret live when no servers are named."""

    database_url: DatabaseUrl = ""
    """SQLAlchemy address; empty: SQLite in the data folder."""

    database_password: SecretStr | None = None
    """Put into ``database_url`` where that names no password."""

    redis_url: RedisUrl = ""
    """``redis://…`` or ``unix://…``; empty: the embedded Redis in the data folder."""

    redis_password: SecretStr | None = None
    """Used where ``redis_url`` names no password."""

    redis_timeout_s: float = Field(default=0.15, gt=0)
    """How long the API waits for Redis before it goes on without."""

    secret: Secret = SecretStr("")
    """At least 32 characters; keys for hashes, sealed texts and secrets derive from it."""

    public_url: str = ""
    """The address that readers of problem documents can reach, without a final slash."""

    log_level: Literal["debug", "info", "warning", "error"] = "info"

    model: str = "compact"
    """``compact``, ``site``, a Detoxify model's name, or the path of a folder or checkpoint."""

    engine: Literal["onnx", "detoxify"] = "onnx"
    engine_threads: int = Field(default=1, ge=1, le=64)
    """Threads of one worker's model; use one per worker and more workers."""

    model_cache_dir: Path | None = None
    """Converted models; None: ``models`` in the data folder."""

    score_cache: int = Field(default=10_000, ge=0)
    """Texts whose scores a worker remembers; 0: none."""

    max_backlog: int = Field(default=20_000, ge=1)
    """Pending comments past which the API answers 503 rather than pile up."""

    batch_size: int = Field(default=32, ge=1, le=1000)
    """Comments that a worker leases at once."""

    lease_s: float = Field(default=15.0, gt=0)
    """After this long an unsettled comment is anybody's again."""

    max_attempts: int = Field(default=3, ge=1)
    """Leases after which a comment that never settles is held."""

    sweep_interval_s: float = Field(default=5.0, gt=0)
    """How often the upkeep worker asks again for what is owed."""

    learn_interval_s: float = Field(default=20.0, gt=0)
    """How often the upkeep worker looks for feedback to learn from."""

    job_timeout_s: int = Field(default=30, ge=1)

    max_wait_s: float = Field(default=10.0, ge=0, le=10)
    """Longest ``Prefer: wait`` that is honoured."""

    instant_timeout_s: float = Field(default=5.0, gt=0, le=15)
    """Longest that ``POST /v1/score`` waits for a score."""

    akismet_timeout_s: float = Field(default=0.8, gt=0, le=15)
    """Longest that a check in Akismet's words waits; some of its clients wait 1 s themselves."""

    perspective_timeout_s: float = Field(default=0.7, gt=0, le=15)
    """Longest that a short text in Perspective's words waits; Coral waits 0.8 s itself."""

    coral_timeout_s: float = Field(default=0.6, gt=0, le=15)
    """Longest that a request of Coral's moderation phase waits; Coral itself waits 0.8 s."""

    rate_limit: RateLimit = "200/second"
    """Requests per key, as ``COUNT/UNIT``."""

    api_workers: int = Field(default=2, ge=1)
    api_threads: int = Field(default=16, ge=2)

    trusted_proxies: int = Field(default=0, ge=0, le=10)
    """Proxies before the API, each adding to ``X-Forwarded-For`` and ``-Proto``; 0: not read."""

    webhook_timeout_s: float = Field(default=20.0, gt=0, le=30)
    webhook_history_days: int = Field(default=30, ge=1)
    """How long a webhook stays on record, and can be replayed, after it was sent or given up."""

    trace_days: int = Field(default=30, ge=1)
    """How long a trace of each comment is kept, to compare later ones with."""

    domain_days: int = Field(default=365, ge=1)
    """How long it counts what a moderator made of a comment's links."""

    webhook_allow_private: bool = False
    """Let webhooks reach addresses that are not public: for tests and closed networks only."""

    metrics_port: int = Field(default=0, ge=0, le=65535)
    """Where a worker or upkeep process serves its metrics; 0: nowhere."""

    metrics_host: str = "127.0.0.1"
    """The interface that a worker or upkeep process serves its metrics on."""

    demo: bool = False
    """Serve ``/demo``, which needs the demo site that ``moderation up`` creates."""


def read_settings(**overrides: object) -> Settings:
    """Read the environment, ``*_FILE`` included; *overrides* win over it.

    Raises:
        SettingsError: Something is malformed.
    """
    faults: list[str] = []
    from_files = _from_files(os.environ, faults)
    try:
        settings = Settings(**{**from_files, **overrides})  # type: ignore[arg-type]
    except ValidationError as error:
        faults += [_fault(each) for each in error.errors(include_input=False)]
    if faults:
        raise SettingsError("; ".join(faults))
    return settings


def _from_files(env: Mapping[str, str], faults: list[str]) -> dict[str, str]:
    """Read ``*_FILE`` variables; the file's last line break does not count."""
    values: dict[str, str] = {}
    for name in Settings.model_fields:
        variable = f"{_PREFIX}{name.upper()}_FILE"
        if variable not in env:
            continue
        try:
            values[name] = Path(env[variable]).read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            faults.append(f"{variable}: cannot read {env[variable]!r}: {type(error).__name__}")
    return values


def _fault(error: ErrorDetails) -> str:
    name = ".".join(map(str, error["loc"]))
    return f"{_PREFIX}{name.upper()}: {error['msg'].removeprefix('Value error, ')}"
