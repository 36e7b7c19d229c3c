"""What the metrics of a client cost on the way of an event, in instructions: with and without them, in one run."""

from harness import instructions
from harness.table import at_most

CASES = [("handler on the I/O thread", "inline"), ("handler on its own thread", "threaded"), ("nobody interested", "ignoring")]


def least(bench, case):
    """Of a few counts: how many events one read returns differs, which is one or two of a hundred instructions."""
    counts = [instructions.received(bench, case) for _ in range(3)]
    return None if None in counts else min(counts)


def measure(bench, table):
    for name, case in CASES:
        table.add(f"metrics: off, {name}", least(bench, f"{case}-unmeasured"), "instructions")
        table.add(f"metrics: on, {name}", least(bench, case), "instructions", f"metrics: off, {name}", at_most(1.03))
