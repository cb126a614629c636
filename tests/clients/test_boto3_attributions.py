"""Revenue attributions through boto3, as a partner's software meets them."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from attributed import (
    ANALYTICS,
    ARN_START,
    DIJK_ACCOUNT,
    FORMS,
    NOT_FOUND,
    POLDER_ACCOUNT,
    RULE_BROKEN,
    conflict,
    created,
    fields,
    got,
    over_quota,
    refusal,
    refused,
    revenue_client,
    updated,
)
from botocore.exceptions import ClientError
from market_now import NOW

from server import DIJK, live_server
from waag.config import Choices, Settings
from waag.domain.attribution.choices import AttributionChoices, SandboxLookUps

SHOWN = NOW.replace(microsecond=123000)


@pytest.fixture
def revenue(server):
    """A client of the service, on a server of this test's own."""
    return revenue_client(server)


class TestCreating:
    """CreateRevenueAttribution."""

    def test_a_new_attribution_is_at_revision_1(self, revenue):
        """It has an id, the ARN made of it, and what it was given."""
        made = created(revenue, Description="All of it", TenancyModel="SINGLE_TENANT")
        attribution_id = made.pop("Id")
        assert made == {
            "Arn": f"{ARN_START}/AWS/revenue-attribution/{attribution_id}",
            "Name": "Analytics",
            "Description": "All of it",
            "TenancyModel": "SINGLE_TENANT",
            "Revision": "1",
        }

    @pytest.mark.parametrize(
        "named",
        [
            ANALYTICS,
            f"arn:aws:aws-marketplace:us-east-1:{POLDER_ACCOUNT}:AWSMarketplace/SaaSProduct/{ANALYTICS}",
        ],
    )
    def test_a_product_is_shown_as_it_was_named(self, revenue, named):
        """By id or ARN, with what the market says of it now."""
        assert created(revenue, ProductIdentifier=named)["MarketplaceProduct"] == {
            "ProductId": named,
            "ProductCode": "1poldertab2lytics3legacy4",
            "ProductName": "Polder Analytics",
        }

    @pytest.mark.parametrize(
        "named",
        [
            FORMS,
            "prod-nowhere000000",
            "analytics",
            f"arn:aws:aws-marketplace:us-east-1:{DIJK_ACCOUNT}:AWSMarketplace/SaaSProduct/{ANALYTICS}",
            f"arn:aws-cn:aws-marketplace:us-east-1:{POLDER_ACCOUNT}:AWSMarketplace/SaaSProduct/{ANALYTICS}",
        ],
    )
    def test_a_product_that_is_not_the_callers_is_refused(self, revenue, named):
        """Another seller's, one that there is not, or an ARN that names another seller."""
        asked = {"Catalog": "AWS", "Name": "A", "TenancyModel": "MULTI_TENANT"}
        error = refusal(revenue.create_revenue_attribution, ProductIdentifier=named, **asked)
        assert (
            error["Reason"],
            fields(error),
            "PRODUCT_NOT_FOUND_OR_NOT_OWNED" in error["Message"],
        ) == (
            "BUSINESS_VALIDATION_FAILED",
            [("ProductIdentifier", "INVALID_VALUE")],
            True,
        )

    def test_a_connected_subsidiarys_product_may_be_named(self, server, revenue):
        """Once the market file says that it is connected."""
        server.ask(
            "PUT",
            "/market",
            f'accounts: [{{id: "{POLDER_ACCOUNT}", name: Polder Software, kind: seller, '
            f'partner: {{connected: ["{DIJK_ACCOUNT}"]}}, principals: [{{user: polder-ci, '
            "access_key_id: AKIAWAAGDEMOPOLDER01, "
            "secret_access_key: polder-demo-secret-access-key-0000000001, "
            "policies: [AWSRevenueAttributionManagement]}]}]".encode(),
        )
        made = created(revenue, ProductIdentifier=FORMS)
        assert made["MarketplaceProduct"]["ProductName"] == "Dijk Forms"

    def test_a_name_is_given_once(self, revenue):
        """In one catalog; in the other it is free."""
        created(revenue)
        asked = {"Name": "Analytics", "TenancyModel": "MULTI_TENANT"}
        assert refused(revenue.create_revenue_attribution, Catalog="AWS", **asked) == conflict(
            "RESOURCE_ALREADY_EXISTS"
        )
        assert created(revenue, Catalog="Sandbox")["Arn"].startswith(f"{ARN_START}/Sandbox/")

    def test_a_quota_that_is_used_up(self, tmp_path):
        """Of attributions, and of tags where they may be fewer than a request can have."""
        choices = Choices(
            attribution=AttributionChoices(attributions_max=1, attribution_tags_max=1)
        )
        with live_server(Settings(data=tmp_path / "data", choices=choices)) as server:
            create = revenue_client(server).create_revenue_attribution
            asked = {"Catalog": "AWS", "TenancyModel": "MULTI_TENANT"}
            tags = [{"Key": "a", "Value": ""}, {"Key": "b", "Value": ""}]
            assert [
                refused(create, Name="A", Tags=tags, **asked),
                create(Name="A", **asked)["Revision"],
                refused(create, Name="B", **asked),
            ] == [over_quota("TAG_LIMIT_EXCEEDED"), "1", over_quota("ATTRIBUTION_LIMIT_EXCEEDED")]

    @pytest.mark.parametrize(
        ("look_ups", "expected"),
        [
            (SandboxLookUps.MARKET, {"AWS": False, "Sandbox": False}),
            (SandboxLookUps.NONE, {"AWS": False, "Sandbox": True}),
        ],
    )
    def test_in_the_sandbox_products_need_not_be_there(self, tmp_path, look_ups, expected):
        """If so chosen; one that is not there is shown by its name alone."""
        choices = Choices(attribution=AttributionChoices(sandbox_look_ups=look_ups))
        with live_server(Settings(data=tmp_path / "data", choices=choices)) as server:
            create = revenue_client(server).create_revenue_attribution
            asked = {"Name": "A", "TenancyModel": "MULTI_TENANT", "ProductIdentifier": "prod-x"}
            found = {}
            for catalog in expected:
                try:
                    answer = create(Catalog=catalog, **asked)
                    found[catalog] = answer["MarketplaceProduct"] == {"ProductId": "prod-x"}
                except create.__self__.exceptions.ValidationException:
                    found[catalog] = False
        assert found == expected


