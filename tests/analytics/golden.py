"""The files that data sets of the history are, to the byte, named as they are delivered."""

from pathlib import Path

FOLDER = Path(__file__).parent / "golden"


def golden_files() -> list[tuple[str, str]]:
    """The data set and publication date of every file."""
    found: list[tuple[str, str]] = []
    for file in sorted(FOLDER.glob("*.csv")):
        data_set, _, day = file.stem.rpartition("_")
        found.append((data_set, day))
    return found


def golden(data_set: str, day: str) -> bytes:
    """What one holds."""
    return (FOLDER / f"{data_set}_{day}.csv").read_bytes()
