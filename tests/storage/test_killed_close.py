"""A close killed at any step and started again: the books are the same to the byte.

Each step is a transaction. A process of its own does the work and kills itself with SIGKILL just
before or just after a step; another goes on, as after a restart.
"""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from keeping import Kept, seats, selling, washington

from builders import agreement_definition, buyer_definition
from waag.domain.billing_terms import Collection

BUYERS = 12
TURNED = "2026-12-01T06:00:00"

WORK = """
import os, signal, sys
from pathlib import Path
sys.path[:0] = [{tests!r}, {storage!r}]
from keeping import Kept

kept = Kept(Path({path!r}), at_once=5)
steps, killed_at, after = 0, {killed_at}, {after}
book = kept.books.book

def booked(booking):
    global steps
    steps += 1
    if steps == killed_at and not after:
        os.kill(os.getpid(), signal.SIGKILL)
    book(booking)
    if steps == killed_at:
        os.kill(os.getpid(), signal.SIGKILL)

kept.books.book = booked
kept.turn({turned!r})
kept.close()
print(steps)
"""


def work(path, killed_at=0, *, after=False):
    """Do all that is due in a process of its own: how it ended, and the steps it took."""
    storage = Path(__file__).parent
    program = WORK.format(
        tests=str(storage.parent),
        storage=str(storage),
        path=str(path),
        killed_at=killed_at,
        after=after,
        turned=TURNED,
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=120
    )
    return ran.returncode, ran.stdout.strip()


def filled(path):
    """A ledger with a market, two months of usage, fees, late payers and one who never pays."""
    path.parent.mkdir(parents=True)
    kept = Kept(path)
    policies = [
        Collection(),
        Collection(pays="late", days=9),
        Collection(pays="never", written_off_days=40),
    ]
    buyers = tuple(
        buyer_definition(
            id=f"{210000000001 + number}",
            collection=policies[number % 3],
            address={"country": "US", "state": "WA"},
        )
        for number in range(BUYERS)
    )
    agreements = tuple(
        agreement_definition(
            id=f"agmt-{number}", buyer=each.id, customer_identifier=f"cust-{number}"
        )
        for number, each in enumerate(buyers)
    )
    seller = selling()["accounts"][0]
    kept.apply(
        accounts=(seller, *buyers),
        products=selling()["products"],
        agreements=agreements,
        taxes=(washington(), washington("0.031", id="wa-city", liable="Seller")),
    )
    kept.apply(**(selling() | seats()))
    for number in range(BUYERS):
        for month in (5, 6):
            for day in (3, 14):
                kept.use(
                    f"2026-{month:02}-{day:02}T10:00:00",
                    (number + 1) * day * 1_234_567,
                    customer=number + 2,
                    agreement=number + 1,
                )
    kept.close()


def dump(path):
    """The books."""
    kept = Kept(path)
    found = kept.dump()
    kept.close()
    return found


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """The books after an undisturbed run, and how many steps it took."""
    path = tmp_path_factory.mktemp("undisturbed") / "data" / "ledger.sqlite"
    filled(path)
    code, steps = work(path)
    assert code == 0
    return dump(path), int(steps)


def test_there_are_steps_to_be_killed_at(undisturbed):
    """Fees, two closes in several steps, payments, write-offs, payouts."""
    assert undisturbed[1] > 30


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("part", range(5))
def test_a_kill_leaves_no_trace(tmp_path, undisturbed, part, after):
    """Killed three times, at steps all over the run, the books are what they would have been."""
    expected, steps = undisturbed
    path = tmp_path / "data" / "ledger.sqlite"
    filled(path)
    first = 1 + part * steps // 5
    codes = [work(path, killed_at, after=after)[0] for killed_at in (first, 2, 1)]
    assert codes[0] == -signal.SIGKILL
    assert work(path)[0] == 0
    assert dump(path) == expected
