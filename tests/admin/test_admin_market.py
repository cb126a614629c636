from importlib.resources import files

import pytest
from asking import ask, send
from machine import REAL

from server import MOLEN, POLDER, RESOLVER, live_server
from waag.admin.reading import BODY_BYTES_MAX
from waag.config import Settings

DEMO = files("waag.admin").joinpath("demo_market.yaml").read_bytes()
ADDED = b"""
accounts:
  - {id: "300000000001", name: Sluis, kind: seller}
  - {id: "300000000002", name: Waterschap, kind: buyer}
"""
MISTAKEN = b"""
accounts:
  - {id: "300000000003", name: Good, kind: seller}
  - {id: "3", name: Short, kind: seller}
  - {id: "300000000004", name: Odd, kind: broker}
"""
MISTAKES = [
    (4, "accounts[1].id", "`str` matching regex '\\\\A[0-9]{12}\\\\Z'"),
    (5, "accounts[2].kind", "one of seller, buyer, not 'broker'"),
]


@pytest.fixture
def market_server(tmp_path):
    """A server of this test's own, for its market to be changed."""
    with live_server(Settings(data=tmp_path / "data"), real=lambda: REAL) as running:
        yield running


def counts(added, changed, unchanged):
    """The answer to a market file that was applied."""
    return {"added": added, "changed": changed, "unchanged": unchanged}


class TestApplied:
    """Market files that are applied."""

    def test_the_same_market_again_changes_nothing(self, server):
        """Every entry is as before."""
        assert ask(server, "PUT /market", DEMO)[:2] == (200, counts(0, 0, 18))

    def test_an_empty_file_changes_nothing(self, server):
        """What is not mentioned stays."""
        assert ask(server, "PUT /market", b"")[:2] == (200, counts(0, 0, 0))

    def test_new_entries_are_counted(self, market_server):
        """Accounts that were not there are added."""
        assert ask(market_server, "PUT /market", ADDED)[:2] == (200, counts(2, 0, 0))

    def test_different_entries_are_counted(self, market_server):
        """An account that is named otherwise is changed; the other is as before."""
        ask(market_server, "PUT /market", ADDED)
        changed = ADDED.replace(b"Sluis", b"Sluis en Dijk")
        assert ask(market_server, "PUT /market", changed).body == counts(0, 1, 1)

    def test_new_credentials_count_at_once(self, market_server):
        """Whoever was added is known when the answer is there."""
        ask(market_server, "PUT /market", ADDED)
        answer = ask(market_server, "GET /accounts/300000000001/credentials")
        assert answer[:2] == (200, {"account": "300000000001", "credentials": []})


def refused_as(name):
    """The mistakes of MISTAKEN as an answer names them."""
    located = [
        {"file": name, "line": line, "path": path, "expected": expected}
        for line, path, expected in MISTAKES
    ]
    message = "\n".join(
        f"{name}:{line}: {path}: expected {expected}" for line, path, expected in MISTAKES
    )
    return {"error": {"rule": "market.file", "message": message, "mistakes": located}}


class TestMistakes:
    """Market files that are refused."""

    def test_every_mistake_is_listed(self, server):
        """Each has its file, line, path and what was expected, in the file's order."""
        answer = ask(server, "PUT /market?name=sluis.yaml", MISTAKEN)
        assert answer[:2] == (422, refused_as("sluis.yaml"))

    def test_a_file_without_a_name_is_called_a_market_file(self, server):
        """Messages name the file even if nobody said how."""
        assert ask(server, "PUT /market", MISTAKEN)[:2] == (422, refused_as("market file"))

    def test_what_does_not_fit_the_market_is_listed(self, server):
        """Mistakes that only the market there is can show are listed in the same way."""
        text = b'accounts: [{id: "120000000001", name: Polder Software, kind: buyer}]'
        assert ask(server, "PUT /market", text).error["mistakes"] == [
            {
                "file": "market file",
                "line": 1,
                "path": "accounts[0].kind",
                "expected": "seller, which account 120000000001 is; a kind does not change",
            }
        ]

    @pytest.mark.parametrize(
        "text", [MISTAKEN, b"accounts: [", b"accounts: \xff", b"[" * 100_000, b"a: 1"]
    )
    def test_it_is_unprocessable(self, server, text):
        """No YAML, no UTF-8, or no market: all are refused alike."""
        answer = ask(server, "PUT /market", text)
        assert (answer.status, answer.error["rule"]) == (422, "market.file")

    def test_nothing_of_it_is_taken(self, server):
        """Good entries beside a mistake are not applied."""
        ask(server, "PUT /market", MISTAKEN)
        assert ask(server, "GET /accounts/300000000003/credentials").status == 404


