"""What the metrics of a client cost on the way of an event, in instructions: with and without them, in one run."""

from harness import instructions
from harness.table import at_most

CASES = [("handler on the I/O thread", "inline"), ("handler on its own thread", "threaded"), ("nobody interested", "ignoring")]


def measure(bench, table):
    for name, case in CASES:
        table.add(f"metrics: off, {name}", instructions.received(bench, f"{case}-unmeasured"), "instructions")
        table.add(f"metrics: on, {name}", instructions.received(bench, case), "instructions", f"metrics: off, {name}", at_most(1.03))