class TestReading:
    """GetRevenueAttribution."""

    def test_all_there_is_to_tell(self, revenue):
        """Nothing is allocated yet, so it is effective at no time."""
        made = created(revenue, ProductIdentifier=ANALYTICS)
        assert got(revenue, made["Id"]) == made | {
            "Catalog": "AWS",
            "CreatedDate": SHOWN,
            "LastModifiedDate": SHOWN,
            "LatestRevision": "1",
            "TotalActiveRevenueAttributionAllocationCount": 0,
            "TotalRevenueAttributionAllocationCount": 0,
        }

    def test_it_is_found_by_its_arn(self, revenue):
        """As well as by its id."""
        made = created(revenue)
        assert got(revenue, made["Arn"]) == got(revenue, made["Id"])

    def test_an_earlier_revision_says_what_it_said(self, server, revenue):
        """And which revision there is by now."""
        made = created(revenue, Description="first")
        server.ask("POST", "/clock/advance", {"seconds": 60})
        updated(revenue, made["Id"], "1", Description="second")
        found = got(revenue, made["Id"], Revision="1")
        assert (
            found["Description"],
            found["Revision"],
            found["LatestRevision"],
            found["LastModifiedDate"],
        ) == ("first", "1", "2", SHOWN)

    @pytest.mark.parametrize("revision", ["2", "9" * 19])
    def test_a_revision_to_come(self, revenue, revision):
        """Is not found, however large it is."""
        made = created(revenue)
        asked = {"Catalog": "AWS", "Identifier": made["Id"], "Revision": revision}
        assert refused(revenue.get_revenue_attribution, **asked) == NOT_FOUND

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (POLDER_ACCOUNT, DIJK_ACCOUNT),
            ("catalog/AWS", "catalog/Sandbox"),
            ("arn:aws:", "arn:aws-cn:"),
            ("us-east-1", "eu-west-1"),
        ],
    )
    def test_an_arn_that_is_not_of_the_callers_catalog(self, revenue, old, new):
        """Another account's, catalog's, partition's or Region's is not found."""
        arn = created(revenue)["Arn"].replace(old, new)
        call = revenue.get_revenue_attribution
        assert refused(call, Catalog="AWS", Identifier=arn) == NOT_FOUND

    def test_another_account_does_not_find_it(self, server, revenue):
        """By id or by ARN."""
        made = created(revenue)
        call = revenue_client(server, DIJK).get_revenue_attribution
        found = [refused(call, Catalog="AWS", Identifier=made[name]) for name in ("Id", "Arn")]
        assert found == [NOT_FOUND, NOT_FOUND]


