"""Revenue measurement, put together."""

from waag.bootstrap.features import Feature, Surroundings
from waag.bootstrap.revenue_shares import revenue_share_desk
from waag.services.attribution.attributions import RevenueAttributions
from waag.services.attribution.idempotency import Idempotency
from waag.services.attribution.tagging import Tagging
from waag.storage.attribution.attributions import SqliteAttributions
from waag.storage.attribution.client_tokens import SqliteClientTokens
from waag.storage.attribution.tags import SqliteResourceTags
from waag.storage.page_tokens import SealedPageTokens
from waag.wire.operations.attribution import attribution_operations, tag_operations
from waag.wire.operations.attribution_access import AttributionAccess


def attribution(around: Surroundings) -> Feature:
    """Attributions, shares, and what is allocated to them."""
    choices = around.settings.choices.attribution
    reader = around.open_reader()
    tags = SqliteResourceTags(around.writer, reader)
    access = AttributionAccess(tags, around.market)
    idempotency = Idempotency(SqliteClientTokens(reader), choices.client_token_seconds)
    attributions = RevenueAttributions(
        SqliteAttributions(around.writer, reader),
        idempotency,
        page_tokens=SealedPageTokens(around.secret_key, around.random_bytes),
        market=around.market,
        choices=choices,
        random_bytes=around.random_bytes,
    )
    desk = {
        **attribution_operations(clock=around.clock, attributions=attributions, access=access),
        **revenue_share_desk(around, reader, idempotency, access),
        **tag_operations(Tagging(tags, choices.attribution_tags_max), access),
    }
    return Feature(desk=desk, close=reader.close)
