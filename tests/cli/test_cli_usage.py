import json

import pytest
from commands import waag_at

from server import live_server
from waag.config import Settings

USAGE = """\
TIMESTAMP             PRODUCT                    CUSTOMER      DIMENSION  QUANTITY  REGION     \
METERING RECORD
2026-05-14T10:20:30Z  1poldertab2lytics3legacy4  210000000001  users      5.5       us-east-1  \
{}
"""
CALLER = "arn:aws:iam::120000000001:user/polder-ci"
CALLS = f"""\
TIME                  OPERATION        CALLER                                    STATUS  \
OUTCOME                         WHY
2026-05-14T10:20:30Z  BatchMeterUsage  {CALLER}  400     InvalidUsageDimensionException  \
metering.dimension: UsageRecords[0]: product 1poldertab2lytics3legacy4 has no
{"":121}dimension '[/b] [red]tulips'; usage is taken for: gb-scanned, users.
2026-05-14T10:20:30Z  BatchMeterUsage  {CALLER}  200     Success                         \
UsageRecords[0]: Success. The same record was sent before.
2026-05-14T10:20:30Z  BatchMeterUsage  {CALLER}  200     Success
"""


def lines(text):
    """The lines of a table, without the spaces at their ends."""
    return [line.rstrip() for line in text.splitlines()]


class TestUsage:
    """`waag usage`."""

    def test_shows_a_table(self, server):
        """A line for each record, under headings."""
        record_id = server.ask("GET", "/usage-records")["usage_records"][0]["id"]
        ran = waag_at(server, "usage")
        assert (ran.exit_code, lines(ran.stdout)) == (0, lines(USAGE.format(record_id)))

    def test_shows_the_answer_as_json(self, server):
        """What the admin API answers, unchanged."""
        ran = waag_at(server, "usage --json")
        assert (ran.exit_code, json.loads(ran.stdout)) == (0, server.ask("GET", "/usage-records"))

    @pytest.mark.parametrize(
        "options",
        [
            "--product 9polderscanner0ami1image2",
            "--agreement agmt-grachtanalytics01",
            "--from 2026-05-14T10:20:31Z",
            "--to 2026-05-14T10:20:30Z",
        ],
    )
    def test_says_so_if_there_is_nothing(self, server, options):
        """Each option narrows what is shown; nothing is no refusal."""
        assert waag_at(server, f"usage {options}") == (0, "No usage was accepted.\n", "")

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ("--limit 0", "limit is '0'; expected a number from 1 to 1000."),
            ("--product tulips", "There is no product with the code or id 'tulips'."),
            ("--cursor x", "cursor is not a next_cursor of an answer."),
            ("--to now", "to is 'now'; expected an instant such as 2026-11-21T10:00:00Z."),
        ],
    )
    def test_a_refusal_is_its_sentence(self, server, options, message):
        """The admin API's sentence goes to standard error, and the exit code is 1."""
        assert waag_at(server, f"usage {options}") == (1, "", f"Error: {message}\n")

    def test_a_limit_that_is_no_number_is_wrong_usage(self, server):
        """The exit code is 2."""
        assert waag_at(server, "usage --limit many").exit_code == 2


class TestMore:
    """`waag usage` where one page does not hold everything."""

    @pytest.fixture
    def fuller_server(self, tmp_path):
        """A server with two records."""
        with live_server(Settings(data=tmp_path / "data")) as running:
            running.ask("PUT", "/clock", {"mode": "frozen", "now": "2026-05-14T10:20:30Z"})
            records = [
                {
                    "CustomerIdentifier": customer,
                    "Dimension": "users",
                    "Timestamp": "2026-05-14T10:20:30Z",
                    "Quantity": 1,
                }
                for customer in ("moLenBank01", "grAcht00002")
            ]
            running.client().batch_meter_usage(
                ProductCode="1poldertab2lytics3legacy4", UsageRecords=records
            )
            yield running

    def test_says_how_to_go_on(self, fuller_server):
        """Under the table stands the option that shows the next page."""
        cursor = fuller_server.ask("GET", "/usage-records?limit=1")["next_cursor"]
        ran = waag_at(fuller_server, "usage --limit 1")
        assert lines(ran.stdout)[-1] == f"There is more: --cursor {cursor}"

    def test_goes_on_there(self, fuller_server):
        """That option shows the record that was missing, and no more."""
        cursor = fuller_server.ask("GET", "/usage-records?limit=1")["next_cursor"]
        ran = waag_at(fuller_server, f"usage --json --cursor {cursor}")
        customers = [
            each["customer_identifier"] for each in json.loads(ran.stdout)["usage_records"]
        ]
        assert customers == ["grAcht00002"]


EXPLAINED = f"""\
2026-05-14T10:20:30Z  BatchMeterUsage by {CALLER} in us-east-1
  answered InvalidUsageDimensionException (400), request {{}}
  rule metering.dimension:
    UsageRecords[0]: product 1poldertab2lytics3legacy4 has no dimension '[/b] [red]tulips'; usage \
is taken for: gb-scanned, users.

2026-05-14T10:20:30Z  BatchMeterUsage by {CALLER} in us-east-1
  answered Success (200), request {{}}
  UsageRecords[0]: Success. The same record was sent before.

"""


class TestCalls:
    """`waag calls`."""

    def test_explains_each_call_in_full(self, server):
        """Those that were refused, or of which there is something to remark, and no others."""
        refused, again, _ = (each["request_id"] for each in server.ask("GET", "/calls")["calls"])
        assert waag_at(server, "calls --explain") == (0, EXPLAINED.format(refused, again), "")

    def test_explains_as_json_too(self, server):
        """The same calls, as the admin API shows them."""
        shown = json.loads(waag_at(server, "calls --explain --json").stdout)
        assert shown["calls"] == server.ask("GET", "/calls")["calls"][:2]

    def test_says_so_if_there_is_nothing_to_explain(self, tmp_path):
        """As where nobody has called."""
        with live_server(Settings(data=tmp_path / "data")) as quiet:
            assert waag_at(quiet, "calls --explain") == (0, "Nothing to explain.\n", "")

    def test_shows_a_table(self, server):
        """The newest first; why a call was refused is text, whatever it looks like."""
        ran = waag_at(server, "calls")
        assert (ran.exit_code, lines(ran.stdout)) == (0, lines(CALLS))

    def test_shows_the_answer_as_json(self, server):
        """What the admin API answers, unchanged."""
        ran = waag_at(server, "calls --json")
        assert (ran.exit_code, json.loads(ran.stdout)) == (0, server.ask("GET", "/calls"))

    def test_shows_as_many_as_asked_for(self, server):
        """A limit counts calls."""
        ran = waag_at(server, "calls --limit 1 --json")
        assert len(json.loads(ran.stdout)["calls"]) == 1

    def test_a_refusal_is_its_sentence(self, server):
        """The admin API's sentence goes to standard error, and the exit code is 1."""
        assert waag_at(server, "calls --limit 0") == (
            1,
            "",
            "Error: limit is '0'; expected a number from 1 to 10000.\n",
        )
