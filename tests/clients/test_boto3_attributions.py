"""Revenue attributions through boto3, as a partner's software meets them."""

import pytest
from attributed import created, revenue_client


@pytest.fixture
def revenue(server):
    """A client of the service, on a server of this test's own."""
    return revenue_client(server)


def test_a_new_attribution_is_at_revision_1(revenue):
    """Create answers an id, the ARN made of it, and the first revision."""
    made = created(revenue, Name="Analytics", Description="All of it")
    made.pop("ResponseMetadata")
    attribution_id = made.pop("Id")
    assert made == {
        "Arn": "arn:aws:partnercentral:us-east-1:120000000001:catalog/AWS/revenue-attribution/"
        f"{attribution_id}",
        "Name": "Analytics",
        "Description": "All of it",
        "TenancyModel": "MULTI_TENANT",
        "Revision": "1",
    }
