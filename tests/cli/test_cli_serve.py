import json
import socket
from contextlib import closing

import pytest
import urllib3
from commands import waag

from server import waag_process
from waag import __version__
from waag.bootstrap.keeper import Keeper
from waag.config import Settings, choice_names

MARKET = 'accounts:\n  - {id: "300000000001", name: Sluis, kind: seller}\n'
BATCH_METER_USAGE = {
    "Content-Type": "application/x-amz-json-1.1",
    "X-Amz-Target": "AWSMPMeteringService.BatchMeterUsage",
}
"""A call that nobody signed."""
MISTAKEN = 'accounts:\n  - {id: "300000000001", name: Sluis, kind: broker}\n'


@pytest.fixture
def data(tmp_path):
    """Where a data directory is to be."""
    return tmp_path / "data"


@pytest.fixture
def file(tmp_path):
    """A market file with one account."""
    path = tmp_path / "sluis.yaml"
    path.write_text(MARKET)
    return path


class TestWrongUsage:
    """Options that cannot be served with: the exit code is 2."""

    @pytest.mark.parametrize("given", ["option", "variable"])
    def test_a_database_url(self, data, given):
        """The message says that PostgreSQL is not served."""
        url = "postgresql://localhost/waag"
        ran = (
            waag("serve", f"--data={data}", f"--database-url={url}")
            if given == "option"
            else waag("serve", f"--data={data}", WAAG_DATABASE_URL=url)
        )
        assert (ran.exit_code, ran.stderr.splitlines()[-1]) == (
            2,
            "Error: --database-url: this Waag keeps its ledger in SQLite, in the data directory; "
            "PostgreSQL is not served yet.",
        )

    @pytest.mark.parametrize("assignment", ["tulips=1", "batch-window", "batch_window=exact", ""])
    def test_an_unknown_choice(self, data, assignment):
        """The message has every name that is allowed."""
        ran = waag("serve", f"--data={data}", f"--set={assignment}")
        assert (ran.exit_code, ran.stderr.splitlines()[-1]) == (
            2,
            f"Error: --set {assignment}: expected NAME=VALUE with a NAME of "
            f"{', '.join(choice_names())}.",
        )

    @pytest.mark.parametrize(
        ("assignment", "expected"),
        [
            ("batch-window=day", "one of exact, hour-aligned"),
            ("authentication-status=401", "one of 400, 403"),
            ("future-tolerance-seconds=-1", "a number of seconds, 0 or more"),
            ("future-tolerance-seconds=soon", "a number of seconds, 0 or more"),
        ],
    )
    def test_a_value_that_a_choice_has_not(self, data, assignment, expected):
        """The message has every value that is allowed."""
        ran = waag("serve", f"--data={data}", WAAG_SET=assignment)
        assert (ran.exit_code, ran.stderr.splitlines()[-1]) == (
            2,
            f"Error: --set {assignment}: expected {expected}.",
        )

    @pytest.mark.parametrize(
        "option", ["--port=65536", "--port=http", "--clock=fast", "--tulips", "extra"]
    )
    def test_anything_else(self, data, option):
        """Whatever the options do not take."""
        assert waag("serve", f"--data={data}", option).exit_code == 2

    def test_a_storefront_beside_a_real_clock(self, data):
        """The message says what is real, too."""
        ran = waag("serve", f"--data={data}", "--clock=real", "--storefront")
        assert (ran.exit_code, ran.stderr.splitlines()[-1]) == (
            2,
            "Error: --storefront: with --clock real agreements are real, too, and the storefront "
            "asks nobody who they are; `waag agreement` subscribes buyers there.",
        )

    def test_nothing_is_left_behind(self, data):
        """No data directory is made."""
        waag("serve", f"--data={data}", "--set=tulips=1")
        assert not data.exists()


class TestAddress:
    """Addresses that cannot be listened on."""

    def test_a_port_in_use(self, data):
        """The message names the address; the exit code is 1."""
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            ran = waag("serve", f"--data={data}", f"--port={port}")
        assert ran == (1, "", f"Error: 127.0.0.1:{port}: Address already in use.\n")

    def test_a_port_that_another_took_at_the_same_moment(self, data):
        """A port that is taken, though nobody listens on it yet, is told in the same way."""
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            port = taken.getsockname()[1]
            ran = waag("serve", f"--data={data}", f"--port={port}")
        assert ran == (1, "", f"Error: 127.0.0.1:{port}: Address already in use.\n")

    def test_a_host_of_another_machine(self, data):
        """The message says what the operating system says; the exit code is 1."""
        ran = waag("serve", f"--data={data}", "--host=203.0.113.1", "--port=0")
        assert ran == (1, "", "Error: 203.0.113.1:0: Cannot assign requested address.\n")

    def test_nothing_is_left_behind(self, data):
        """No data directory is made."""
        waag("serve", f"--data={data}", "--host=203.0.113.1", "--port=0")
        assert not data.exists()


