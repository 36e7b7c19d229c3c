"""Instructions of one event, counted by callgrind: the same on any machine, busy or not, apart from the system calls."""

import pathlib
import shutil
import tempfile

from harness import callgrind

EVENTS = 20_000


def countable():
    return shutil.which("valgrind") is not None


def of_one(bench, run):
    """Of one event: two runs of different length are subtracted, so that start and stop do not count. `run(count, out)`
    returns what callgrind counts of a run with so many events."""
    if not countable():
        return None
    events = EVENTS // 4 if bench.quick else EVENTS
    with tempfile.TemporaryDirectory() as folder:
        few, many = (sum(run(count, pathlib.Path(folder) / "out").values()) for count in [events // 10, events])
    return (many - few) / (events - events // 10)


def received(bench, case):
    """Of an event that bench/receive.cpp reads."""
    def run(count, out):
        with bench.replay("messages", count) as server:
            return callgrind.run([bench.path("receive"), case, server.port, count, 1], out)

    return of_one(bench, run)


def decoded(bench, way):
    """Of a message that bench/decode.cpp decodes."""
    return of_one(bench, lambda count, out: callgrind.run([bench.path("decode"), "--repeat", way, count], out))
