"""All parts of the store together."""

from moderation.adapters.sql_store.comments import SqlComments
from moderation.adapters.sql_store.corrections import SqlCorrections
from moderation.adapters.sql_store.decisions import SqlDecisions
from moderation.adapters.sql_store.deliveries import SqlDeliveries
from moderation.adapters.sql_store.erasure import SqlErasure
from moderation.adapters.sql_store.feedback import SqlFeedback
from moderation.adapters.sql_store.idempotency import SqlIdempotency
from moderation.adapters.sql_store.leases import SqlLeases
from moderation.adapters.sql_store.listing import SqlListing
from moderation.adapters.sql_store.policies import SqlPolicies
from moderation.adapters.sql_store.sites import SqlSites


class SqlStore(
    SqlSites,
    SqlPolicies,
    SqlComments,
    SqlListing,
    SqlLeases,
    SqlErasure,
    SqlDecisions,
    SqlDeliveries,
    SqlIdempotency,
    SqlFeedback,
    SqlCorrections,
):
    """``ports.Store`` for the length of one transaction."""
