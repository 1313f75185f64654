"""All parts of the store together."""

from moderation.adapters.sql_store.alike import SqlAlike
from moderation.adapters.sql_store.comments import SqlComments
from moderation.adapters.sql_store.coral import SqlCoralSecrets
from moderation.adapters.sql_store.corrections import SqlCorrections
from moderation.adapters.sql_store.counts import SqlCounts
from moderation.adapters.sql_store.decisions import SqlDecisions
from moderation.adapters.sql_store.deliveries import SqlDeliveries
from moderation.adapters.sql_store.domains import SqlDomains
from moderation.adapters.sql_store.erasure import SqlErasure
from moderation.adapters.sql_store.feedback import SqlFeedback
from moderation.adapters.sql_store.idempotency import SqlIdempotency
from moderation.adapters.sql_store.leases import SqlLeases
from moderation.adapters.sql_store.listing import SqlListing
from moderation.adapters.sql_store.policies import SqlPolicies
from moderation.adapters.sql_store.sites import SqlSites
from moderation.adapters.sql_store.traces import SqlTraces


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
    SqlTraces,
    SqlAlike,
    SqlCounts,
    SqlDomains,
    SqlFeedback,
    SqlCorrections,
    SqlCoralSecrets,
):
    """``ports.Store`` for the length of one transaction."""
