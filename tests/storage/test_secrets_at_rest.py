import pytest

from server import DIJK, MOLEN, POLDER
from waag.bootstrap.keeper import Keeper
from waag.config import Settings
from waag.storage.data_directory import DataDirectoryRefused
from waag.storage.secret_box import SecretBox

NONCES = bytes(range(12))


def box(key=b"k" * 32):
    """A box whose nonces are always the same."""
    return SecretBox(key, lambda length: NONCES[:length])


def refusal(sealed, access_key_id, opener):
    """Why something sealed cannot be opened."""
    with pytest.raises(DataDirectoryRefused) as refused:
        opener.open(sealed, access_key_id)
    return refused.value.why


NOT_WITH_THIS_KEY = (
    "The credentials of AKIA1 were not encrypted with this data directory's secret-key. Put the "
    "secret-key back that lay beside this ledger."
)


class TestBox:
    """Sealing and opening."""

    def test_what_was_sealed_is_opened(self):
        """The same key and access key id give the secret back."""
        assert box().open(box().seal(b"secret", "AKIA1"), "AKIA1") == b"secret"

    def test_another_key_opens_nothing(self):
        """The refusal names whose credentials they are, and what to do."""
        assert refusal(box().seal(b"s", "AKIA1"), "AKIA1", box(b"x" * 32)) == NOT_WITH_THIS_KEY

    def test_a_secret_is_bound_to_its_access_key_id(self):
        """A secret moved to another row does not open."""
        assert refusal(box().seal(b"s", "AKIA2"), "AKIA1", box()) == NOT_WITH_THIS_KEY

    @pytest.mark.parametrize("position", [0, 11, 12, -1])
    def test_an_altered_secret_is_noticed(self, position):
        """Any bit of nonce, ciphertext or tag counts."""
        sealed = bytearray(box().seal(b"secret", "AKIA1"))
        sealed[position] ^= 1
        assert refusal(bytes(sealed), "AKIA1", box()) == NOT_WITH_THIS_KEY


SECRETS = [POLDER[1], DIJK[1], MOLEN[1], MOLEN[2]]


def found_in_files(data, secret):
    """The files of a data directory that hold a secret in plain."""
    return [each.name for each in data.iterdir() if secret in each.read_bytes()]


@pytest.fixture(scope="module")
def closed(tmp_path_factory):
    """A data directory with the demo market, whose server has ended."""
    data = tmp_path_factory.mktemp("closed") / "data"
    Keeper(Settings(data=data)).close()
    return data


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A data directory with the demo market, while it is served."""
    data = tmp_path_factory.mktemp("served") / "data"
    keeper = Keeper(Settings(data=data))
    yield data
    keeper.close()


@pytest.mark.parametrize("secret", SECRETS)
def test_no_secret_lies_in_the_ledger(closed, secret):
    """Once all is written into the ledger, it holds no secret in plain."""
    assert found_in_files(closed, secret.encode()) == []


@pytest.mark.parametrize("secret", SECRETS)
def test_no_secret_lies_in_the_log(served, secret):
    """While a server runs, its log holds no secret in plain either."""
    assert found_in_files(served, secret.encode()) == []


def test_a_public_name_does_lie_in_the_log(served):
    """The search would have found a secret: it finds what is no secret."""
    assert found_in_files(served, POLDER[0].encode()) == ["ledger.sqlite-wal"]


def test_the_key_lies_nowhere_else(served):
    """Only its own file holds the key."""
    key = (served / "secret-key").read_bytes()
    assert found_in_files(served, key) == ["secret-key"]


def test_the_operator_token_lies_nowhere_else(served):
    """Only its own file holds the token."""
    token = (served / "operator-token").read_bytes()
    assert found_in_files(served, token) == ["operator-token"]


def test_a_server_with_another_secret_key_is_refused(tmp_path):
    """A ledger beside a key that is not its own is not served."""
    settings = Settings(data=tmp_path / "data")
    Keeper(settings).close()
    (settings.data / "secret-key").write_bytes(bytes(32))
    with pytest.raises(DataDirectoryRefused) as refused:
        Keeper(settings)
    assert refused.value.why == NOT_WITH_THIS_KEY.replace("AKIA1", POLDER[0])


def test_a_server_with_the_right_secret_key_again_is_served(tmp_path):
    """Being refused harms nothing: with its own key the ledger is served again."""
    settings = Settings(data=tmp_path / "data")
    Keeper(settings).close()
    key = (settings.data / "secret-key").read_bytes()
    (settings.data / "secret-key").write_bytes(bytes(32))
    with pytest.raises(DataDirectoryRefused):
        Keeper(settings)
    (settings.data / "secret-key").write_bytes(key)
    keeper = Keeper(settings)
    assert keeper.market_loaded is False
    keeper.close()
