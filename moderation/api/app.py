"""The application: every route, each answering with problem documents."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from apiflask import APIBlueprint, APIFlask
from flask import Response
from prometheus_client import CONTENT_TYPE_LATEST
from werkzeug.middleware.proxy_fix import ProxyFix

from moderation import __version__, demo
from moderation.adapters.coalesced_jobs import CoalescedJobs
from moderation.adapters.sql_store import PROMPT
from moderation.api import (
    admin,
    admin_keys,
    admin_policies,
    admin_webhooks,
    comments,
    edits,
    feedback,
    health,
    pages,
    review,
    score,
    submissions,
)
from moderation.api.access import Access
from moderation.api.addresses import keep_words_apart
from moderation.api.back_pressure import BackPressure
from moderation.api.document import describe
from moderation.api.logs import log_json
from moderation.api.metering import ApiMetrics
from moderation.api.problems import Problems
from moderation.api.reading import MAX_BODY_BYTES
from moderation.api.requests import count_accepted, note_requests
from moderation.api.waiting import Waiting
from moderation.bootstrap import Services, build_services
from moderation.compat import akismet, coral, openai, perspective
from moderation.data_folder import complete
from moderation.settings import read_settings

MakeBlueprint = Callable[[Services, Access], APIBlueprint]
MakeWaitingBlueprint = Callable[[Services, Access, Waiting], APIBlueprint]

WAITING_BLUEPRINTS: Final[tuple[MakeWaitingBlueprint, ...]] = (
    submissions.make_blueprint,
    score.make_blueprint,
)
"""The parts that hold a thread while a worker works; they share half of the threads."""

BLUEPRINTS: Final[tuple[MakeBlueprint, ...]] = (
    comments.make_blueprint,
    edits.make_blueprint,
    feedback.make_blueprint,
    review.make_blueprint,
    admin.make_blueprint,
    admin_keys.make_blueprint,
    admin_policies.make_blueprint,
    admin_webhooks.make_blueprint,
    health.make_blueprint,
    pages.make_blueprint,
)
"""All other parts. A new one is named here or above and nowhere else."""


def create_app(services: Services | None = None) -> APIFlask:
    """Build the application; with None, around services that the environment describes."""
    if services is None:
        services = _serving()
    settings = services.settings
    app = APIFlask("moderation", title="Comment moderation", version=__version__, docs_path=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES  # where a view does not say otherwise
    app.url_map.merge_slashes = False  # an odd address is not found, rather than redirected
    keep_words_apart(app)
    if proxies := services.settings.trusted_proxies:
        # Not the host: a proxy that passes Host on may let a client's own X-Forwarded-Host by.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    describe(app)
    metrics = ApiMetrics(services)
    note_requests(app, metrics)
    Problems(settings.public_url).register(app)
    access = Access(services)
    waiting = Waiting(threads=settings.api_threads, longest_s=settings.max_wait_s)
    for make_waiting in WAITING_BLUEPRINTS:
        app.register_blueprint(make_waiting(services, access, waiting))
    for make_blueprint in BLUEPRINTS:
        app.register_blueprint(make_blueprint(services, access))
    pressure = BackPressure(services.open_store, max_backlog=settings.max_backlog)
    lent = akismet.Lent(
        site_of=access.site_of,
        thread=waiting.thread,
        room=pressure.room,
        accepted=count_accepted,
    )
    app.register_blueprint(akismet.make_blueprint(services, lent))
    for dialect in (perspective, openai):
        app.register_blueprint(
            dialect.make_blueprint(services, site_of=access.site_of, thread=waiting.thread)
        )
    app.register_blueprint(coral.make_blueprint(services, thread=waiting.thread))
    if settings.demo:
        app.register_blueprint(
            demo.make_blueprint(services, room=pressure.room, accepted=count_accepted)
        )

    @app.get("/metrics")
    @app.doc(hide=True)
    def export_metrics() -> Response:
        """What Prometheus asks for."""
        return Response(metrics.export(), content_type=CONTENT_TYPE_LATEST)

    return app


def _serving() -> Services:
    """Return what the environment describes, as a process that serves requests wants it."""
    settings = complete(read_settings())
    log_json(settings.log_level)
    services = build_services(settings, patience=PROMPT)
    return replace(services, jobs=CoalescedJobs(services.jobs))
