"""Whether the service lives, is ready, and how it fares: for those who run it."""

from apiflask import APIBlueprint

from moderation.api.access import Access
from moderation.api.answering import Answer, as_json
from moderation.bootstrap import Services


def make_blueprint(services: Services, access: Access) -> APIBlueprint:  # noqa: ARG001 - open to all
    """Build the routes; they need no key and tell nothing about any site."""
    bp = APIBlueprint("health", __name__, enable_openapi=False)

    @bp.get("/healthz")
    def healthz() -> Answer:
        """This process answers."""
        return as_json({"status": "ok"})

    @bp.get("/readyz")
    def readyz() -> Answer:
        """Each dependency, by name. Without Redis comments are still accepted: degraded."""
        holds = {each.name: each.holds() for each in services.dependencies}
        ready = all(holds[each.name] for each in services.dependencies if each.essential)
        told = {name: "ok" if held else "down" for name, held in holds.items()}
        status = "down" if not ready else "ok" if all(holds.values()) else "degraded"
        return as_json({"status": status, "dependencies": told}, 200 if ready else 503)

    return bp