class TestDescribing:
    """UpdateRevenueAttribution."""

    def test_each_update_makes_the_next_revision(self, revenue):
        """Of the revision that was read; the message names both where it was another one."""
        made = created(revenue)
        first = updated(revenue, made["Id"], "1", Description="new", ClientToken="t-1")
        asked = {"Catalog": "AWS", "Identifier": made["Id"], "Revision": "1"}
        call = revenue.update_revenue_attribution
        error = refusal(call, Description="new", ClientToken="t-2", **asked)
        assert first == {
            "Id": made["Id"],
            "Arn": made["Arn"],
            "Description": "new",
            "LastModifiedDate": SHOWN,
            "LatestRevision": "2",
        }
        assert (
            error["Reason"],
            "revision is 1, but the current revision is 2" in error["Message"],
        ) == (
            "REVISION_MISMATCH",
            True,
        )

    @pytest.mark.parametrize(
        ("given", "expected"),
        [({}, "before"), ({"Description": ""}, ""), ({"Description": "after"}, "after")],
    )
    def test_what_becomes_of_the_description(self, revenue, given, expected):
        """It stays unless another is given; an empty one is another one."""
        made = created(revenue, Description="before")
        answer = updated(revenue, made["Id"], "1", **given)
        assert (answer["LatestRevision"], got(revenue, made["Id"])["Description"]) == (
            "2",
            expected,
        )

    @pytest.mark.parametrize("revision", ["2", "9" * 19])
    def test_a_revision_that_is_not_the_latest(self, revenue, revision):
        """Is refused, however large it is."""
        made = created(revenue)
        asked = {"Catalog": "AWS", "Identifier": made["Id"], "Revision": revision}
        found = refused(revenue.update_revenue_attribution, **asked)
        assert found == conflict("REVISION_MISMATCH")

    def test_what_there_is_not(self, revenue):
        """Is not found, whatever the revision."""
        asked = {"Catalog": "AWS", "Identifier": "ra-0000000000000", "Revision": "1"}
        assert refused(revenue.update_revenue_attribution, **asked) == NOT_FOUND