TOO_LARGE = ADDED + b"#" * (BODY_BYTES_MAX + 1 - len(ADDED))


class TestTooLarge:
    """A byte more than is taken."""

    def test_it_is_refused(self, server):
        """The refusal names the limit."""
        assert ask(server, "PUT /market", TOO_LARGE)[:2] == (
            413,
            {"error": {"rule": "admin.body", "message": "A body has at most 67108864 bytes."}},
        )

    def test_nothing_of_it_is_taken(self, server):
        """A body that is too large is not read as far as it goes."""
        ask(server, "PUT /market", TOO_LARGE)
        assert ask(server, "GET /accounts/300000000001/credentials").status == 404


class TestCredentials:
    """Who signs for an account."""

    def test_everybody_is_listed(self, server):
        """All principals of the account, as the market file lists them."""
        answer = ask(server, "GET /accounts/120000000001/credentials")
        assert answer[:2] == (
            200,
            {
                "account": "120000000001",
                "credentials": [
                    {
                        "principal": "polder-ci",
                        "arn": "arn:aws:iam::120000000001:user/polder-ci",
                        "access_key_id": POLDER[0],
                        "secret_access_key": POLDER[1],
                        "session_token": None,
                    },
                    {
                        "principal": "polder-resolver",
                        "arn": "arn:aws:iam::120000000001:user/polder-resolver",
                        "access_key_id": RESOLVER[0],
                        "secret_access_key": RESOLVER[1],
                        "session_token": None,
                    },
                ],
            },
        )

    def test_a_session_has_its_token(self, server):
        """A role's session is named by role and session, and comes with its token."""
        answer = ask(server, "GET /accounts/210000000001/credentials")
        assert answer.body["credentials"][:1] == [
            {
                "principal": "MeteredWorkload/i-0123456789abcdef0",
                "arn": "arn:aws:sts::210000000001:assumed-role/MeteredWorkload/i-0123456789abcdef0",
                "access_key_id": MOLEN[0],
                "secret_access_key": MOLEN[1],
                "session_token": MOLEN[2],
            }
        ]

    def test_an_account_that_nobody_signs_for_has_none(self, server):
        """No principals is no refusal."""
        answer = ask(server, "GET /accounts/210000000002/credentials")
        assert answer[:2] == (200, {"account": "210000000002", "credentials": []})

    @pytest.mark.parametrize("account", ["999999999999", "polder", "%2e%2e"])
    def test_an_account_that_is_not_there_is_not_found(self, server, account):
        """The refusal names the account."""
        answer = ask(server, f"GET /accounts/{account}/credentials")
        assert (answer.status, answer.error["rule"]) == (404, "admin.not-found")

    def test_the_refusal_names_the_account(self, server):
        """What was asked for stands in the sentence."""
        answer = ask(server, "GET /accounts/999999999999/credentials")
        assert answer.error["message"] == "There is no account 999999999999."


def test_changing_the_market_takes_the_token(server):
    """Without a token not even a good market file is read."""
    assert send(server, "PUT /admin/v1/market", ADDED).status == 401
