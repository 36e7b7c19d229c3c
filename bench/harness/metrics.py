"""What the metrics of a client cost on the way of an event, in instructions: with and without them, in one run."""

import pathlib
import shutil
import tempfile

from harness import callgrind
from harness.table import at_most

CASES = [("handler on the I/O thread", "inline"), ("handler on its own thread", "threaded"), ("nobody interested", "ignoring")]
EVENTS = 20_000


def measure(bench, table):
    has_valgrind = shutil.which("valgrind") is not None
    for name, case in CASES:
        without = instructions(bench, f"{case}-unmeasured") if has_valgrind else None
        collecting = instructions(bench, case) if has_valgrind else None
        table.add(f"metrics: off, {name}", without, "instructions")
        table.add(f"metrics: on, {name}", collecting, "instructions", f"metrics: off, {name}", at_most(1.03))


def instructions(bench, case):
    """Of one event: two runs of different length are subtracted, so that start and stop do not count."""
    events = EVENTS // 4 if bench.quick else EVENTS
    totals = []
    with tempfile.TemporaryDirectory() as folder:
        for count in [events // 10, events]:
            with bench.replay("messages", count) as server:
                command = [bench.path("receive"), case, server.port, count, 1]
                totals.append(sum(callgrind.run(command, pathlib.Path(folder) / "out").values()))
    return (totals[1] - totals[0]) / (events - events // 10)