class TestTokens:
    """The same request again is answered again, and carried out once."""

    def test_a_create_that_is_sent_again(self, revenue):
        """Has the same answer to the letter; the name is not found taken."""
        first = created(revenue, ClientToken="t-1", ProductIdentifier=ANALYTICS)
        assert created(revenue, ClientToken="t-1", ProductIdentifier=ANALYTICS) == first

    def test_an_update_that_is_sent_again(self, server, revenue):
        """Has the same answer, although the revision is no longer the latest."""
        made = created(revenue)
        first = updated(revenue, made["Id"], "1", Description="new", ClientToken="t-1")
        server.ask("POST", "/clock/advance", {"seconds": 3600})
        updated(revenue, made["Id"], "2")
        again = updated(revenue, made["Id"], "1", Description="new", ClientToken="t-1")
        assert (again, got(revenue, made["Id"])["LatestRevision"]) == (first, "3")

    def test_another_request_with_the_token(self, revenue):
        """Is a conflict, before anything else about it is looked at."""
        created(revenue, ClientToken="t-1")
        asked = {"Catalog": "AWS", "Name": "Analytics", "TenancyModel": "SINGLE_TENANT"}
        call = revenue.create_revenue_attribution
        found = refused(call, ClientToken="t-1", **asked)
        assert found == conflict("CONFLICT_CLIENT_TOKEN")

    def test_a_token_of_a_refused_request_is_free(self, revenue):
        """What would have passed may be sent with it."""
        asked = {"Catalog": "AWS", "Name": "A", "TenancyModel": "MULTI_TENANT"}
        call = revenue.create_revenue_attribution
        first = refused(call, ClientToken="t-1", ProductIdentifier=FORMS, **asked)
        again = call(ClientToken="t-1", ProductIdentifier=ANALYTICS, **asked)
        assert (first, again["Revision"]) == (RULE_BROKEN, "1")

    @pytest.mark.parametrize(("hours", "expected"), [(23, "again"), (24, "anew")])
    def test_a_token_lasts_a_day(self, server, revenue, hours, expected):
        """By the clock; then it stands for the next request with it."""
        first = created(revenue, ClientToken="t-1", Name="A")
        server.ask("POST", "/clock/advance", {"seconds": hours * 3600})
        asked = {
            "Catalog": "AWS",
            "Name": "A",
            "TenancyModel": "MULTI_TENANT",
            "ClientToken": "t-1",
        }
        try:
            answer = revenue.create_revenue_attribution(**asked)
        except revenue.exceptions.ConflictException as error:
            found = "anew" if error.response["Reason"] == "RESOURCE_ALREADY_EXISTS" else "?"
        else:
            found = "again" if answer["Id"] == first["Id"] else "?"
        assert found == expected

    def test_catalogs_have_tokens_of_their_own(self, revenue):
        """The same token in the other catalog is another one."""
        made = {
            created(revenue, Catalog=each, ClientToken="t-1")["Id"] for each in ("AWS", "Sandbox")
        }
        assert len(made) == 2


def test_what_was_created_is_there_after_a_restart(tmp_path):
    """With its name, and with the reply that its token stands for."""
    settings = Settings(data=tmp_path / "data")
    with live_server(settings) as server:
        first = created(revenue_client(server), ClientToken="t-1")
    with live_server(settings) as server:
        assert created(revenue_client(server), ClientToken="t-1") == first


def at_once(call, times=4):
    """What a call answers each of several who make it at the same time; None where refused."""
    together = threading.Barrier(times)

    def one(_):
        together.wait()
        try:
            return call()
        except ClientError:
            return None

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(one, range(times)))


def test_of_updates_of_one_revision_at_once_one_succeeds(revenue):
    """All others are refused, and there is one revision more."""
    made = created(revenue)
    found = at_once(lambda: updated(revenue, made["Id"], "1"))
    succeeded = [each["LatestRevision"] for each in found if each]
    assert (succeeded, got(revenue, made["Id"])["LatestRevision"]) == (["2"], "2")


def test_requests_with_one_token_at_once_are_one(revenue):
    """Each is answered the same."""
    found = at_once(lambda: created(revenue, ClientToken="t-1"))
    assert [each == found[0] and each is not None for each in found] == [True] * 4


@pytest.mark.parametrize(
    ("effect", "expected"),
    [
        ("internal_error", (500, "InternalServerException", "")),
        ("throttle", (429, "ThrottlingException", "")),
    ],
)
def test_errors_without_a_reason(server, revenue, effect, expected):
    """As the model has them; SDKs send such calls again."""
    fault = {"operation": "ListRevenueAttributions", "effect": effect, "count": 1}
    server.ask("POST", "/faults", fault)
    assert refused(revenue.list_revenue_attributions, Catalog="AWS") == expected
