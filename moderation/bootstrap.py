"""Which class stands behind which protocol. The one place where adapters are chosen."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from moderation.adapters.argon2_passwords import Argon2Passwords
from moderation.adapters.health import Database, Schema, WakeUps
from moderation.adapters.privacy import KeyedPrivacy
from moderation.adapters.rate_limits import RedisLimits
from moderation.adapters.redis_checks import RedisChecking
from moderation.adapters.redis_client import make_redis
from moderation.adapters.redis_instant import RedisInstantScoring
from moderation.adapters.rq_jobs import RqJobs
from moderation.adapters.sql_store import PATIENT, Patience, make_engine, sql_store
from moderation.ports.checking import InstantChecking
from moderation.ports.health import Dependency
from moderation.ports.jobs import Jobs
from moderation.ports.limits import Limits
from moderation.ports.passwords import Passwords
from moderation.ports.privacy import Privacy
from moderation.ports.scorer import InstantScoring
from moderation.ports.store import OpenStore
from moderation.settings import Settings
from moderation.usecases.sweep import Kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """All that an edge of the service (API, CLI, worker) may reach."""

    settings: Settings
    open_store: OpenStore
    jobs: Jobs
    instant: InstantScoring
    checks: InstantChecking
    privacy: Privacy
    now: Callable[[], datetime]
    close: Callable[[], None]
    """Let go of database and Redis connections."""

    limits: Limits
    dependencies: tuple[Dependency, ...]
    """What the service stands on, in the order in which to look."""

    passwords: Passwords = field(default_factory=Argon2Passwords)


def utc_now() -> datetime:
    """Return the present, aware, UTC."""
    return datetime.now(UTC)


def kept(settings: Settings) -> Kept:
    """Return how long the settings let things be kept."""
    return Kept(
        webhooks=timedelta(days=settings.webhook_history_days),
        traces=timedelta(days=settings.trace_days),
        domains=timedelta(days=settings.domain_days),
    )


def build_services(settings: Settings, *, patience: Patience = PATIENT) -> Services:
    """Wire the service to its database and Redis; neither needs to be up yet.

    *patience* says how long a database is waited for that hangs.
    """
    engine = make_engine(settings, patience=patience)
    redis = make_redis(settings)
    privacy = KeyedPrivacy(settings.secret.get_secret_value())

    def close() -> None:
        engine.dispose()
        redis.close()

    return Services(
        settings=settings,
        open_store=sql_store(engine),
        jobs=RqJobs(redis, job_timeout_s=settings.job_timeout_s),
        instant=RedisInstantScoring(redis, privacy),
        checks=RedisChecking(redis, privacy),
        privacy=privacy,
        limits=RedisLimits(redis, limit=settings.rate_limit),
        dependencies=(Database(engine), Schema(engine), WakeUps(redis)),
        now=utc_now,
        close=close,
    )
