import os
import signal
import stat

import pytest
import urllib3
from click.testing import CliRunner

from server import waag_process
from waag.cli import main
from waag.storage.data_directory import DataDirectory, DataDirectoryRefused


@pytest.fixture
def data(tmp_path):
    """Where a data directory is to be."""
    return tmp_path / "some" / "data"


def refusal(path):
    """Why a data directory cannot be used."""
    with pytest.raises(DataDirectoryRefused) as refused:
        DataDirectory(path)
    return refused.value.why


def mode(path):
    """Who may do what with a file."""
    return stat.S_IMODE(path.stat().st_mode)


def counted(length):
    """Bytes that stand for random ones."""
    return bytes(range(1, length + 1))


class TestOwner:
    """One process owns the directory."""

    def test_a_second_owner_is_refused(self, data):
        """The refusal names the directory, the owner's process, and what to do."""
        first = DataDirectory(data)
        assert refusal(data) == (
            f"{data} is in use by another Waag (process {os.getpid()}). Stop that one, or give "
            "this one a directory of its own with --data."
        )
        first.release()

    def test_a_directory_that_was_released_is_free(self, data):
        """The next owner is taken once the first has let go."""
        DataDirectory(data).release()
        second = DataDirectory(data)
        assert (data / "lock").read_text() == f"{os.getpid()}\n"
        second.release()

    def test_an_owner_that_left_no_name_is_unknown(self, data):
        """An owner that has not written its process down yet is refused all the same."""
        first = DataDirectory(data)
        (data / "lock").write_text("")
        assert refusal(data) == (
            f"{data} is in use by another Waag (process unknown). Stop that one, or give this one "
            "a directory of its own with --data."
        )
        first.release()

    def test_a_longer_name_of_an_owner_before_is_gone(self, data):
        """Only the owner's own process is written down."""
        data.mkdir(parents=True)
        (data / "lock").write_text("123456789012\n")
        owner = DataDirectory(data)
        assert (data / "lock").read_text() == f"{os.getpid()}\n"
        owner.release()


class TestProcesses:
    """Ownership between processes."""

    def test_a_second_process_is_refused(self, tmp_path):
        """It exits with 1 and names the directory and the first process."""
        with waag_process(tmp_path / "data") as first:
            second = CliRunner().invoke(main, ["serve", "--port=0", f"--data={first.data}"])
        assert (second.exit_code, second.stderr) == (
            1,
            f"Error: {first.data} is in use by another Waag (process {first.process.pid}). Stop "
            "that one, or give this one a directory of its own with --data.\n",
        )

    def test_the_first_process_is_unharmed(self, tmp_path):
        """It answers as before once a second was refused."""
        with waag_process(tmp_path / "data") as first:
            CliRunner().invoke(main, ["serve", "--port=0", f"--data={first.data}"])
            health = urllib3.request("GET", f"{first.endpoint}/healthz")
        assert health.json()["status"] == "ok"

    def test_a_killed_process_leaves_no_lock(self, tmp_path):
        """Its directory is free at once."""
        with waag_process(tmp_path / "data") as first:
            first.stop(signal.SIGKILL)
            DataDirectory(first.data).release()


class TestFiles:
    """What lies in the directory, and who may read it."""

    def test_the_directory_is_its_owners_alone(self, data):
        """Nobody else may look into it."""
        DataDirectory(data).release()
        assert mode(data) == 0o700

    @pytest.mark.parametrize("name", ["secret-key", "operator-token", "lock", "ledger.sqlite"])
    def test_its_files_are_their_owners_alone(self, data, name):
        """Nobody else may read them, wherever they are moved."""
        directory = DataDirectory(data)
        directory.secret_key(counted)
        directory.operator_token(counted)
        directory.release()
        assert mode(data / name) == 0o600

    def test_nothing_else_is_left(self, data):
        """No half-written file remains."""
        directory = DataDirectory(data)
        directory.secret_key(counted)
        directory.operator_token(counted)
        directory.release()
        assert {each.name for each in data.iterdir()} == {
            "ledger.sqlite",
            "lock",
            "operator-token",
            "secret-key",
        }

    def test_the_secret_key_is_kept(self, data):
        """A key that was made is read again, not made again."""
        directory = DataDirectory(data)
        made = directory.secret_key(counted)
        assert directory.secret_key(bytes) == made
        directory.release()

    def test_the_operator_token_is_kept(self, data):
        """A token that was made is read again, not made again."""
        directory = DataDirectory(data)
        made = directory.operator_token(counted)
        assert directory.operator_token(bytes) == made
        directory.release()

    def test_an_operator_may_write_the_token(self, data):
        """A token is taken as it stands in the file, without the line's end."""
        directory = DataDirectory(data)
        (data / "operator-token").write_text("of my own\n")
        assert directory.operator_token(counted) == "of my own"
        directory.release()


class TestUnusable:
    """Directories and files that cannot be used."""

    def test_a_path_below_a_file(self, tmp_path):
        """The refusal names the path and what the operating system says."""
        (tmp_path / "file").touch()
        path = tmp_path / "file" / "data"
        assert refusal(path) == f"{path}: Not a directory."

    def test_a_path_that_is_a_file(self, tmp_path):
        """The refusal names the path and what the operating system says."""
        (tmp_path / "file").touch()
        assert refusal(tmp_path / "file") == f"{tmp_path / 'file'}: File exists."

    def test_a_secret_key_that_cannot_be_read(self, data):
        """The refusal names the file and what the operating system says."""
        directory = DataDirectory(data)
        (data / "secret-key").mkdir()
        with pytest.raises(DataDirectoryRefused) as refused:
            directory.secret_key(counted)
        assert refused.value.why == f"{data / 'secret-key'}: Is a directory."
        directory.release()

    def test_a_secret_key_of_another_length(self, data):
        """The refusal names the file, its length, and what depends on it."""
        directory = DataDirectory(data)
        (data / "secret-key").write_bytes(bytes(31))
        with pytest.raises(DataDirectoryRefused) as refused:
            directory.secret_key(counted)
        assert refused.value.why == (
            f"{data / 'secret-key'} has 31 bytes, not 32: without the key that was used the stored "
            "credentials cannot be read."
        )
        directory.release()

    @pytest.mark.parametrize("content", ["", " \n"])
    def test_an_operator_token_that_is_empty(self, data, content):
        """A token that anybody could send is none."""
        directory = DataDirectory(data)
        (data / "operator-token").write_text(content)
        with pytest.raises(DataDirectoryRefused) as refused:
            directory.operator_token(counted)
        assert refused.value.why == (
            f"{data / 'operator-token'} is empty. Write a token into it, or delete it for a new "
            "one to be made."
        )
        directory.release()
