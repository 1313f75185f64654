"""The application: every route, each answering with problem documents."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from apiflask import APIBlueprint, APIFlask
from flask import Response
from prometheus_client import CONTENT_TYPE_LATEST

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
    health,
    pages,
    review,
    score,
    submissions,
)
from moderation.api.access import Access
from moderation.api.back_pressure import BackPressure
from moderation.api.document import describe
from moderation.api.logs import log_json
from moderation.api.metering import ApiMetrics
from moderation.api.problems import Problems
from moderation.api.reading import MAX_BODY_BYTES
from moderation.api.requests import count_accepted, note_requests
from moderation.bootstrap import Services, build_services
from moderation.data_folder import complete
from moderation.settings import read_settings

MakeBlueprint = Callable[[Services, Access], APIBlueprint]

BLUEPRINTS: Final[tuple[MakeBlueprint, ...]] = (
    submissions.make_blueprint,
    comments.make_blueprint,
    edits.make_blueprint,
    score.make_blueprint,
    review.make_blueprint,
    admin.make_blueprint,
    admin_keys.make_blueprint,
    admin_policies.make_blueprint,
    admin_webhooks.make_blueprint,
    health.make_blueprint,
    pages.make_blueprint,
)
"""Every part of the API. A new one is named here and nowhere else."""


def create_app(services: Services | None = None) -> APIFlask:
    """Build the application; with None, around services that the environment describes."""
    if services is None:
        settings = complete(read_settings())
        log_json(settings.log_level)
        services = build_services(settings, patience=PROMPT)
        services = replace(services, jobs=CoalescedJobs(services.jobs))
    app = APIFlask("moderation", title="Comment moderation", version=__version__, docs_path=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES  # where a view does not say otherwise
    app.url_map.merge_slashes = False  # an odd address is not found, rather than redirected
    describe(app)
    metrics = ApiMetrics(services)
    note_requests(app, metrics)
    Problems(services.settings.public_url).register(app)
    access = Access(services)
    for make_blueprint in BLUEPRINTS:
        app.register_blueprint(make_blueprint(services, access))
    if services.settings.demo:
        pressure = BackPressure(services.open_store, max_backlog=services.settings.max_backlog)
        app.register_blueprint(
            demo.make_blueprint(services, room=pressure.room, accepted=count_accepted)
        )

    @app.get("/metrics")
    @app.doc(hide=True)
    def export_metrics() -> Response:
        """What Prometheus asks for."""
        return Response(metrics.export(), content_type=CONTENT_TYPE_LATEST)

    return app
