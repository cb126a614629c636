"""Revisions: a counter for each attribution and each share, which every change raises by one.

On the wire a revision is the decimal text of it (`RevisionToken`), or an integer where an operation
on shares has it so. All revisions from 1 to the latest can be read.
"""

from waag.domain.attribution.refusals import ResourceUnknown, RevisionMismatch

FIRST = 1

Revision = int


def read_revision(text: str) -> Revision:
    """The revision that a RevisionToken stands for; it may be larger than a store can hold."""
    return int(text)


def check_latest(submitted: Revision, latest: Revision) -> None:
    """Refuse a change that was not made of the latest revision.

    Raises:
        RevisionMismatch: naming both.
    """
    if submitted != latest:
        raise RevisionMismatch(
            f"The submitted revision is {submitted}, but the current revision is {latest}. Read "
            "the resource again and submit the change with its current revision."
        )


def to_read(asked: Revision | None, latest: Revision, what: str) -> Revision:
    """Which revision is read: the one that is asked for, or the latest.

    Args:
        asked: None for the latest.
        latest: which that is.
        what: whose, for a person.

    Raises:
        ResourceUnknown: there is no such revision yet.
    """
    if asked is None:
        return latest
    if asked > latest:
        raise ResourceUnknown(f"{what} has no revision {asked}; its latest is {latest}.")
    return asked
