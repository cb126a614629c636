"""What each operation of revenue measurement takes to be let in."""

import pytest
from msgspec.structs import fields, replace

from builders import ACCOUNTS, OTHER_SELLER, SELLER, market, refusal_of
from waag.domain.attribution.identifiers import Resource
from waag.domain.attribution.refusals import NotRegistered
from waag.domain.market import Partner
from waag.domain.market_excerpt import MarketExcerpt
from waag.ports import Caller
from waag.wire.generated import revenue_measurement as wire
from waag.wire.operations import Answer, Guarded
from waag.wire.operations.attribution_access import AttributionAccess

START = f"arn:aws:partnercentral:us-east-1:{SELLER}:catalog"
ID = "ra-0a1b2c3d4e5f6"
ATTRIBUTION = f"{START}/AWS/revenue-attribution/{ID}"
PRODUCT = "prod-analytics0001"
SHARE = f"{START}/AWS/marketplace-revenue-share/{PRODUCT}"
CALLER = Caller(SELLER, f"arn:aws:iam::{SELLER}:user/ci", "eu-west-1")
TAG = wire.Tag(key="Team", value="a")


class FakeTags:
    """The port `ResourceTags`: every resource has one tag."""

    def tags(self, resource: Resource):
        """The resource's own id, as the value of Id."""
        return {"Id": resource.id}


def guarded(kind, in_market=None) -> Guarded:
    """An operation of this input, with what it takes."""
    access = AttributionAccess(FakeTags(), in_market or market())
    return access.guarding({kind: lambda *_: Answer(None)})[kind]


def asked(kind, **given):
    """A request of this kind, about the attribution, the share, or the ARN that is given."""
    usual = {
        "catalog": "AWS",
        "identifier": ID,
        "revenue_attribution_identifier": ID,
        "revenue_attribution_allocation_id": "alloc-0a1b2c3d4e5f6",
        "revenue_attribution_revision": "1",
        "revenue_share_allocations": [],
        "revision": "1",
        "product_id": PRODUCT,
        "marketplace_revenue_share_allocation_id": "mrsa-0a1b2c3d4e5f6",
        "marketplace_revenue_share_revision": "1",
        "effective_from": "2026-07-01",
        "revenue_share_percent": "1",
        "name": "A",
        "tenancy_model": "MULTI_TENANT",
        "resource_arn": ATTRIBUTION,
        "tag_keys": ["Team"],
        "tags": [TAG],
    } | given
    required = {
        field.name: usual[field.name]
        for field in fields(kind)
        if field.required or field.name in given
    }
    return kind(**required)


RESOURCES = {
    wire.CreateRevenueAttributionInput: "*",
    wire.ListRevenueAttributionsInput: "*",
    wire.CreateMarketplaceRevenueShareInput: "*",
    wire.ListMarketplaceRevenueSharesInput: "*",
    wire.GetRevenueAttributionInput: ATTRIBUTION,
    wire.UpdateRevenueAttributionInput: ATTRIBUTION,
    wire.GetRevenueAttributionAllocationInput: ATTRIBUTION,
    wire.GetRevenueAttributionAllocationsTaskInput: ATTRIBUTION,
    wire.ListRevenueAttributionAllocationsInput: ATTRIBUTION,
    wire.StartRevenueAttributionAllocationsTaskInput: ATTRIBUTION,
    wire.CreateMarketplaceRevenueShareAllocationInput: SHARE,
    wire.GetMarketplaceRevenueShareAllocationInput: SHARE,
    wire.GetMarketplaceRevenueShareInput: SHARE,
    wire.ListMarketplaceRevenueShareAllocationsInput: SHARE,
    wire.UpdateMarketplaceRevenueShareAllocationInput: SHARE,
    wire.ListTagsForResourceInput: ATTRIBUTION,
    wire.TagResourceInput: ATTRIBUTION,
    wire.UntagResourceInput: ATTRIBUTION,
}
ANYBODYS = {
    wire.CreateRevenueAttributionInput,
    wire.GetRevenueAttributionInput,
    wire.ListRevenueAttributionsInput,
    wire.UpdateRevenueAttributionInput,
    wire.ListTagsForResourceInput,
    wire.TagResourceInput,
    wire.UntagResourceInput,
}
kinds = pytest.mark.parametrize("kind", RESOURCES, ids=lambda kind: kind.__name__)


def test_every_operation_is_in_the_table():
    """All 18 of the model."""
    assert set(RESOURCES) == {each.input for each in wire.SERVICE.operations.values()}


@kinds
def test_the_resource_that_an_operation_is_about(kind):
    """Its ARN says us-east-1, whatever Region was called; the catalog is a condition of all."""
    access = guarded(kind).access(asked(kind), CALLER)
    found = (access.resource, access.context()["partnercentral:Catalog"], access.further)
    assert found == (RESOURCES[kind], "AWS", ())


@kinds
def test_the_tags_of_what_an_operation_is_about(kind):
    """Conditions may ask for them where the operation has a resource."""
    context = guarded(kind).access(asked(kind), CALLER).context()
    expected = RESOURCES[kind].rpartition("/")[2] if RESOURCES[kind] != "*" else None
    assert context.get("aws:ResourceTag/Id") == expected


@kinds
@pytest.mark.parametrize("registered", [True, False])
def test_what_an_account_may_do_that_is_not_registered(kind, registered):
    """The records of attributions and tags, no more; the policies know nothing of it."""
    partner = replace(ACCOUNTS[0], partner=Partner(registered=registered))
    call = guarded(kind, MarketExcerpt((partner,))).admit
    refused = refusal_of(call, asked(kind), CALLER)
    let_in = registered or kind in ANYBODYS
    assert (refused and refused[0]) == (None if let_in else NotRegistered)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (wire.CreateRevenueAttributionInput, f"{START}/AWS/revenue-attribution/*"),
        (wire.CreateMarketplaceRevenueShareInput, SHARE),
    ],
)
def test_creating_with_tags_is_tagging_too(kind, expected):
    """Of an attribution whose id is not known yet, and of a share whose ARN is."""
    access = guarded(kind).access(asked(kind, tags=[TAG]), CALLER)
    context = access.context()
    assert (access.further, context["aws:RequestTag/Team"], context["aws:TagKeys"]) == (
        (("TagResource", expected),),
        "a",
        ["Team"],
    )


def test_nothing_is_told_of_what_is_another_accounts():
    """Its tags are no condition that the caller's policies could ask for."""
    foreign = ATTRIBUTION.replace(SELLER, OTHER_SELLER)
    access = guarded(wire.GetRevenueAttributionInput).access(
        asked(wire.GetRevenueAttributionInput, identifier=foreign), CALLER
    )
    assert (access.resource, dict(access.context())) == (foreign, {"partnercentral:Catalog": "AWS"})


def test_the_catalog_of_tags_is_the_one_in_the_arn():
    """Also of an ARN that nothing has."""
    arn = ATTRIBUTION.replace("catalog/AWS", "catalog/Sandbox")
    request = asked(wire.UntagResourceInput, resource_arn=arn)
    context = guarded(wire.UntagResourceInput).access(request, CALLER).context()
    assert (context["partnercentral:Catalog"], context["aws:TagKeys"]) == ("Sandbox", ["Team"])