class TestMarketFile:
    """Market files that a server cannot begin with."""

    def test_a_mistake_is_told_with_its_line(self, data, file):
        """As compilers do: file, line, place and what was expected; the exit code is 1."""
        file.write_text(MISTAKEN)
        ran = waag("serve", "--port=0", f"--data={data}", f"--market={file}")
        assert ran == (
            1,
            "",
            f"Error: {file}:2: accounts[0].kind: expected one of seller, buyer, not 'broker'\n",
        )

    def test_a_good_file_works_afterwards(self, data, file):
        """The directory is not left half filled: the next start fills it."""
        mistaken = file.with_name("mistaken.yaml")
        mistaken.write_text(MISTAKEN)
        waag("serve", "--port=0", f"--data={data}", f"--market={mistaken}")
        with waag_process(data, f"--market={file}") as server:
            found = server.ask("GET", "/accounts/300000000001/credentials")
        assert found == {"account": "300000000001", "credentials": []}

    def test_nobody_of_the_demo_market_is_there_afterwards(self, data, file):
        """A file that was refused did not give way to the demo market."""
        mistaken = file.with_name("mistaken.yaml")
        mistaken.write_text(MISTAKEN)
        waag("serve", "--port=0", f"--data={data}", f"--market={mistaken}")
        with waag_process(data, f"--market={file}") as server:
            found = server.ask("GET", "/accounts/120000000001/credentials")
        assert found["error"]["message"] == "There is no account 120000000001."

    def test_a_file_that_is_not_there(self, data, tmp_path):
        """The message names the file; the exit code is 1."""
        path = tmp_path / "none.yaml"
        ran = waag("serve", "--port=0", f"--data={data}", f"--market={path}")
        assert ran == (1, "", f"Error: {path}: No such file or directory.\n")

    def test_a_directory(self, data, tmp_path):
        """The message says that it is one; the exit code is 1."""
        ran = waag("serve", "--port=0", f"--data={data}", f"--market={tmp_path}")
        assert ran == (1, "", f"Error: {tmp_path}: Is a directory.\n")


class TestDataDirectory:
    """Data directories that cannot be served from."""

    def test_a_path_that_cannot_be_one(self, tmp_path):
        """The message names it; the exit code is 1."""
        (tmp_path / "file").touch()
        ran = waag("serve", "--port=0", f"--data={tmp_path / 'file'}")
        assert ran == (1, "", f"Error: {tmp_path / 'file'}: File exists.\n")

    def test_a_damaged_ledger(self, data):
        """The message names the file and what to do; the exit code is 1."""
        data.mkdir()
        (data / "ledger.sqlite").write_bytes(b"tulips" * 1000)
        ran = waag("serve", "--port=0", f"--data={data}")
        assert ran == (
            1,
            "",
            f"Error: {data / 'ledger.sqlite'} is damaged: file is not a database. It was not "
            "touched; restore it from a backup.\n",
        )

    def test_it_is_let_go_of(self, data):
        """A start that was refused does not keep the directory."""
        data.mkdir()
        (data / "ledger.sqlite").write_bytes(b"tulips" * 1000)
        waag("serve", "--port=0", f"--data={data}")
        (data / "ledger.sqlite").unlink()
        with closing(Keeper(Settings(data=data))) as keeper:
            assert keeper.market_loaded


class TestAnnouncement:
    """What a server says once it accepts connections."""

    def test_where_it_listens_and_what_it_keeps(self, data):
        """Address, data directory, clock and storefront."""
        with waag_process(data) as server:
            server.ask("PUT", "/clock", {"mode": "frozen", "now": "2026-05-14T10:20:30Z"})
        with waag_process(data) as again:
            again.stop()
            announced = again.process.stdout.read()
        assert announced == (
            f"  data    {data}\n  clock   2026-05-14T10:20:30Z, settable\n"
            f"  browse  {again.endpoint}/storefront\n"
        )

    def test_that_a_market_file_was_not_needed(self, data, file):
        """A directory that has a market keeps it; the message says how to change it."""
        with waag_process(data):
            pass
        with waag_process(data, f"--market={file}") as again:
            again.stop()
            announced = again.process.stdout.read()
        assert announced.splitlines()[-1] == (
            f"  market  kept as it was; run `waag apply {file}` to change it"
        )

    def test_that_there_is_no_storefront(self, data):
        """Where there is none, none is announced."""
        with waag_process(data, "--no-storefront") as server:
            server.stop()
            assert "/storefront" not in server.process.stdout.read()

    def test_an_address_of_ip_6(self, data):
        """It is written as addresses of the web are."""
        with waag_process(data, "--host=::1") as server:
            assert server.endpoint == f"http://[::1]:{server.port}"

    def test_it_answers_there(self, data):
        """By then it is ready."""
        with waag_process(data, "--host=::1") as server:
            health = urllib3.request("GET", f"{server.endpoint}/healthz", retries=False)
        assert health.json() == {"status": "ok", "version": __version__}


class TestOptions:
    """Options that reach the server."""

    def test_the_clock_may_be_the_real_one(self, data):
        """It cannot be turned then."""
        with waag_process(data, "--clock=real") as server:
            refused = server.ask("PUT", "/clock", {"mode": "frozen"})
        assert refused["error"]["rule"] == "clock.real"

    def test_a_name_for_browsers(self, data):
        """The storefront is shown under it, by a front of its own."""
        with waag_process(data, "--storefront-host=bench.example", "--fronts=1") as server:
            url, host = f"{server.endpoint}/storefront", {"Host": "bench.example"}
            assert urllib3.request("GET", url, headers=host).status == 200

    def test_a_choice_counts(self, data):
        """What is set by --set is what is served by."""
        with waag_process(data, "--set=authentication-status=403") as server:
            answer = urllib3.request("POST", server.endpoint, headers=BATCH_METER_USAGE, body="{}")
        assert answer.status == 403

    def test_calls_are_logged(self, data):
        """Each API call is a line of JSON on standard error, as the admin API shows it."""
        with waag_process(data, "--log-calls") as server:
            urllib3.request("POST", server.endpoint, headers=BATCH_METER_USAGE, body="{}")
            shown = server.latest_call()
        logged = server.standard_error.read_text().splitlines()
        assert [json.loads(line) for line in logged] == [shown]

    def test_calls_are_not_logged_otherwise(self, data):
        """Nothing is written unless it is asked for."""
        with waag_process(data) as server:
            urllib3.request("POST", server.endpoint, headers=BATCH_METER_USAGE, body="{}")
        assert server.standard_error.read_text() == ""
